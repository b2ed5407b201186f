// A row of interactive elements.

import { renderElement } from '../elements/index.js';
import { h } from '../ui/dom.js';
import { actionKey } from './surface.js';

export function actionsBlock(block, key, surface) {
  return h('div', { class: 'actions' }, (block.elements ?? []).map((element, index) => renderElement(element, {
    surface, blockId: key, actionId: actionKey(element, index), dispatch: true,
  })));
}
