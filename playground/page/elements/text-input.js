// Text, number, e-mail and url fields.

import { plainText } from '../text/plain.js';
import { h, uid } from '../ui/dom.js';
import { changeValue, describe } from './element.js';

const NEAR_LIMIT = 50;

function field(element, p, control) {
  const value = p.surface.value(p.blockId, p.actionId, element.type, () => ({ value: element.initial_value ?? null }));
  control.value = value.value ?? '';
  control.placeholder = plainText(element.placeholder);
  describe(control, element, p);
  if (element.focus_on_load) control.dataset.focusOnLoad = 'true';
  const triggers = element.dispatch_action_config?.trigger_actions_on ?? ['on_enter_pressed'];
  const read = () => ({ value: control.value === '' ? null : control.value });
  let timer = 0;
  control.addEventListener('input', () => {
    changeValue(element, p, read(), { dispatch: false });
    if (p.dispatch && triggers.includes('on_character_entered')) {
      clearTimeout(timer);
      timer = setTimeout(() => changeValue(element, p, read()), 250);
    }
  });
  control.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.isComposing) return;
    if (p.dispatch && triggers.includes('on_enter_pressed') && !event.shiftKey) {
      event.preventDefault();
      clearTimeout(timer);
      changeValue(element, p, read());
    }
  });
  return control;
}

export function plainTextElement(element, p) {
  const control = field(element, p, element.multiline
    ? h('textarea', { class: 'field field--area', rows: '4' })
    : h('input', { class: 'field', type: 'text', autocomplete: 'off' }));
  const wrapper = h('span', { class: 'element element--text' }, control);
  if (element.max_length) {
    const counter = h('span', { class: 'field-counter', id: uid('counter'), role: 'status', 'aria-label': 'Characters left' });
    const count = () => {
      const left = element.max_length - control.value.length;
      const near = left <= Math.min(NEAR_LIMIT, element.max_length / 2);
      counter.textContent = near ? String(left) : '';
      counter.classList.toggle('is-over', left < 0);
    };
    control.addEventListener('input', count);
    count();
    wrapper.append(counter);
  }
  return wrapper;
}

export function numberElement(element, p) {
  return h('span', { class: 'element element--text' },
    field(element, p, h('input', { class: 'field', type: 'text', inputmode: element.is_decimal_allowed ? 'decimal' : 'numeric', autocomplete: 'off' })));
}

export const typedTextElement = (type) => (element, p) => h('span', { class: 'element element--text' },
  field(element, p, h('input', { class: 'field', type, autocomplete: 'off' })));
