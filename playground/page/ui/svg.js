// Making SVG elements.

import { append } from './dom.js';

const NAMESPACE = 'http://www.w3.org/2000/svg';

export function svg(tag, attributes, ...children) {
  const el = document.createElementNS(NAMESPACE, tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value !== null && value !== undefined) el.setAttribute(name, String(value));
  }
  append(el, children);
  return el;
}
