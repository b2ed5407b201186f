// Block Kit elements by type.

import { h } from '../ui/dom.js';
import { buttonElement } from './button.js';
import { checkboxesElement, radioElement } from './choices.js';
import { feedbackElement, iconButtonElement } from './context-buttons.js';
import { dateElement, dateTimeElement, timeElement } from './dates.js';
import { fileElement } from './file-input.js';
import { imageElement } from './image.js';
import { richTextElement } from './rich-text-input.js';
import { selectElement, SELECT_TYPES } from './select.js';
import { overflowElement } from './overflow.js';
import { numberElement, plainTextElement, typedTextElement } from './text-input.js';

const RENDERERS = {
  button: buttonElement,
  workflow_button: buttonElement,
  icon_button: iconButtonElement,
  feedback_buttons: feedbackElement,
  overflow: overflowElement,
  checkboxes: checkboxesElement,
  radio_buttons: radioElement,
  datepicker: dateElement,
  timepicker: timeElement,
  datetimepicker: dateTimeElement,
  plain_text_input: plainTextElement,
  number_input: numberElement,
  email_text_input: typedTextElement('email'),
  url_text_input: typedTextElement('url'),
  rich_text_input: richTextElement,
  file_input: fileElement,
  image: imageElement,
};
for (const type of SELECT_TYPES) RENDERERS[type] = selectElement;

/** Elements whose own group, not a single field, carries the label. */
export const isGroup = (element) => ['checkboxes', 'radio_buttons', 'rich_text_input', 'file_input'].includes(element?.type);

/**
 * @param {object} element the Slack element
 * @param {object} p {surface, blockId, actionId, id, label, labelledBy, describedBy, optional, dispatch, inInput}
 */
export function renderElement(element, p) {
  const visibleTo = element.visible_to_user_ids;
  if (Array.isArray(visibleTo) && visibleTo.length && !visibleTo.includes(p.surface.env.me.id)) return null;
  const render = RENDERERS[element.type];
  if (!render) return h('span', { class: 'unsupported' }, `Unsupported element: ${element.type}`);
  const node = render(element, p);
  node.dataset.block = p.blockId;
  node.dataset.action = p.actionId;
  return node;
}
