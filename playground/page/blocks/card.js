// Cards, and the carousel that shows them side by side.

import { picture } from '../elements/image.js';
import { renderElement } from '../elements/index.js';
import { textNodes } from '../text/plain.js';
import { h } from '../ui/dom.js';
import { icon } from '../ui/icons.js';
import { renderBlocks } from './index.js';
import { actionKey } from './surface.js';

export function cardBlock(block, key, surface) {
  const words = (text, className) => (text ? h('div', { class: `${className} mrkdwn` }, textNodes(text, surface.env)) : null);
  const actions = (block.actions ?? []).map((element, index) => renderElement(element, { surface, blockId: key, actionId: actionKey(element, index), dispatch: true })).filter(Boolean);
  return h('div', { class: 'card' },
    block.hero_image ? picture(block.hero_image, 'card__hero') : null,
    h('div', { class: 'card__content' },
      block.icon || block.title || block.subtitle ? h('div', { class: 'card__head' },
        block.icon ? picture(block.icon, 'card__icon') : null,
        h('div', { class: 'card__names' }, words(block.title, 'card__title'), words(block.subtitle, 'card__subtitle'))) : null,
      words(block.body, 'card__body'),
      actions.length ? h('div', { class: 'actions' }, actions) : null));
}

export function carouselBlock(block, _key, surface) {
  const cards = block.elements ?? [];
  const track = h('div', { class: 'carousel__track', role: 'group', tabindex: '0', 'aria-label': `${cards.length} cards, side by side` });
  renderBlocks(track, cards, surface, { nested: true });
  const turn = (step, name, drawing) => h('button', {
    class: 'icon-button carousel__turn', type: 'button', 'aria-label': name,
    on: { click: () => track.scrollBy({ left: step * track.clientWidth * 0.9, behavior: 'smooth' }) },
  }, icon(drawing, 18));
  const back = turn(-1, 'Earlier cards', 'back');
  const next = turn(1, 'Further cards', 'next');
  const turns = h('div', { class: 'carousel__turns' }, back, next);
  const follow = () => {
    const room = track.scrollWidth - track.clientWidth;
    turns.hidden = room < 2;
    back.disabled = track.scrollLeft < 2;
    next.disabled = track.scrollLeft > room - 2;
  };
  track.addEventListener('scroll', follow, { passive: true });
  new ResizeObserver(follow).observe(track);
  return h('div', { class: 'carousel' }, track, turns);
}
