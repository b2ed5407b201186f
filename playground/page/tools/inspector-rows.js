// The rows of the inspector: thousands are known, only those in sight are drawn.

import { h, setAttr, uid } from '../ui/dom.js';

const ROW = 30;
const SPARE = 8;

/**
 * A listbox over any number of rows, all of the same height.
 * @param {{label: string, draw: (item: object) => Node[], failed: (item: object) => boolean, onSelect: (item: object | null) => void}} o
 */
export function createRows(o) {
  const id = uid('rows');
  const space = h('div', { class: 'rows__space' });
  const el = h('div', { class: 'rows', role: 'listbox', tabindex: '0', id, 'aria-label': o.label }, space);
  let items = [];
  let selected = null;
  let follow = true;
  let frame = 0;
  const drawn = new Map();

  function row(item, index) {
    const node = drawn.get(item) ?? h('div', { class: 'rows__row', role: 'option', id: `${id}-${item.id}`, on: { click: () => select(item) } }, o.draw(item));
    node.style.top = `${index * ROW}px`;
    node.classList.toggle('is-failed', o.failed(item));
    node.setAttribute('aria-selected', String(item === selected));
    node.setAttribute('aria-setsize', String(items.length));
    node.setAttribute('aria-posinset', String(index + 1));
    return node;
  }

  function paint() {
    frame = 0;
    space.style.height = `${items.length * ROW}px`;
    if (follow) el.scrollTop = el.scrollHeight;
    const first = Math.max(0, Math.floor(el.scrollTop / ROW) - SPARE);
    const last = Math.min(items.length, Math.ceil((el.scrollTop + el.clientHeight) / ROW) + SPARE);
    const wanted = new Map();
    for (let index = first; index < last; index += 1) wanted.set(items[index], row(items[index], index));
    for (const [item, node] of drawn) if (!wanted.has(item)) node.remove();
    drawn.clear();
    for (const [item, node] of wanted) {
      drawn.set(item, node);
      if (!node.isConnected) space.append(node);
    }
    setAttr(el, 'aria-activedescendant', selected && drawn.has(selected) ? `${id}-${selected.id}` : null);
  }

  function soon() {
    if (!frame) frame = requestAnimationFrame(paint);
  }

  function select(item) {
    selected = item;
    const index = items.indexOf(item);
    if (index >= 0) {
      const top = index * ROW;
      follow = index === items.length - 1;
      if (top < el.scrollTop) el.scrollTop = top;
      else if (top + ROW > el.scrollTop + el.clientHeight) el.scrollTop = top + ROW - el.clientHeight;
    }
    paint();
    o.onSelect(item);
  }

  el.addEventListener('scroll', () => {
    follow = el.scrollHeight - el.scrollTop - el.clientHeight < ROW;
    soon();
  }, { passive: true });
  el.addEventListener('keydown', (event) => {
    const at = items.indexOf(selected);
    const page = Math.max(1, Math.floor(el.clientHeight / ROW) - 1);
    const from = at < 0 ? items.length : at;
    const moves = { ArrowDown: at < 0 ? items.length - 1 : at + 1, ArrowUp: from - 1, PageDown: from + page, PageUp: from - page, Home: 0, End: items.length - 1 };
    if (!(event.key in moves) || !items.length) return;
    event.preventDefault();
    select(items[Math.max(0, Math.min(items.length - 1, moves[event.key]))]);
  });
  new ResizeObserver(soon).observe(el);

  return {
    el,
    show(next) {
      items = next;
      if (selected && !items.includes(selected)) {
        selected = null;
        o.onSelect(null);
      }
      soon();
    },
    select,
  };
}
