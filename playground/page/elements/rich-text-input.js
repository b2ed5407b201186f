// rich_text_input: an editor with bold, italic, strike, code and lists.

import { plainText } from '../text/plain.js';
import { fillEditor, readEditor } from '../text/richtext-editor.js';
import { h, setAttr } from '../ui/dom.js';
import { changeValue, nameOf } from './element.js';

const TOOLS = [
  ['Bold', 'B', 'bold', 'b'],
  ['Italic', 'I', 'italic', 'i'],
  ['Strikethrough', 'S', 'strikeThrough', 's'],
  ['Code', '<>', null, 'code'],
  ['Bulleted list', '•', 'insertUnorderedList', 'ul'],
  ['Numbered list', '1.', 'insertOrderedList', 'ol'],
];
const TOLD_AFTER = 250;

export function richTextElement(element, p) {
  const value = p.surface.value(p.blockId, p.actionId, element.type, () => ({ rich_text_value: element.initial_value ?? null }));
  const editor = h('div', { class: 'field rich-input__box', role: 'textbox', contenteditable: 'true', spellcheck: 'true', 'aria-multiline': 'true', 'data-placeholder': plainText(element.placeholder) });
  if (p.labelledBy) editor.setAttribute('aria-labelledby', p.labelledBy);
  else editor.setAttribute('aria-label', nameOf(element, p));
  setAttr(editor, 'aria-describedby', p.describedBy);
  if (p.inInput && !p.optional) editor.setAttribute('aria-required', 'true');
  if (element.focus_on_load) editor.dataset.focusOnLoad = 'true';
  editor.style.minHeight = `${(element.min_lines ?? 4) * 22 + 14}px`;
  if (element.max_lines) editor.style.maxHeight = `${element.max_lines * 22 + 14}px`;
  fillEditor(editor, value.rich_text_value);
  const showEmpty = () => editor.classList.toggle('is-empty', !editor.textContent && !editor.querySelector('li, pre'));
  showEmpty();
  let timer = 0;

  function changed() {
    showEmpty();
    const next = { rich_text_value: readEditor(editor) };
    changeValue(element, p, next, { dispatch: false });
    if (p.dispatch && (element.dispatch_action_config?.trigger_actions_on ?? []).includes('on_character_entered')) {
      clearTimeout(timer);
      timer = setTimeout(() => changeValue(element, p, next), TOLD_AFTER);
    }
  }

  /** Puts what is selected into code, or takes it out. */
  function toggleCode() {
    const selection = document.getSelection();
    if (!selection.rangeCount) return;
    const range = selection.getRangeAt(0);
    const around = range.commonAncestorContainer.parentElement?.closest('code');
    if (around && editor.contains(around)) {
      around.replaceWith(...around.childNodes);
    } else if (!range.collapsed) {
      const code = h('code', {}, range.toString());
      range.deleteContents();
      range.insertNode(code);
      selection.selectAllChildren(code);
    }
    changed();
  }

  function use(command) {
    editor.focus();
    if (command) document.execCommand(command);
    else toggleCode();
    mark();
  }

  const buttons = TOOLS.map(([name, sign, command, tag], index) => h('button', {
    class: 'rich-input__tool', type: 'button', title: name, 'aria-label': name, 'aria-pressed': 'false', tabIndex: index ? -1 : 0, dataset: { tag },
    on: { mousedown: (event) => event.preventDefault(), click: () => use(command) },
  }, h(['b', 'i', 's'].includes(tag) ? tag : 'span', {}, sign)));
  const bar = h('div', { class: 'rich-input__bar', role: 'toolbar', 'aria-label': 'Formatting' }, buttons);
  bar.addEventListener('keydown', (event) => {
    const at = buttons.indexOf(document.activeElement);
    const next = { ArrowRight: at + 1, ArrowLeft: at - 1 }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    buttons.forEach((button) => { button.tabIndex = -1; });
    const target = buttons[(next + buttons.length) % buttons.length];
    target.tabIndex = 0;
    target.focus();
  });

  /** Shows which formats hold at the caret. */
  function mark() {
    const at = document.getSelection().anchorNode;
    const inside = at && editor.contains(at) ? (at.nodeType === Node.TEXT_NODE ? at.parentElement : at) : null;
    for (const button of buttons) button.setAttribute('aria-pressed', String(Boolean(inside?.closest(button.dataset.tag) && editor.contains(inside.closest(button.dataset.tag)))));
  }

  editor.addEventListener('input', changed);
  editor.addEventListener('keyup', mark);
  editor.addEventListener('mouseup', mark);
  editor.addEventListener('paste', (event) => {
    event.preventDefault();
    document.execCommand('insertText', false, event.clipboardData.getData('text/plain'));
  });
  editor.addEventListener('drop', (event) => event.preventDefault());
  editor.addEventListener('keydown', (event) => {
    const shortcut = (event.metaKey || event.ctrlKey) && { b: 'bold', i: 'italic' }[event.key.toLowerCase()];
    if (shortcut) {
      event.preventDefault();
      use(shortcut);
    }
  });
  return h('div', { class: 'element rich-input' }, bar, editor);
}
