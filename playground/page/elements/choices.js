// Checkboxes and radio buttons.

import { plainText, textNodes } from '../text/plain.js';
import { h, setAttr, uid } from '../ui/dom.js';
import { changeValue, nameOf } from './element.js';

const sameOption = (a, b) => (a?.value ?? null) === (b?.value ?? null) && plainText(a?.text) === plainText(b?.text);

function group(element, p, role, rows) {
  const el = h('div', { class: 'choices', role }, rows);
  if (p.labelledBy) el.setAttribute('aria-labelledby', p.labelledBy);
  else el.setAttribute('aria-label', nameOf(element, p));
  setAttr(el, 'aria-describedby', p.describedBy);
  return el;
}

function row(type, option, name, checked, p, onChange) {
  const id = uid('choice');
  const descriptionId = option.description ? uid('choice') : null;
  const input = h('input', { type, id, name, checked, 'aria-describedby': descriptionId, on: { change: onChange } });
  const el = h('div', { class: 'choice' }, input,
    h('div', { class: 'choice__text' },
      h('label', { class: 'choice__label mrkdwn', for: id }, textNodes(option.text, p.surface.env)),
      option.description ? h('div', { class: 'choice__description mrkdwn', id: descriptionId }, textNodes(option.description, p.surface.env)) : null));
  return { input, el };
}

export function checkboxesElement(element, p) {
  const options = element.options ?? [];
  const value = p.surface.value(p.blockId, p.actionId, element.type, () => ({ selected_options: element.initial_options ?? [] }));
  let shown = options.map((option) => value.selected_options.some((other) => sameOption(option, other)));
  const rows = options.map((option, index) => row('checkbox', option, undefined, shown[index], p, changed));
  async function changed() {
    const wanted = rows.map(({ input }) => input.checked);
    if (await changeValue(element, p, { selected_options: options.filter((_, index) => wanted[index]) })) shown = wanted;
    else rows.forEach(({ input }, index) => { input.checked = shown[index]; });
  }
  return group(element, p, 'group', rows.map(({ el }) => el));
}

export function radioElement(element, p) {
  const options = element.options ?? [];
  const value = p.surface.value(p.blockId, p.actionId, element.type, () => ({ selected_option: element.initial_option ?? null }));
  let shown = options.findIndex((option) => value.selected_option && sameOption(option, value.selected_option));
  const name = uid('radio');
  const rows = options.map((option, index) => row('radio', option, name, index === shown, p, () => changed(index)));
  async function changed(index) {
    if (await changeValue(element, p, { selected_option: options[index] })) shown = index;
    else rows.forEach(({ input }, at) => { input.checked = at === shown; });
  }
  return group(element, p, 'radiogroup', rows.map(({ el }) => el));
}
