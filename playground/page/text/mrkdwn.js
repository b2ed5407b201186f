// Slack's mrkdwn as DOM nodes.

import { externalLink, h } from '../ui/dom.js';
import { EMOJI_PATTERN, emojiCharacter } from './emoji.js';
import { broadcastMention, channelMention, dateText, userMention } from './mentions.js';

const ENTITIES = { '&amp;': '&', '&lt;': '<', '&gt;': '>' };
const STYLES = { '*': 'strong', _: 'em', '~': 's' };
const WORD = /[\p{L}\p{N}]/u;
const BULLET = /^(\s*)(?:[•◦▪‣]|-(?=\s))\s+(.*)$/u;
const NUMBERED = /^(\s*)(\d{1,3})[.)]\s+(.*)$/u;
const BARE_URL = /^https?:\/\/[^\s<>|]+/i;

export function unescapeText(text) {
  return text.replace(/&(?:amp|lt|gt);/g, (entity) => ENTITIES[entity]);
}

/** @returns {DocumentFragment} the text with its formatting, links and mentions. */
export function renderMrkdwn(text, env) {
  const fragment = document.createDocumentFragment();
  const parts = String(text ?? '').split(/```([\s\S]*?)```/);
  parts.forEach((part, index) => {
    if (index % 2) fragment.append(h('pre', { class: 'code-block' }, inlineRaw(part.replace(/^\n|\n$/g, ''))));
    else appendLines(fragment, trimAround(part, index, parts.length), env);
  });
  return fragment;
}

/** A fence is a block: the line breaks touching it would show as empty lines. */
function trimAround(part, index, count) {
  let text = part;
  if (index > 0) text = text.replace(/^[ \t]*\n/, '');
  if (index < count - 1) text = text.replace(/\n[ \t]*$/, '');
  return text;
}

function lineKind(line) {
  if (/^(?:&gt;|>)/.test(line)) return 'quote';
  if (BULLET.test(line)) return 'bullet';
  if (NUMBERED.test(line)) return 'number';
  return 'text';
}

function appendLines(parent, text, env) {
  if (text === '') return;
  const lines = text.split('\n');
  let index = 0;
  let afterBlock = true;
  while (index < lines.length) {
    const kind = lineKind(lines[index]);
    let end = index + 1;
    if (kind === 'quote' && /^(?:&gt;|>){3}/.test(lines[index])) end = lines.length;
    else if (kind !== 'text') while (end < lines.length && lineKind(lines[end]) === kind) end += 1;
    const group = lines.slice(index, end);
    if (kind === 'text') {
      if (!afterBlock) parent.append(h('br'));
      inline(parent, group[0], env);
    } else if (kind === 'quote') {
      const quote = h('blockquote', { class: 'quote' });
      const inner = group.map((line, at) => line.replace(at === 0 ? /^(?:&gt;|>){1,3} ?/ : /^(?:&gt;|>) ?/, ''));
      appendLines(quote, inner.join('\n'), env);
      parent.append(quote);
    } else {
      parent.append(list(group, kind, env));
    }
    afterBlock = kind !== 'text';
    index = end;
  }
}

function list(lines, kind, env) {
  const ordered = kind === 'number';
  const first = ordered ? Number(NUMBERED.exec(lines[0])[2]) : null;
  const el = h(ordered ? 'ol' : 'ul', { class: 'list', start: ordered && first !== 1 ? first : null });
  for (const line of lines) {
    const match = (ordered ? NUMBERED : BULLET).exec(line);
    const item = h('li', { class: match[1].length >= 2 ? 'list__deeper' : null });
    inline(item, match[match.length - 1], env);
    el.append(item);
  }
  return el;
}

/** Text inside code: no styles, but Slack's <...> escapes are undone. */
function inlineRaw(text) {
  return unescapeText(text.replace(/<([^<>|]+)(?:\|([^<>]*))?>/g, (_, target, label) => label ?? target));
}

