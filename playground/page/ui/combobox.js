// The one select of the page: an ARIA combobox with a filterable listbox, single or multiple.

import { fill, h, setAttr, spinner, uid } from './dom.js';
import { icon } from './icons.js';
import { createListbox } from './listbox.js';
import { openPopover } from './popover.js';

/**
 * Options are {key, text, description?, payload}; groups are {label, options}.
 * @param {object} o
 * @param {(query: string) => Promise<{groups: object[], note?: string}>} o.load
 * @param {(selected: object[]) => void} o.onChange
 */
export function createCombobox(o) {
  const listId = uid('listbox');
  let selected = [...(o.selected ?? [])];
  let popover = null;
  let listbox = null;
  let run = 0;
  let timer = 0;
  let typed = false;

  const input = h('input', {
    class: 'combobox__input', id: o.id, type: 'text', role: 'combobox', autocomplete: 'off', spellcheck: 'false',
    'aria-autocomplete': 'list', 'aria-expanded': 'false', 'aria-haspopup': 'listbox', 'aria-controls': listId,
    'aria-labelledby': o.labelledBy, 'aria-label': o.labelledBy ? null : o.label, 'aria-describedby': o.describedBy,
    'aria-required': o.required ? 'true' : null,
  });
  const chips = h('span', { class: 'combobox__chips' });
  const clear = h('button', { class: 'icon-button combobox__clear', type: 'button', tabIndex: -1, 'aria-label': 'Clear selection', on: { click: () => choose(null) } }, icon('close', 16));
  const box = h('div', { class: `combobox${o.multiple ? ' combobox--multiple' : ''}` }, chips, input, clear, h('span', { class: 'combobox__arrow' }, icon('chevron', 16)));

  function show() {
    if (o.multiple) {
      fill(chips, selected.map((option) => h('span', { class: 'chip' }, h('span', { class: 'chip__text' }, option.text),
        h('button', { class: 'chip__remove', type: 'button', 'aria-label': `Remove ${option.text}`, on: { click: () => remove(option) } }, icon('close', 12)))));
      input.placeholder = selected.length ? '' : o.placeholder ?? '';
    } else {
      input.value = selected[0]?.text ?? '';
      input.placeholder = o.placeholder ?? '';
    }
    clear.hidden = o.multiple || !o.clearable || !selected.length;
    input.title = o.multiple ? '' : selected[0]?.text ?? '';
  }

  function commit(next) {
    selected = next;
    show();
    o.onChange([...selected]);
  }

  function remove(option) {
    commit(selected.filter((other) => other.key !== option.key));
    input.focus();
    if (popover) refresh();
  }

  function choose(option) {
    if (!option) {
      commit([]);
      input.focus();
      return;
    }
    if (!o.multiple) {
      close();
      if (selected[0]?.key !== option.key) commit([option]);
      else show();
      return;
    }
    input.value = '';
    typed = false;
    if (selected.some((other) => other.key === option.key)) commit(selected.filter((other) => other.key !== option.key));
    else if (!o.max || selected.length < o.max) commit([...selected, option]);
    refresh();
  }

  function openList() {
    if (popover || input.disabled) return;
    typed = false;
    listbox = createListbox({ id: listId, label: o.label, labelledBy: o.labelledBy, multiple: o.multiple, onPick: choose, onActive: (id) => setAttr(input, 'aria-activedescendant', id) });
    input.setAttribute('aria-expanded', 'true');
    popover = openPopover(box, listbox.el, { matchWidth: true, onClose: closed });
    if (!o.multiple) input.select();
    refresh();
  }

  function close() {
    popover?.close();
  }

  function closed() {
    popover = null;
    listbox = null;
    run += 1;
    clearTimeout(timer);
    input.setAttribute('aria-expanded', 'false');
    input.removeAttribute('aria-activedescendant');
    if (o.multiple) input.value = '';
    typed = false;
    show();
  }

  /** Loads what matches what was typed; an answer that comes too late is dropped. */
  async function refresh() {
    if (!popover) return;
    run += 1;
    const mine = run;
    const query = typed || o.multiple ? input.value.trim() : '';
    const waiting = setTimeout(() => mine === run && listbox?.showNote([spinner(), 'Loading…']), 120);
    let result;
    try {
      result = await o.load(query);
    } catch (error) {
      result = { groups: [], note: error.message || 'Could not load the options.' };
    }
    clearTimeout(waiting);
    if (mine !== run || !popover) return;
    const full = o.multiple && o.max && selected.length >= o.max;
    listbox.show(result.groups, selected, result.note ?? (full ? `No more than ${o.max} can be chosen.` : null));
    popover.place();
  }

  input.addEventListener('click', openList);
  box.addEventListener('click', (event) => {
    if (event.target.closest('button') || event.target === input) return;
    input.focus();
    if (popover) close();
    else openList();
  });
  input.addEventListener('input', () => {
    openList();
    typed = true;
    clearTimeout(timer);
    timer = setTimeout(refresh, o.delay ?? 0);
  });
  input.addEventListener('blur', () => setTimeout(() => {
    if (popover && document.activeElement !== input) close();
    else if (!popover) show();
  }, 120));
  input.addEventListener('keydown', (event) => {
    if (event.isComposing) return;
    switch (event.key) {
      case 'ArrowDown':
      case 'ArrowUp':
        event.preventDefault();
        if (!popover) openList();
        else listbox.move(event.key === 'ArrowDown' ? 1 : -1);
        break;
      case 'Enter':
        if (!popover) {
          if (o.multiple || o.submitsOnEnter === false) event.preventDefault();
          break;
        }
        event.preventDefault();
        if (listbox.active) choose(listbox.active);
        break;
      case 'Escape':
        if (!popover) break;
        event.preventDefault();
        event.stopPropagation();
        close();
        break;
      case 'Tab':
        close();
        break;
      case 'Backspace':
        if (o.multiple && !input.value && selected.length) remove(selected.at(-1));
        else if (!o.multiple && o.clearable && selected.length && (!typed && input.selectionStart === 0 && input.selectionEnd === input.value.length)) {
          event.preventDefault();
          commit([]);
          if (popover) refresh();
        }
        break;
      default:
        break;
    }
  });

  show();
  return {
    el: box,
    input,
    setSelected(next) {
      selected = [...next];
      show();
    },
    setBusy(busy) {
      box.classList.toggle('is-busy', busy);
      setAttr(box, 'aria-busy', busy ? 'true' : null);
    },
  };
}
