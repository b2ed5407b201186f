// Short messages about what went wrong, over everything else, announced to screen readers.

import { h } from './dom.js';
import { icon } from './icons.js';

const SHOWN_FOR = 7000;
let stack = null;

/** The stack follows the top dialog: outside of it, it would be inert and silent. */
function ensureStack() {
  const home = [...document.querySelectorAll('dialog[open]')].at(-1) ?? document.body;
  if (!stack) stack = h('div', { class: 'toasts', popover: 'manual', role: 'alert', 'aria-live': 'assertive' });
  if (stack.parentElement !== home) home.append(stack);
  if (stack.matches(':popover-open')) stack.hidePopover();
  stack.showPopover();
  return stack;
}

export function toast(message, { kind = 'error' } = {}) {
  const host = ensureStack();
  const text = String(message);
  for (const other of host.children) if (other.dataset.text === text) other.remove();
  const el = h('div', { class: `toast toast--${kind}`, dataset: { text } },
    icon(kind === 'error' ? 'warning' : 'info', 18),
    h('p', { class: 'toast__text' }, text),
    h('button', { class: 'icon-button', type: 'button', 'aria-label': 'Hide this notice', on: { click: () => remove() } }, icon('close', 16)));
  const timer = setTimeout(() => remove(), SHOWN_FOR);
  function remove() {
    clearTimeout(timer);
    el.remove();
    if (!host.childElementCount && host.matches(':popover-open')) host.hidePopover();
  }
  host.append(el);
  while (host.childElementCount > 3) host.firstElementChild.remove();
}

/** For dialogs about to close: their toasts would go with them. */
export function rescueToasts() {
  if (stack?.childElementCount) {
    document.body.append(stack);
    if (!stack.matches(':popover-open')) stack.showPopover();
  }
}
