// Shared by the elements: reading and changing their value, and acting with a busy state.

import { setAttr } from '../ui/dom.js';
import { plainText } from '../text/plain.js';
import { askConfirm } from '../ui/confirm.js';

/**
 * Changes an element's value; outside of plain inputs that is also a block action.
 * @returns {Promise<boolean>} false when the person took it back in the confirm dialog
 */
export async function changeValue(element, p, value, { dispatch = p.dispatch, busy } = {}) {
  const full = { type: element.type, ...value };
  if (!dispatch) {
    p.surface.set(p.blockId, p.actionId, full);
    return true;
  }
  if (!(await askConfirm(element.confirm, p.surface.env))) return false;
  p.surface.set(p.blockId, p.actionId, full);
  busy?.(true);
  await p.surface.act(p.blockId, { ...full, action_id: p.actionId });
  busy?.(false);
  return true;
}

/** Name and description of a single field. */
export function describe(control, element, p) {
  if (p.inInput) control.id = p.id;
  else if (p.labelledBy) control.setAttribute('aria-labelledby', p.labelledBy);
  else control.setAttribute('aria-label', nameOf(element, p));
  setAttr(control, 'aria-describedby', p.describedBy);
  if (p.inInput && !p.optional) control.setAttribute('aria-required', 'true');
}

export const nameOf = (element, p) => element.accessibility_label ?? (plainText(element.placeholder) || p.label || 'Choose');
