// data_visualization: a picture, a legend, and the same as a table.

import { h, uid } from '../ui/dom.js';
import { svg } from '../ui/svg.js';
import { drawChart, formatNumber, mark, readChart } from './chart-drawing.js';

const KINDS = { bar: 'Bar chart', line: 'Line chart', area: 'Area chart', pie: 'Pie chart' };

function sign(index, kind) {
  const el = svg('svg', { class: 'chart__sign', width: 14, height: 14, viewBox: '0 0 14 14', 'aria-hidden': 'true' });
  const plain = kind === 'bar' || kind === 'pie';
  el.append(plain ? svg('rect', { class: `chart__fill chart__s${index + 1}`, x: 1, y: 1, width: 12, height: 12, rx: 3 }) : mark(index, 7, 7));
  return el;
}

function legend(chart, { categories, series }) {
  const isPie = chart.type === 'pie';
  if (!isPie && series.length < 2) return null;
  const names = isPie ? categories : series.map(({ name }) => name);
  const total = isPie ? series[0].values.reduce((sum, value) => sum + Math.max(0, value || 0), 0) : 0;
  return h('ul', { class: 'chart__legend' }, names.map((name, index) => h('li', {}, sign(index, chart.type), h('span', {}, name),
    isPie && total ? h('span', { class: 'chart__share' }, `${Math.round((series[0].values[index] / total) * 100)} %`) : null)));
}

function table(title, chart, { categories, series }) {
  return h('table', { class: 'table' },
    h('caption', { class: 'sr-only' }, title),
    h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, chart.axis_config?.x_label || 'Category'), series.map(({ name }) => h('th', { scope: 'col', class: 'cell--right' }, name)))),
    h('tbody', {}, categories.map((name, index) => h('tr', {}, h('th', { scope: 'row' }, name), series.map(({ values }) => h('td', { class: 'cell--right' }, formatNumber(values[index])))))));
}

export function chartBlock(block) {
  const chart = block.chart ?? {};
  if (!KINDS[chart.type]) return h('div', { class: 'unsupported' }, `Unsupported chart: ${chart.type ?? 'without type'}`);
  const data = readChart(chart);
  const titleId = uid('chart');
  const picture = h('div', { class: 'chart__picture', role: 'img', 'aria-label': `${KINDS[chart.type]}: ${block.title}. Its numbers are in the table below.` });
  let drawn = 0;
  new ResizeObserver(([entry]) => {
    const width = Math.floor(entry.contentRect.width);
    if (!width || width === drawn) return;
    drawn = width;
    picture.replaceChildren(drawChart(chart, width));
  }).observe(picture);
  return h('figure', { class: 'chart', 'aria-labelledby': titleId },
    h('figcaption', { class: 'chart__title', id: titleId }, block.title ?? ''),
    picture, legend(chart, data),
    h('details', { class: 'chart__table' }, h('summary', {}, 'Show as table'),
      h('div', { class: 'table-scroll', tabindex: '0', role: 'group', 'aria-label': `${block.title} as a table` }, table(block.title, chart, data))));
}
