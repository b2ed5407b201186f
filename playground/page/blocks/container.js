// A container: blocks under a title of their own, which may be folded away.

import { picture } from '../elements/image.js';
import { plainText, textNodes } from '../text/plain.js';
import { renderRichText } from '../text/richtext.js';
import { h, uid } from '../ui/dom.js';
import { icon } from '../ui/icons.js';
import { renderBlocks } from './index.js';

const WIDTHS = new Set(['narrow', 'standard', 'wide', 'full']);

export function containerBlock(block, key, surface) {
  const inner = h('div', { class: 'container__blocks', id: uid('container') });
  renderBlocks(inner, block.child_blocks ?? [], surface, { nested: true });
  const name = block.rich_text_title ? renderRichText(block.rich_text_title, surface.env) : plainText(block.title);
  const head = [
    block.icon ? picture(block.icon, 'container__icon') : null,
    h('span', { class: 'container__names' }, name ? h('span', { class: 'container__title' }, name) : null,
      block.subtitle ? h('span', { class: 'container__subtitle' }, textNodes(block.subtitle, surface.env)) : null),
  ];
  const hasHead = Boolean(name || block.subtitle || block.icon);
  const el = h('section', { class: `container container--${WIDTHS.has(block.width) ? block.width : 'standard'}${block.has_header_divider ? ' has-line' : ''}` });
  if (block.is_collapsible) {
    // What a person folded stays so while the app updates the view.
    let folded = surface.folded.get(key) ?? block.default_collapsed === true;
    const toggle = h('button', { class: 'container__head', type: 'button', 'aria-controls': inner.id, dataset: { fold: key } }, head, h('span', { class: 'container__arrow' }, icon('chevron', 16)));
    if (!hasHead) toggle.setAttribute('aria-label', 'More');
    const show = () => {
      inner.hidden = folded;
      toggle.setAttribute('aria-expanded', String(!folded));
    };
    toggle.addEventListener('click', () => {
      folded = !folded;
      surface.folded.set(key, folded);
      show();
    });
    show();
    el.append(toggle);
  } else if (hasHead) {
    el.append(h('div', { class: 'container__head' }, head));
  }
  el.append(inner);
  return el;
}
