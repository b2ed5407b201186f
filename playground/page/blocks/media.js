// Videos as link cards, and files.

import { picture } from '../elements/image.js';
import { plainText } from '../text/plain.js';
import { externalLink, h, safeUrl } from '../ui/dom.js';
import { icon } from '../ui/icons.js';

/** Nothing is played here: the card leads to the video, as a link with its picture. */
export function videoBlock(block) {
  const target = block.title_url ?? block.video_url;
  const title = plainText(block.title) || 'Video';
  const from = [block.provider_name, block.author_name].filter(Boolean).join(' · ');
  const still = h('span', { class: 'video__still' }, picture({ image_url: block.thumbnail_url, alt_text: block.alt_text }, 'video__image'), h('span', { class: 'video__play' }, icon('play', 22)));
  const stillUrl = safeUrl(block.video_url ?? '');
  return h('div', { class: 'video' },
    stillUrl ? h('a', { class: 'video__link', href: stillUrl, target: '_blank', rel: 'noopener noreferrer', 'aria-label': `Watch ${title}` }, still) : still,
    h('div', { class: 'video__words' },
      from ? h('div', { class: 'video__from' }, block.provider_icon_url ? picture({ image_url: block.provider_icon_url, alt_text: '' }, 'video__provider') : null, from) : null,
      h('div', { class: 'video__title' }, target ? externalLink(target, title) : title),
      block.description ? h('div', { class: 'video__description' }, plainText(block.description)) : null));
}

export function fileBlock(block) {
  return h('div', { class: 'file' }, h('span', { class: 'file__mark' }, icon('file', 20)),
    h('span', { class: 'file__words' }, h('span', { class: 'file__name' }, block.external_id || 'File'),
      h('span', { class: 'file__facts' }, block.source === 'remote' ? 'Remote file' : `File from ${block.source ?? 'an unknown place'}`)));
}
