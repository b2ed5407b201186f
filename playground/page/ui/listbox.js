// The list under a combobox: groups, options, one active option, a note line.

import { fill, h, uid } from './dom.js';
import { icon } from './icons.js';

export function createListbox({ id, label, labelledBy, multiple, onPick, onActive }) {
  let options = [];
  let active = -1;
  const list = h('div', {
    class: 'listbox__options', id, role: 'listbox', 'aria-label': labelledBy ? null : label, 'aria-labelledby': labelledBy,
    'aria-multiselectable': multiple ? 'true' : null,
  });
  const note = h('div', { class: 'listbox__note', role: 'status' });
  const el = h('div', { class: 'listbox', on: { mousedown: (event) => event.preventDefault() } }, list, note);
  note.hidden = true;

  function setActive(index, scroll = true) {
    options[active]?.el.classList.remove('is-active');
    active = index;
    const row = options[active];
    row?.el.classList.add('is-active');
    if (row && scroll) row.el.scrollIntoView({ block: 'nearest' });
    onActive(row?.el.id ?? null);
  }

  function optionRow(option, chosen) {
    const index = options.length;
    const row = h('div', {
      class: 'option', role: 'option', id: uid('option'), 'aria-selected': String(chosen),
      on: {
        click: () => onPick(option),
        pointermove: () => index !== active && setActive(index, false),
      },
    }, option.lead ?? null, h('span', { class: 'option__text' }, h('span', { class: 'option__label' }, option.text),
      option.description ? h('span', { class: 'option__description' }, option.description) : null),
    chosen ? icon('check', 16) : null);
    options.push({ el: row, option });
    return row;
  }

  return {
    el,
    get active() {
      return options[active]?.option ?? null;
    },
    move(step) {
      if (options.length) setActive((active + step + options.length) % options.length);
    },
    showNote(content) {
      fill(note, content);
      note.hidden = false;
    },
    show(groups, selected, noteText) {
      const keep = options[active]?.option.key;
      const chosen = new Set(selected.map((option) => option.key));
      options = [];
      active = -1;
      fill(list, groups.map((group) => {
        const rows = group.options.map((option) => optionRow(option, chosen.has(option.key)));
        if (!group.label) return rows;
        const headId = uid('group');
        return h('div', { role: 'group', 'aria-labelledby': headId }, h('div', { class: 'listbox__group', id: headId, role: 'presentation' }, group.label), rows);
      }));
      const text = noteText ?? (options.length ? '' : 'No results');
      fill(note, text);
      note.hidden = !text;
      const first = options.findIndex(({ option }) => option.key === keep);
      const preset = options.findIndex(({ option }) => chosen.has(option.key));
      if (options.length) setActive(first >= 0 ? first : Math.max(0, preset));
      else onActive(null);
    },
  };
}
