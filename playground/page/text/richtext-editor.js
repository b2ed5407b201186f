// Between rich_text blocks and the nodes of an editor that a person types into.

import { h, safeUrl } from '../ui/dom.js';

const MARKS = { B: 'bold', STRONG: 'bold', I: 'italic', EM: 'italic', S: 'strike', STRIKE: 'strike', DEL: 'strike', U: 'underline', CODE: 'code' };
const TAGS = { bold: 'b', italic: 'i', strike: 's', underline: 'u', code: 'code' };
const ADDRESS = /https?:\/\/[^\s<>]*[^\s<>).,;:!?'"]/g;

// From the block to nodes

function editable(element) {
  if (element.type === 'link') return h('a', { href: safeUrl(element.url) ?? '' }, element.text ?? element.url);
  let node = document.createTextNode(element.text ?? (element.type === 'emoji' ? `:${element.name}:` : element.user_id ? `<@${element.user_id}>` : ''));
  for (const [style, tag] of Object.entries(TAGS)) if (element.style?.[style]) node = h(tag, {}, node);
  return node;
}

export function fillEditor(editor, block) {
  editor.replaceChildren();
  for (const part of block?.elements ?? []) {
    const inside = (elements) => (elements ?? []).map(editable);
    if (part.type === 'rich_text_list') {
      editor.append(h(part.style === 'ordered' ? 'ol' : 'ul', {}, (part.elements ?? []).map((item) => h('li', {}, inside(item.elements)))));
    } else if (part.type === 'rich_text_quote') editor.append(h('blockquote', {}, inside(part.elements)));
    else if (part.type === 'rich_text_preformatted') editor.append(h('pre', {}, inside(part.elements)));
    else editor.append(h('div', {}, inside(part.elements)));
  }
}

// From nodes to the block

function textElements(text, style) {
  const styled = Object.keys(style).length ? { style } : {};
  if (style.code) return [{ type: 'text', text, ...styled }];
  const found = [];
  let at = 0;
  for (const match of text.matchAll(ADDRESS)) {
    if (match.index > at) found.push({ type: 'text', text: text.slice(at, match.index), ...styled });
    found.push({ type: 'link', url: match[0], ...styled });
    at = match.index + match[0].length;
  }
  if (at < text.length) found.push({ type: 'text', text: text.slice(at), ...styled });
  return found;
}

function collect(node, style, out) {
  if (node.nodeType === Node.TEXT_NODE) {
    const text = node.data.replaceAll('\u00a0', ' ').replaceAll('\u200b', '');
    if (text) out.push(...textElements(text, style));
    return;
  }
  if (node.nodeType !== Node.ELEMENT_NODE) return;
  if (node.tagName === 'BR') {
    out.push({ type: 'text', text: '\n' });
    return;
  }
  if (node.tagName === 'A' && safeUrl(node.getAttribute('href'))) {
    out.push({ type: 'link', url: node.getAttribute('href'), text: node.textContent, ...(Object.keys(style).length ? { style } : {}) });
    return;
  }
  const mark = MARKS[node.tagName];
  const inner = mark ? { ...style, [mark]: true } : style;
  for (const child of node.childNodes) collect(child, inner, out);
}

/** Neighbours that look the same become one. */
function merged(elements) {
  const out = [];
  for (const element of elements) {
    const last = out.at(-1);
    if (last?.type === 'text' && element.type === 'text' && JSON.stringify(last.style) === JSON.stringify(element.style)) last.text += element.text;
    else out.push({ ...element });
  }
  return out;
}

function inlineOf(node) {
  const out = [];
  for (const child of node.childNodes) collect(child, {}, out);
  // The editor's own placeholder for an empty line.
  if (out.at(-1)?.text === '\n') out.pop();
  return merged(out);
}

/** @returns {object | null} a rich_text block; null when nothing was written */
export function readEditor(editor) {
  const parts = [];
  let loose = [];
  const line = (elements) => {
    const last = parts.at(-1);
    if (last?.type === 'rich_text_section') last.elements = merged([...last.elements, { type: 'text', text: '\n' }, ...elements]);
    else parts.push({ type: 'rich_text_section', elements });
  };
  const endLine = () => {
    if (loose.length) line(merged(loose));
    loose = [];
  };
  const boxes = {
    UL: (node) => ({ type: 'rich_text_list', style: 'bullet', indent: 0, elements: [...node.children].map((item) => ({ type: 'rich_text_section', elements: inlineOf(item) })) }),
    BLOCKQUOTE: (node) => ({ type: 'rich_text_quote', elements: inlineOf(node) }),
    PRE: (node) => ({ type: 'rich_text_preformatted', elements: merged(textElements(node.textContent, {})) }),
  };
  boxes.OL = (node) => ({ ...boxes.UL(node), style: 'ordered' });
  const walk = (nodes) => {
    for (const node of nodes) {
      if (boxes[node.tagName]) {
        endLine();
        parts.push(boxes[node.tagName](node));
      } else if (node.tagName === 'DIV' || node.tagName === 'P') {
        endLine();
        if (node.querySelector('ul, ol, blockquote, pre, div')) walk(node.childNodes);
        else line(inlineOf(node));
      } else collect(node, {}, loose);
    }
    endLine();
  };
  walk(editor.childNodes);
  const isEmpty = !editor.textContent.trim();
  return isEmpty ? null : { type: 'rich_text', elements: parts };
}
