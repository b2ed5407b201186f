// Blocks without interaction.

import { picture } from '../elements/image.js';
import { renderMarkdown } from '../text/markdown.js';
import { plainText, textNodes } from '../text/plain.js';
import { renderRichText } from '../text/richtext.js';
import { h, visuallyHidden } from '../ui/dom.js';
import { icon } from '../ui/icons.js';

export const dividerBlock = () => h('hr', { class: 'divider' });

export const headerBlock = (block) => h('h3', { class: 'header-block' }, plainText(block.text));

export function contextBlock(block, _key, surface) {
  return h('div', { class: 'context' }, (block.elements ?? []).map((element) => (element.type === 'image'
    ? picture(element, 'context__image')
    : h('span', { class: 'context__text mrkdwn' }, textNodes(element, surface.env)))));
}

export function imageBlock(block) {
  return h('figure', { class: 'image-block' },
    block.title ? h('figcaption', { class: 'image-block__title' }, plainText(block.title)) : null,
    picture(block, 'image-block__image'));
}

export const richTextBlock = (block, _key, surface) => renderRichText(block, surface.env);

export const markdownBlock = (block) => h('div', { class: 'markdown' }, renderMarkdown(block.text));

const LEVELS = { info: ['Note', 'info'], warning: ['Warning', 'warning'], error: ['Error', 'warning'], success: ['Success', 'check'] };

export function alertBlock(block, _key, surface) {
  const level = LEVELS[block.level] ? block.level : 'default';
  const [words, drawing] = LEVELS[level] ?? ['Note', 'info'];
  return h('div', { class: `alert alert--${level}`, role: 'note' }, icon(drawing, 18), visuallyHidden(`${words}: `),
    h('div', { class: 'alert__text mrkdwn' }, textNodes(block.text, surface.env)));
}

export const unsupportedBlock = (block) => h('div', { class: 'unsupported' }, `Unsupported block: ${block.type ?? 'without type'}`);
