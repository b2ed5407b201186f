// The small buttons under an answer: icons, and thumbs up or down.

import { plainText } from '../text/plain.js';
import { askConfirm } from '../ui/confirm.js';
import { h } from '../ui/dom.js';
import { icon } from '../ui/icons.js';
import { whileBusy } from './button.js';

const DRAWINGS = { trash: 'trash', delete: 'trash', copy: 'copy', refresh: 'refresh', edit: 'edit', star: 'star', link: 'link', check: 'check', close: 'close' };

function small(words, drawing, label, act) {
  const button = h('button', { class: 'button button--small', type: 'button', 'aria-label': label && label !== words ? label : null },
    drawing ? icon(drawing, 16) : null, h('span', { class: 'button__text' }, words));
  button.addEventListener('click', () => act(button));
  return button;
}

export function iconButtonElement(element, p) {
  const words = plainText(element.text) || element.icon;
  return small(words, DRAWINGS[element.icon] ?? 'circle', element.accessibility_label, async (button) => {
    if (!(await askConfirm(element.confirm, p.surface.env))) return;
    await whileBusy(button, () => p.surface.act(p.blockId, { type: 'icon_button', action_id: p.actionId, icon: element.icon, text: element.text, value: element.value }));
  });
}

export function feedbackElement(element, p) {
  const thumb = (choice, drawing) => small(plainText(choice.text), drawing, choice.accessibility_label, async (button) => {
    await whileBusy(button, () => p.surface.act(p.blockId, { type: 'feedback_buttons', action_id: p.actionId, text: choice.text, value: choice.value }));
    for (const other of button.parentElement.children) other.setAttribute('aria-pressed', String(other === button));
  });
  return h('span', { class: 'element feedback', role: 'group', 'aria-label': 'Feedback' },
    element.positive_button ? thumb(element.positive_button, 'up') : null,
    element.negative_button ? thumb(element.negative_button, 'unlike') : null);
}
