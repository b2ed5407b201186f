// The list over the composer: /commands, @people, #channels.

import { avatar } from '../ui/avatar.js';
import { fill, h, setAttr, uid } from '../ui/dom.js';
import { icon } from '../ui/icons.js';
import { openPopover } from '../ui/popover.js';

const SHOWN = 8;

/** Slack's own commands that the server knows, in channels. */
const OWN_COMMANDS = [
  { command: '/invite', usage_hint: '@someone', description: 'Add somebody, or the app, to this channel' },
  { command: '/leave', description: 'Leave this channel' },
];

export function createCompletion({ app, box, anchor, allowCommands }) {
  const listId = uid('completion');
  const list = h('div', { class: 'completion', id: listId, role: 'listbox', 'aria-label': 'Suggestions', on: { mousedown: (event) => event.preventDefault() } });
  let popover = null;
  let items = [];
  let active = 0;
  let dismissed = null;
  box.setAttribute('aria-autocomplete', 'list');

  /** What is being typed at the caret: the whole command, or a word after @ or #. */
  function context() {
    if (document.activeElement !== box) return null;
    const text = box.value.slice(0, box.selectionStart);
    if (allowCommands && /^\/\S*$/.test(text) && box.value === text) return { kind: 'command', word: text, start: 0 };
    const match = /(?:^|\s)([@#][\p{L}\p{N}._-]*)$/u.exec(text);
    return match ? { kind: match[1][0], word: match[1], start: text.length - match[1].length } : null;
  }

  function candidates(at) {
    const word = at.word.slice(1).toLowerCase();
    if (at.kind === 'command') {
      const inChannel = ['channel', 'private'].includes(app.currentChannel()?.kind);
      const item = (command, lead) => ({ insert: `${command.command} `, label: command.command, hint: command.usage_hint, description: command.description, lead });
      return [
        ...app.store.commands.map((command) => item(command, avatar({ id: app.store.app.id, name: app.store.app.name, app: true }, 'small'))),
        ...(inChannel ? OWN_COMMANDS.map((command) => item(command, icon('bolt', 18))) : []),
      ].filter(({ label }) => label.toLowerCase().startsWith(at.word.toLowerCase()));
    }
    if (at.kind === '@') {
      return app.store.people.filter((person) => !person.deleted && (person.handle.toLowerCase().startsWith(word) || person.real_name.toLowerCase().split(' ').some((part) => part.startsWith(word)))).map((person) => ({
        insert: `@${person.handle} `, label: person.real_name, hint: `@${person.handle}`, lead: avatar({ id: person.id, name: person.real_name, color: person.color }, 'small'),
      }));
    }
    return app.store.channels.filter((channel) => channel.kind === 'channel' || channel.kind === 'private').filter((channel) => channel.name.startsWith(word)).map((channel) => ({
      insert: `#${channel.name} `, label: channel.name, lead: icon(channel.kind === 'private' ? 'lock' : 'hash', 18),
    }));
  }

  function row(item, index) {
    return h('div', {
      class: 'option', role: 'option', id: `${listId}-${index}`, 'aria-selected': 'false',
      on: { click: () => accept(item), pointermove: () => active !== index && setActive(index) },
    }, item.lead, h('span', { class: 'option__text' },
      h('span', { class: 'option__label' }, h('strong', {}, item.label), item.hint ? h('span', { class: 'option__hint' }, ` ${item.hint}`) : null),
      item.description ? h('span', { class: 'option__description' }, item.description) : null));
  }

  function setActive(index) {
    active = index;
    [...list.children].forEach((child, at) => {
      child.classList.toggle('is-active', at === index);
      child.setAttribute('aria-selected', String(at === index));
      if (at === index) child.scrollIntoView({ block: 'nearest' });
    });
    setAttr(box, 'aria-activedescendant', popover ? `${listId}-${index}` : null);
  }

  function update() {
    const at = context();
    if (!at || at.word === dismissed) {
      if (!at) dismissed = null;
      close();
      return;
    }
    dismissed = null;
    items = candidates(at).slice(0, SHOWN);
    if (!items.length) {
      close();
      return;
    }
    fill(list, items.map(row));
    if (!popover) {
      popover = openPopover(anchor, list, { matchWidth: true, onClose: closed });
      box.setAttribute('aria-controls', listId);
    } else {
      popover.place();
    }
    setActive(0);
  }

  function accept(item) {
    const at = context();
    if (at) {
      const after = box.value.slice(box.selectionStart);
      box.value = box.value.slice(0, at.start) + item.insert + after;
      const caret = at.start + item.insert.length;
      box.setSelectionRange(caret, caret);
    }
    close();
    box.focus();
    box.dispatchEvent(new Event('input'));
  }

  function closed() {
    popover = null;
    box.removeAttribute('aria-controls');
    box.removeAttribute('aria-activedescendant');
  }

  function close() {
    popover?.close();
  }

  /** Enter on a command that is already complete sends it; otherwise it completes. */
  function onKey(event) {
    if (!popover) return false;
    const complete = items[active]?.insert.trim() === box.value.trim();
    switch (event.key) {
      case 'ArrowDown':
        setActive((active + 1) % items.length);
        break;
      case 'ArrowUp':
        setActive((active - 1 + items.length) % items.length);
        break;
      case 'Enter':
        if (event.shiftKey || complete) return false;
        accept(items[active]);
        break;
      case 'Tab':
        if (event.shiftKey) return false;
        accept(items[active]);
        break;
      case 'Escape':
        dismissed = context()?.word ?? null;
        close();
        break;
      default:
        return false;
    }
    event.preventDefault();
    return true;
  }

  box.addEventListener('blur', () => setTimeout(() => document.activeElement !== box && close(), 120));
  return { update, close, onKey, isOpen: () => popover !== null };
}