/** Appends one line with its inline formatting to parent. */
export function inline(parent, text, env) {
  let plain = '';
  const flush = () => {
    if (plain) parent.append(unescapeText(plain));
    plain = '';
  };
  let at = 0;
  while (at < text.length) {
    const found = special(text, at, env);
    if (found) {
      flush();
      parent.append(found.node);
      at = found.end;
    } else {
      plain += text[at];
      at += 1;
    }
  }
  flush();
}

function special(text, at, env) {
  const character = text[at];
  if (character === '<') return angle(text, at, env);
  if (character === '`') return code(text, at);
  if (character in STYLES) return styled(text, at, env);
  if (character === ':') return emoji(text, at);
  if (character === 'h' && !(at > 0 && WORD.test(text[at - 1]))) return bareUrl(text, at);
  return null;
}

function angle(text, at, env) {
  const end = text.indexOf('>', at);
  if (end < 0) return null;
  const [target, ...rest] = text.slice(at + 1, end).split('|');
  const label = rest.length ? rest.join('|') : undefined;
  const node = target && angleNode(target, label, env);
  return node ? { node, end: end + 1 } : null;
}

function angleNode(target, label, env) {
  if (/^@[UW]\w*/.test(target)) return userMention(env, target.slice(1), label);
  if (/^#[CGD]\w*/.test(target)) return channelMention(env, target.slice(1), label);
  if (target.startsWith('!date^')) {
    const [, seconds, pattern = '{date}', url] = target.split('^');
    return dateText(env, Number(seconds), unescapeText(pattern), url, label && unescapeText(label));
  }
  if (/^!(here|channel|everyone)$/.test(target)) return broadcastMention(target.slice(1));
  if (target.startsWith('!subteam^')) return broadcastMention((label ?? target.slice(9)).replace(/^@/, ''));
  if (/^[a-z][a-z0-9+.-]*:/i.test(target)) {
    const shown = label === undefined ? unescapeText(target).replace(/^mailto:/, '') : '';
    const link = externalLink(unescapeText(target), shown);
    if (label !== undefined) inline(link, label.replace(/[<>]/g, ''), env);
    return link;
  }
  return null;
}

function code(text, at) {
  const end = text.indexOf('`', at + 1);
  if (end <= at + 1) return null;
  return { node: h('code', { class: 'code' }, inlineRaw(text.slice(at + 1, end))), end: end + 1 };
}

function styled(text, at, env) {
  const mark = text[at];
  const next = text[at + 1];
  if ((at > 0 && WORD.test(text[at - 1])) || !next || /\s/.test(next) || next === mark) return null;
  let end = at + 1;
  for (; end < text.length; end += 1) {
    if (text[end] === '<' && text.indexOf('>', end) > 0) end = text.indexOf('>', end);
    else if (text[end] === '`' && text.indexOf('`', end + 1) > 0) end = text.indexOf('`', end + 1);
    else if (text[end] === mark && !/\s/.test(text[end - 1]) && !(text[end + 1] && WORD.test(text[end + 1]))) break;
  }
  if (end >= text.length) return null;
  const node = h(STYLES[mark]);
  inline(node, text.slice(at + 1, end), env);
  return { node, end: end + 1 };
}

function emoji(text, at) {
  const match = EMOJI_PATTERN.exec(text.slice(at, at + 80));
  const character = match && emojiCharacter(match[1]);
  if (!character) return null;
  return { node: h('span', { class: 'emoji', title: `:${match[1]}:` }, character), end: at + match[0].length };
}

function bareUrl(text, at) {
  const match = BARE_URL.exec(text.slice(at));
  if (!match) return null;
  const url = match[0].replace(/(?:[.,:;!?'")\]*_~]|&gt;)+$/, '');
  return { node: externalLink(unescapeText(url), unescapeText(url)), end: at + url.length };
}
