// Section: text, fields, accessory.

import { renderElement } from '../elements/index.js';
import { plainText, textNodes } from '../text/plain.js';
import { h, uid } from '../ui/dom.js';
import { actionKey } from './surface.js';

export function sectionBlock(block, key, surface) {
  const textId = uid('text');
  const { accessory } = block;
  const body = h('div', { class: 'section__body' });
  if (block.text) body.append(h('div', { class: 'section__text mrkdwn', id: textId }, textNodes(block.text, surface.env)));
  if (block.fields?.length) {
    body.append(h('div', { class: 'section__fields' },
      block.fields.map((field) => h('div', { class: 'section__field mrkdwn' }, textNodes(field, surface.env)))));
  }
  const el = h('div', { class: 'section' }, body);
  if (accessory) {
    const isPlainControl = accessory.type === 'button' || accessory.type === 'overflow' || accessory.type === 'image';
    const node = renderElement(accessory, {
      surface,
      blockId: key,
      actionId: actionKey(accessory),
      label: plainText(block.text),
      labelledBy: !isPlainControl && block.text && !accessory.accessibility_label ? textId : null,
      dispatch: true,
    });
    if (node) el.append(h('div', { class: `section__accessory section__accessory--${accessory.type}` }, node));
  }
  return el;
}
