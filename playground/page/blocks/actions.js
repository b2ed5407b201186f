// A row of interactive elements.

import { renderElement } from '../elements/index.js';
import { h } from '../ui/dom.js';
import { actionKey } from './surface.js';

const rowOf = (className) => (block, key, surface) => h('div', { class: className }, (block.elements ?? []).map((element, index) => renderElement(element, {
  surface, blockId: key, actionId: actionKey(element, index), dispatch: true,
})));

export const actionsBlock = rowOf('actions');

/** What one may do with the message above: thumbs, copy, and the like. */
export const contextActionsBlock = rowOf('actions actions--context');
