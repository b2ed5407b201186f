// rich_text blocks: sections, lists, quotes and preformatted text.

import { externalLink, h } from '../ui/dom.js';
import { emojiCharacter } from './emoji.js';
import { broadcastMention, channelMention, dateText, userMention } from './mentions.js';

export function renderRichText(block, env) {
  const el = h('div', { class: 'rich-text' });
  appendRichText(el, block.elements ?? [], env);
  return el;
}

function appendRichText(parent, elements, env) {
  // Lists of different depth arrive as neighbours; ordered ones count on after a deeper list.
  const counts = new Map();
  for (const element of elements) {
    if (element.type === 'rich_text_list') parent.append(richList(element, env, counts));
    else {
      counts.clear();
      parent.append(richPart(element, env));
    }
  }
}

function richPart(element, env) {
  switch (element.type) {
    case 'rich_text_section':
      return h('div', { class: 'rich-text__section' }, leaves(element.elements, env));
    case 'rich_text_quote':
      return h('blockquote', { class: 'quote' }, leaves(element.elements, env));
    case 'rich_text_preformatted':
      return h('pre', { class: 'code-block' }, leaves(element.elements, env));
    default:
      return leaf(element, env);
  }
}

function richList(element, env, counts) {
  const indent = element.indent ?? 0;
  const ordered = element.style === 'ordered';
  for (const depth of [...counts.keys()]) if (depth > indent) counts.delete(depth);
  const before = (counts.get(indent) ?? 0) + (element.offset ?? 0);
  const items = element.elements ?? [];
  counts.set(indent, before + items.length);
  const list = h(ordered ? 'ol' : 'ul', {
    class: `list list--depth-${Math.min(indent, 8)}${element.border ? ' list--border' : ''}`,
    start: ordered && before ? before + 1 : null,
  });
  for (const item of items) list.append(h('li', {}, leaves(item.elements, env)));
  return list;
}

const leaves = (elements, env) => (elements ?? []).map((element) => leaf(element, env));

function leaf(element, env) {
  const node = leafNode(element, env);
  const style = element.style ?? {};
  let styled = node;
  if (style.code && element.type !== 'link') styled = h('code', { class: 'code' }, styled);
  if (style.bold) styled = h('strong', {}, styled);
  if (style.italic) styled = h('em', {}, styled);
  if (style.strike) styled = h('s', {}, styled);
  if (style.underline) styled = h('u', {}, styled);
  return styled;
}

function leafNode(element, env) {
  switch (element.type) {
    case 'text':
      return document.createTextNode(element.text ?? '');
    case 'link':
      return externalLink(element.url, element.text ?? element.url);
    case 'user':
      return userMention(env, element.user_id);
    case 'channel':
      return channelMention(env, element.channel_id);
    case 'usergroup':
      return broadcastMention(element.usergroup_id);
    case 'broadcast':
      return broadcastMention(element.range);
    case 'date':
      return dateText(env, Number(element.timestamp), element.format ?? '{date}', element.url, element.fallback);
    case 'emoji':
      return document.createTextNode(richEmoji(element));
    case 'color':
      return document.createTextNode(element.value ?? '');
    default:
      return document.createTextNode(element.text ?? '');
  }
}

function richEmoji(element) {
  if (element.unicode && /^[0-9a-f-]+$/i.test(element.unicode)) {
    return String.fromCodePoint(...element.unicode.split('-').map((code) => parseInt(code, 16)));
  }
  return emojiCharacter(element.name) ?? `:${element.name}:`;
}
