// Input: label, element, hint, and room for an error.

import { isGroup, renderElement } from '../elements/index.js';
import { plainText } from '../text/plain.js';
import { fill, h, setAttr, uid } from '../ui/dom.js';
import { icon } from '../ui/icons.js';
import { actionKey } from './surface.js';

export function inputBlock(block, key, surface) {
  const ids = { field: uid('field'), label: uid('label'), hint: uid('hint'), error: uid('error'), optional: uid('optional') };
  const group = isGroup(block.element);
  const describedBy = [block.optional && ids.optional, block.hint && ids.hint, ids.error].filter(Boolean).join(' ');
  const node = renderElement(block.element ?? {}, {
    surface,
    blockId: key,
    actionId: actionKey(block.element ?? {}),
    id: ids.field,
    label: plainText(block.label),
    labelledBy: ids.label,
    describedBy,
    optional: block.optional === true,
    dispatch: block.dispatch_action === true,
    inInput: true,
  });
  const label = plainText(block.label);
  const error = h('div', { class: 'input__error', id: ids.error });
  error.hidden = true;
  const el = h('div', { class: 'input', dataset: { inputBlock: key } },
    h('div', { class: 'input__head' },
      h(group ? 'span' : 'label', { class: 'input__label', id: ids.label, for: group ? null : ids.field }, label),
      block.optional ? h('span', { class: 'input__optional', id: ids.optional }, '(optional)') : null),
    node,
    error,
    block.hint ? h('div', { class: 'input__hint', id: ids.hint }, plainText(block.hint)) : null);
  el.showError = (message) => {
    error.hidden = !message;
    fill(error, message ? [icon('warning', 16), h('span', {}, message)] : []);
    el.classList.toggle('has-error', Boolean(message));
    for (const control of el.querySelectorAll('input, textarea, [role=textbox]')) setAttr(control, 'aria-invalid', message ? 'true' : null);
  };
  return el;
}

/** Shows errors under their fields; returns the first field with one. */
export function showFieldErrors(container, errors) {
  let first = null;
  for (const el of container.querySelectorAll('[data-input-block]')) {
    const message = errors[el.dataset.inputBlock];
    el.showError(message ?? '');
    if (message && !first) first = el.querySelector('input, textarea, [role=textbox], button');
  }
  return first;
}
