// Making elements. Text from outside only ever becomes text nodes and attributes.

const AS_PROPERTY = new Set([
  'value', 'checked', 'disabled', 'readOnly', 'hidden', 'tabIndex', 'textContent', 'noValidate', 'inert', 'open',
]);

/** Creates an element: h('button', {class: 'x', on: {click}}, 'text', otherNode). */
export function h(tag, props, ...children) {
  const el = document.createElement(tag);
  for (const [key, value] of Object.entries(props ?? {})) {
    if (value === null || value === undefined) continue;
    if (key === 'class') el.className = value;
    else if (key === 'on') for (const [type, fn] of Object.entries(value)) el.addEventListener(type, fn);
    else if (key === 'dataset') Object.assign(el.dataset, value);
    else if (AS_PROPERTY.has(key)) el[key] = value;
    else if (value !== false) el.setAttribute(key, value === true ? '' : String(value));
  }
  append(el, children);
  return el;
}

/** Appends nodes, strings and nested arrays of them; skips null, undefined and false. */
export function append(parent, children) {
  for (const child of children) {
    if (child === null || child === undefined || child === false) continue;
    if (Array.isArray(child)) append(parent, child);
    else parent.append(child);
  }
}

export function fill(parent, ...children) {
  parent.replaceChildren();
  append(parent, children);
  return parent;
}

let counter = 0;

export function uid(prefix = 'id') {
  counter += 1;
  return `${prefix}-${counter}`;
}

/** Sets an attribute, or removes it when the value is null, undefined or ''. */
export function setAttr(el, name, value) {
  if (value === null || value === undefined || value === '') el.removeAttribute(name);
  else el.setAttribute(name, value);
}

export function visuallyHidden(text) {
  return h('span', { class: 'sr-only' }, text);
}

/** Only these protocols become links; anything else (javascript:, data:) stays text. */
export function safeUrl(url) {
  try {
    const parsed = new URL(String(url), location.href);
    return ['http:', 'https:', 'mailto:', 'tel:'].includes(parsed.protocol) ? parsed.href : null;
  } catch {
    return null;
  }
}

export function externalLink(url, ...children) {
  const href = safeUrl(url);
  if (!href) return h('span', {}, ...children);
  return h('a', { class: 'link', href, target: '_blank', rel: 'noopener noreferrer' }, ...children);
}

/** A spinner; decorative, so pair it with aria-busy or text. */
export function spinner() {
  return h('span', { class: 'spinner', 'aria-hidden': 'true' });
}
