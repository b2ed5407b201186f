// "New message": finds a person and opens the direct messages with them.

import { avatar } from '../ui/avatar.js';
import { h, uid } from '../ui/dom.js';
import { createListbox } from '../ui/listbox.js';
import { icon } from '../ui/icons.js';
import { openPopover } from '../ui/popover.js';
import { roleOf } from './person-switcher.js';

/** A button; behind it the people one can write to, filtered by what is typed. */
export function createNewMessage(app) {
  const button = h('button', { class: 'icon-button sidebar__add', type: 'button', 'aria-label': 'New direct message', title: 'New direct message', 'aria-haspopup': 'dialog', 'aria-expanded': 'false' }, icon('plus', 16));
  let popover = null;

  function open() {
    const listId = uid('people');
    const input = h('input', { class: 'field', type: 'text', role: 'combobox', autocomplete: 'off', spellcheck: 'false', placeholder: 'Name or @handle', 'aria-label': 'Write to', 'aria-expanded': 'true', 'aria-autocomplete': 'list', 'aria-controls': listId });
    const listbox = createListbox({ id: listId, label: 'People', onPick: pick, onActive: (id) => (id ? input.setAttribute('aria-activedescendant', id) : input.removeAttribute('aria-activedescendant')) });
    listbox.el.classList.add('new-message__list');
    const box = h('div', { class: 'new-message', role: 'dialog', 'aria-label': 'New direct message' }, input, listbox.el);
    const show = () => {
      const word = input.value.trim().replace(/^@/, '').toLowerCase();
      const people = app.store.people.filter((person) => person.id !== app.env.me.id && !person.deleted
        && `${person.real_name} ${person.handle}`.toLowerCase().includes(word));
      const options = people.map((person) => ({
        key: person.id, text: person.real_name, description: `@${person.handle}, ${roleOf(person)}`, payload: person.id,
        lead: avatar({ id: person.id, name: person.real_name, color: person.color }, 'small'),
      }));
      listbox.show([{ options }], [], options.length ? null : 'Nobody is called that.');
    };
    input.addEventListener('input', show);
    input.addEventListener('keydown', (event) => {
      if (event.key === 'ArrowDown' || event.key === 'ArrowUp') listbox.move(event.key === 'ArrowDown' ? 1 : -1);
      else if (event.key === 'Enter' && listbox.active) pick(listbox.active);
      else if (event.key === 'Escape') popover.close();
      else if (event.key === 'Tab') {
        popover.close();
        return;
      } else return;
      event.preventDefault();
      event.stopPropagation();
    });
    button.setAttribute('aria-expanded', 'true');
    popover = openPopover(button, box, {
      maxHeight: 380,
      onClose: () => {
        const inside = box.contains(document.activeElement) || document.activeElement === document.body;
        popover = null;
        button.setAttribute('aria-expanded', 'false');
        if (inside) button.focus();
      },
    });
    show();
    popover.place();
    input.focus();
  }

  function pick(option) {
    popover.close();
    app.openDirect(option.payload);
  }

  button.addEventListener('click', () => (popover ? popover.close() : open()));
  return button;
}
