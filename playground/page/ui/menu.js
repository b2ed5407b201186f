// A menu behind a button: arrow keys, Home, End, typing, Esc.

import { h } from './dom.js';
import { openPopover } from './popover.js';

/**
 * @param {HTMLElement} button gets aria-haspopup, aria-expanded and the click handler
 * @param {() => {label: string, description?: string, href?: string, checked?: boolean, lead?: Node,
 *   danger?: boolean, select?: () => void, heading?: boolean}[]} items
 */
export function attachMenu(button, items, { label, align = 'end', className = '' } = {}) {
  let popover = null;
  button.setAttribute('aria-haspopup', 'menu');
  button.setAttribute('aria-expanded', 'false');

  function open(focusLast = false) {
    const list = h('div', { class: `menu ${className}`, role: 'menu', 'aria-label': label });
    for (const item of items()) list.append(menuRow(item, () => popover?.close()));
    list.addEventListener('keydown', (event) => onKey(event, list));
    button.setAttribute('aria-expanded', 'true');
    popover = openPopover(button, list, {
      align,
      maxHeight: 420,
      onClose: () => {
        const inside = list.contains(document.activeElement) || document.activeElement === document.body;
        popover = null;
        button.setAttribute('aria-expanded', 'false');
        if (inside) button.focus();
      },
    });
    const rows = rowsOf(list);
    (focusLast ? rows.at(-1) : rows.find((row) => row.getAttribute('aria-checked') === 'true') ?? rows[0])?.focus();
  }

  button.addEventListener('click', () => (popover ? popover.close() : open()));
  button.addEventListener('keydown', (event) => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      event.stopPropagation();
      if (!popover) open(event.key === 'ArrowUp');
    }
  });

  function onKey(event, list) {
    const rows = rowsOf(list);
    const at = rows.indexOf(document.activeElement);
    const moves = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 };
    if (event.key in moves) {
      event.preventDefault();
      event.stopPropagation();
      rows[(moves[event.key] + rows.length) % rows.length]?.focus();
    } else if (event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      popover.close();
      button.focus();
    } else if (event.key === 'Tab') {
      popover.close();
    } else if (event.key.length === 1 && /\S/.test(event.key)) {
      const wanted = event.key.toLowerCase();
      const order = [...rows.slice(at + 1), ...rows.slice(0, at + 1)];
      order.find((row) => row.textContent.trim().toLowerCase().startsWith(wanted))?.focus();
    }
  }
}

const rowsOf = (list) => [...list.querySelectorAll('[role^="menuitem"]')];

function menuRow(item, close) {
  if (item.heading) return h('div', { class: 'menu__heading', role: 'presentation' }, item.label);
  const checkable = item.checked !== undefined;
  return h(item.href ? 'a' : 'button', {
    class: `menu__item${item.danger ? ' menu__item--danger' : ''}`,
    role: checkable ? 'menuitemradio' : 'menuitem',
    'aria-checked': checkable ? String(item.checked) : null,
    href: item.href,
    type: item.href ? null : 'button',
    tabIndex: -1,
    on: {
      click: () => {
        close();
        item.select?.();
      },
    },
  }, item.lead, h('span', { class: 'menu__text' },
    h('span', { class: 'menu__label' }, item.label),
    item.description ? h('span', { class: 'menu__description' }, item.description) : null));
}
