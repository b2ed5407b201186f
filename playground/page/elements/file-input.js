// File fields: shown, and honest about what the playground cannot do.

import { h, setAttr } from '../ui/dom.js';
import { icon } from '../ui/icons.js';
import { nameOf } from './element.js';

export function fileElement(element, p) {
  p.surface.value(p.blockId, p.actionId, element.type, () => ({ files: [] }));
  const kinds = element.filetypes?.length ? `Takes ${element.filetypes.join(', ')}. ` : '';
  const el = h('div', { class: 'file-input', role: 'group' }, icon('file', 20),
    h('span', {}, `${kinds}The playground cannot upload files from a form: the app is sent an empty list.`));
  if (p.labelledBy) el.setAttribute('aria-labelledby', p.labelledBy);
  else el.setAttribute('aria-label', nameOf(element, p));
  setAttr(el, 'aria-describedby', p.describedBy);
  return el;
}
