// The "..." menu.

import { plainText } from '../text/plain.js';
import { askConfirm } from '../ui/confirm.js';
import { h, safeUrl } from '../ui/dom.js';
import { icon } from '../ui/icons.js';
import { attachMenu } from '../ui/menu.js';
import { whileBusy } from './button.js';

export function overflowElement(element, p) {
  const label = element.accessibility_label ?? 'More options';
  const button = h('button', { class: 'button button--icon', type: 'button', 'aria-label': label }, icon('more', 18));
  const choose = async (option) => {
    if (!(await askConfirm(element.confirm, p.surface.env))) return;
    if (option.url && safeUrl(option.url)) window.open(safeUrl(option.url), '_blank', 'noopener,noreferrer');
    await whileBusy(button, () => p.surface.act(p.blockId, { type: 'overflow', action_id: p.actionId, selected_option: option }));
  };
  attachMenu(button, () => (element.options ?? []).map((option) => ({
    label: plainText(option.text),
    description: plainText(option.description),
    select: () => choose(option),
  })), { label });
  return h('span', { class: 'element element--overflow' }, button);
}
