// JSON to read: indented, with its parts in colours.

import { h } from '../ui/dom.js';

const LONGEST = 60_000;
const TOKEN = /("(?:\\.|[^"\\])*")(\s*:)?|\b(?:true|false|null)\b|-?\b\d+(?:\.\d+)?(?:[eE][+-]?\d+)?\b/g;

/** Text inside JSON that is JSON itself (payload=…) is opened. */
function opened(value, depth = 0) {
  if (typeof value === 'string' && depth < 6 && /^[{[]/.test(value)) {
    try {
      return opened(JSON.parse(value), depth + 1);
    } catch {
      return value;
    }
  }
  if (Array.isArray(value)) return value.map((item) => opened(item, depth + 1));
  if (value && typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, opened(item, depth + 1)]));
  return value;
}

export const prettyJson = (value) => (typeof value === 'string' && !/^[{[]/.test(value) ? value : JSON.stringify(opened(value), null, 2) ?? '');

export function jsonView(value, label) {
  const whole = prettyJson(value);
  const text = whole.length > LONGEST ? `${whole.slice(0, LONGEST)}\n… ${whole.length - LONGEST} more characters` : whole;
  const el = h('pre', { class: 'json', tabindex: '0', role: 'region', 'aria-label': label });
  let at = 0;
  for (const match of text.matchAll(TOKEN)) {
    el.append(text.slice(at, match.index));
    const [all, string, colon] = match;
    const kind = colon ? 'key' : string ? 'string' : 'literal';
    el.append(h('span', { class: `json__${kind}` }, string ?? all), colon ?? '');
    at = match.index + all.length;
  }
  el.append(text.slice(at));
  if (!text) el.append(h('span', { class: 'json__none' }, 'nothing'));
  return el;
}
