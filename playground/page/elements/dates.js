// Date, time and date-time pickers: the browser's own fields, in the person's time zone.

import { zonedLocal, zonedSeconds } from '../text/dates.js';
import { plainText } from '../text/plain.js';
import { h } from '../ui/dom.js';
import { changeValue, describe } from './element.js';

/** A field that is being typed into reports half a date; it counts from a plausible year on. */
const plausible = (text) => text === '' || !/^\d{4}-/.test(text) || Number(text.slice(0, 4)) >= 1900;

function picker(element, p, { type, key, name, toField, fromField, empty }) {
  const value = p.surface.value(p.blockId, p.actionId, element.type, () => ({ [key]: element[`initial_${key.replace('selected_', '')}`] ?? null }));
  let accepted = value[key];
  const input = h('input', { class: 'field field--picker', type, value: toField(accepted), title: plainText(element.placeholder) || null });
  describe(input, element, { ...p, label: p.label || name });
  const changed = async (dispatch) => {
    if (!plausible(input.value)) return;
    const next = input.value ? fromField(input.value) : empty;
    if (next === accepted) return;
    if (await changeValue(element, p, { [key]: next }, { dispatch })) accepted = next;
    else input.value = toField(accepted);
  };
  // Browsers report every digit that makes a valid date. The app is told once the field is left,
  // with Enter, or when a day is picked with the pointer.
  let typing = false;
  input.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && p.dispatch) {
      event.preventDefault();
      changed(true);
    } else if (event.key !== 'Tab') typing = true;
  });
  input.addEventListener('pointerdown', () => { typing = false; });
  input.addEventListener('change', () => {
    if (!p.dispatch || !typing) changed(p.dispatch);
  });
  input.addEventListener('input', () => {
    if (!p.dispatch) changed(false);
  });
  input.addEventListener('blur', () => {
    typing = false;
    if (p.dispatch) changed(true);
  });
  return h('span', { class: 'element' }, input);
}

export const dateElement = (element, p) => picker(element, p, {
  type: 'date', name: 'Date', key: 'selected_date', toField: (value) => value ?? '', fromField: (text) => text, empty: null,
});

export const timeElement = (element, p) => picker(element, p, {
  type: 'time', name: 'Time', key: 'selected_time', toField: (value) => value ?? '', fromField: (text) => text.slice(0, 5), empty: null,
});

export function dateTimeElement(element, p) {
  const { tz } = p.surface.env.me;
  return picker(element, p, {
    type: 'datetime-local',
    name: 'Date and time',
    key: 'selected_date_time',
    toField: (value) => (value ? zonedLocal(value, tz) : ''),
    fromField: (text) => zonedSeconds(text, tz),
    empty: null,
  });
}
