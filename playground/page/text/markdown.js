// The markdown block: ordinary Markdown, the part of it that Slack draws.

import { externalLink, h } from '../ui/dom.js';
import { EMOJI_PATTERN, emojiCharacter } from './emoji.js';

const FENCE = /^\s*```/;
const HEADING = /^(#{1,6})\s+(.*?)\s*#*$/;
const RULE = /^\s*(?:-{3,}|\*{3,}|_{3,})\s*$/;
const QUOTE = /^>\s?/;
const BULLET = /^(\s*)[-*+]\s+(.*)$/;
const NUMBERED = /^(\s*)(\d+)[.)]\s+(.*)$/;
const TABLE_RULE = /^\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$/;

export function renderMarkdown(text) {
  const fragment = document.createDocumentFragment();
  appendBlocks(fragment, String(text ?? '').split('\n'));
  return fragment;
}

function appendBlocks(parent, lines) {
  let at = 0;
  while (at < lines.length) {
    const { node, end } = block(lines, at);
    if (node) parent.append(node);
    at = end;
  }
}

/** How many lines from `at` on match the test. */
function run(lines, at, test) {
  let end = at;
  while (end < lines.length && test(lines[end])) end += 1;
  return end;
}

function block(lines, at) {
  const line = lines[at];
  if (!line.trim()) return { node: null, end: at + 1 };
  if (FENCE.test(line)) {
    const close = run(lines, at + 1, (other) => !FENCE.test(other));
    return { node: h('pre', { class: 'code-block' }, lines.slice(at + 1, close).join('\n')), end: close + 1 };
  }
  const heading = HEADING.exec(line);
  if (heading) {
    const node = h('p', { class: `md-heading md-heading--${Math.min(heading[1].length, 3)}`, role: 'heading', 'aria-level': String(heading[1].length + 2) });
    inline(node, heading[2]);
    return { node, end: at + 1 };
  }
  if (RULE.test(line)) return { node: h('hr', { class: 'divider' }), end: at + 1 };
  if (QUOTE.test(line)) {
    const end = run(lines, at, (other) => QUOTE.test(other));
    const node = h('blockquote', { class: 'quote' });
    appendBlocks(node, lines.slice(at, end).map((other) => other.replace(QUOTE, '')));
    return { node, end };
  }
  if (BULLET.test(line)) return listBlock(lines, at, BULLET, 'ul');
  if (NUMBERED.test(line)) return listBlock(lines, at, NUMBERED, 'ol');
  if (line.includes('|') && TABLE_RULE.test(lines[at + 1] ?? '')) return tableBlock(lines, at);
  return paragraph(lines, at);
}

function paragraph(lines, at) {
  const end = Math.max(at + 1, run(lines, at, (line) => line.trim() && !FENCE.test(line) && !HEADING.test(line)
    && !QUOTE.test(line) && !BULLET.test(line) && !NUMBERED.test(line)));
  const node = h('p', { class: 'md-paragraph' });
  lines.slice(at, end).forEach((line, index) => {
    if (index) node.append(h('br'));
    inline(node, line);
  });
  return { node, end };
}

function listBlock(lines, at, pattern, tag) {
  const end = run(lines, at, (line) => pattern.test(line));
  const first = tag === 'ol' ? Number(pattern.exec(lines[at])[2]) : 1;
  const node = h(tag, { class: 'list', start: first !== 1 ? first : null });
  for (const line of lines.slice(at, end)) {
    const match = pattern.exec(line);
    const task = /^\[([ x])\]\s+(.*)$/i.exec(match[match.length - 1]);
    const item = h('li', { class: match[1].length >= 2 ? 'list__deeper' : null });
    if (task) item.append(task[1] === ' ' ? '☐ ' : '☑ ');
    inline(item, task ? task[2] : match[match.length - 1]);
    node.append(item);
  }
  return { node, end };
}

function tableBlock(lines, at) {
  const end = run(lines, at + 2, (line) => line.includes('|'));
  const cells = (line) => line.trim().replace(/^\||\|$/g, '').split('|').map((cell) => cell.trim());
  const row = (line, tag) => h('tr', {}, cells(line).map((cell) => {
    const el = h(tag, tag === 'th' ? { scope: 'col' } : {});
    inline(el, cell);
    return el;
  }));
  const table = h('table', { class: 'table' }, h('thead', {}, row(lines[at], 'th')),
    h('tbody', {}, lines.slice(at + 2, end).map((line) => row(line, 'td'))));
  return { node: h('div', { class: 'table-scroll', tabindex: '0', role: 'group', 'aria-label': 'Table' }, table), end };
}

const INLINE = [
  [/^`([^`]+)`/, (m) => h('code', { class: 'code' }, m[1])],
  [/^!\[([^\]]*)\]\(([^)\s]+)\)/, (m) => externalLink(m[2], m[1] || m[2])],
  [/^\[([^\]]+)\]\(([^)\s]+)(?:\s+"[^"]*")?\)/, (m) => nested(externalLink(m[2]), m[1])],
  [/^<(https?:[^>\s]+)>/, (m) => externalLink(m[1], m[1])],
  [/^\*\*\*(\S(?:.*?\S)?)\*\*\*/, (m) => h('strong', {}, nested(h('em'), m[1]))],
  [/^\*\*(\S(?:.*?\S)?)\*\*/, (m) => nested(h('strong'), m[1])],
  [/^__(\S(?:.*?\S)?)__/, (m) => nested(h('strong'), m[1])],
  [/^~~(\S(?:.*?\S)?)~~/, (m) => nested(h('s'), m[1])],
  [/^\*(\S(?:.*?\S)?)\*/, (m) => nested(h('em'), m[1])],
  [/^_(\S(?:.*?\S)?)_(?![\p{L}\p{N}])/u, (m) => nested(h('em'), m[1])],
  [/^https?:\/\/[^\s<>)]*[^\s<>).,;:!?]/, (m) => externalLink(m[0], m[0])],
];

function nested(el, text) {
  inline(el, text);
  return el;
}

function inline(parent, text) {
  let plain = '';
  let at = 0;
  const flush = () => {
    if (plain) parent.append(plain);
    plain = '';
  };
  while (at < text.length) {
    const found = inlineAt(text, at);
    if (found) {
      flush();
      parent.append(found.node);
      at += found.length;
    } else {
      if (text[at] === '\\' && /[\\`*_~[\]()#+.!|>-]/.test(text[at + 1] ?? '')) at += 1;
      plain += text[at];
      at += 1;
    }
  }
  flush();
}

function inlineAt(text, at) {
  const rest = text.slice(at);
  if (text[at] === ':') {
    const match = EMOJI_PATTERN.exec(rest.slice(0, 80));
    const character = match && emojiCharacter(match[1]);
    return character ? { node: document.createTextNode(character), length: match[0].length } : null;
  }
  const insideWord = at > 0 && /[\p{L}\p{N}]/u.test(text[at - 1]);
  if (!/[`![<*_~h]/.test(text[at]) || (insideWord && /[_h]/.test(text[at]))) return null;
  for (const [pattern, make] of INLINE) {
    const match = pattern.exec(rest);
    if (match) return { node: make(match), length: match[0].length };
  }
  return null;
}
