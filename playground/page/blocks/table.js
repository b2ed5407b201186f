// Tables: the plain one and the paged data table.

import { renderRichText } from '../text/richtext.js';
import { fill, h, uid } from '../ui/dom.js';

const DEFAULT_PAGE = 5;

function cellContent(cell, env) {
  if (!cell) return '';
  if (cell.type === 'rich_text') return renderRichText(cell, env);
  if (cell.type === 'raw_number') return cell.text ?? String(cell.value ?? '');
  return cell.text ?? '';
}

function rowOf(cells, tag, settings, env, headerColumn = -1) {
  return h('tr', {}, cells.map((cell, column) => {
    const setting = settings[column] ?? {};
    const align = ['left', 'center', 'right'].includes(setting.align) ? setting.align : cell?.type === 'raw_number' ? 'right' : 'left';
    const head = tag === 'th' || column === headerColumn;
    return h(head ? 'th' : 'td', {
      class: `cell--${align}${setting.is_wrapped ? ' cell--wrapped' : ''}`,
      scope: tag === 'th' ? 'col' : head ? 'row' : null,
    }, cellContent(cell, env));
  }));
}

export function tableBlock(block, _key, surface) {
  const [head, ...rows] = block.rows ?? [];
  const settings = block.column_settings ?? [];
  const table = h('table', { class: 'table' },
    head ? h('thead', {}, rowOf(head, 'th', settings, surface.env)) : null,
    h('tbody', {}, rows.map((row) => rowOf(row, 'td', settings, surface.env))));
  return h('div', { class: 'table-scroll', tabindex: '0', role: 'group', 'aria-label': 'Table' }, table);
}

export function dataTableBlock(block, _key, surface) {
  const [head = [], ...rows] = block.rows ?? [];
  const size = block.page_size ?? DEFAULT_PAGE;
  const pages = Math.max(1, Math.ceil(rows.length / size));
  const headerColumn = block.row_header_column_index ?? 0;
  const numeric = head.map((_, column) => ({ align: rows.length && rows.every((row) => row[column]?.type === 'raw_number') ? 'right' : 'left' }));
  const captionId = uid('caption');
  const body = h('tbody');
  const place = h('span', { class: 'data-table__place', role: 'status' });
  let page = 0;
  const turn = (step, name) => h('button', { class: 'button button--small', type: 'button', on: { click: () => show(page + step) } }, name);
  const back = turn(-1, 'Previous');
  const next = turn(1, 'Next');
  function show(wanted) {
    page = wanted;
    fill(body, rows.slice(page * size, (page + 1) * size).map((row) => rowOf(row, 'td', numeric, surface.env, headerColumn)));
    place.textContent = `Page ${page + 1} of ${pages}`;
    back.disabled = page === 0;
    next.disabled = page === pages - 1;
  }
  show(0);
  return h('div', { class: 'data-table' },
    h('div', { class: 'table-scroll', tabindex: '0', role: 'group', 'aria-labelledby': captionId },
      h('table', { class: 'table' }, h('caption', { id: captionId }, block.caption ?? ''), h('thead', {}, rowOf(head, 'th', numeric, surface.env)), body)),
    pages > 1 ? h('div', { class: 'data-table__pages' }, back, place, next) : null);
}
