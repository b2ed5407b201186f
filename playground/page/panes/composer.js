// Writing messages and slash commands.

import { h, setAttr } from '../ui/dom.js';
import { icon } from '../ui/icons.js';
import { attachMenu } from '../ui/menu.js';
import { createCompletion } from './completion.js';

const RECALLED = 30;

/**
 * @param {object} app
 * @param {{threadTs?: string}} options a thread's composer knows no commands, like Slack's
 */
export function createComposer(app, { threadTs } = {}) {
  let channelId = null;
  let busy = false;
  const drafts = new Map();
  const sent = [];
  let recall = -1;

  const box = h('textarea', { class: 'composer__box', rows: '1', spellcheck: 'true', autocomplete: 'off', 'aria-multiline': 'true' });
  const sendButton = h('button', { class: 'composer__send', type: 'button', 'aria-label': 'Send', title: 'Send (Enter)', on: { click: () => send() } }, icon('send', 18));
  const hint = h('div', { class: 'composer__hint' });
  hint.hidden = true;
  const frame = h('div', { class: 'composer__frame' }, box, h('div', { class: 'composer__bar' }, shortcutsButton(), hint, sendButton));
  const join = h('div', { class: 'composer__join' });
  join.hidden = true;
  const el = h('div', { class: 'composer' }, join, frame);
  const completion = createCompletion({ app, box, anchor: frame, allowCommands: !threadTs });

  function shortcutsButton() {
    if (threadTs) return null;
    const button = h('button', { class: 'icon-button', type: 'button', 'aria-label': 'Shortcuts and commands', title: 'Shortcuts and commands' }, icon('bolt', 18));
    attachMenu(button, () => {
      const shortcuts = app.store.shortcuts.filter((shortcut) => shortcut.type === 'global');
      return [
        ...(shortcuts.length ? [{ heading: true, label: 'Shortcuts' }] : []),
        ...shortcuts.map((shortcut) => ({ label: shortcut.name, description: shortcut.description, select: () => app.runShortcut(shortcut) })),
        { heading: true, label: app.store.commands.length ? 'Commands' : 'This app has no commands.' },
        ...app.store.commands.map((command) => ({ label: command.command, description: command.description, select: () => insert(`${command.command} `) })),
      ];
    }, { label: 'Shortcuts and commands', align: 'start' });
    return button;
  }

  function insert(text) {
    box.value = text;
    changed();
    box.focus();
  }

  function setChannel(channel) {
    if (channelId) drafts.set(channelId, box.value);
    channelId = channel.id;
    recall = -1;
    const isChannel = channel.kind === 'channel' || channel.kind === 'private';
    const name = isChannel ? `#${channel.name}` : channel.kind === 'dm_app' ? app.store.app.name : channel.name;
    const label = threadTs ? 'Reply in thread' : `Message ${name}`;
    box.setAttribute('aria-label', label);
    box.placeholder = threadTs ? 'Reply…' : label;
    box.value = drafts.get(channelId) ?? '';
    const outside = channel.is_member === false;
    const archived = channel.is_archived === true;
    const readOnly = channel.kind === 'dm_app' && app.store.app.dm_tabs?.read_only === true;
    frame.hidden = outside || readOnly || archived;
    join.hidden = !frame.hidden;
    join.replaceChildren();
    if (archived) join.append(h('span', {}, `${name} is archived: nobody can write here.`));
    else if (outside) join.append(h('span', {}, `You are not in ${name}.`));
    else if (readOnly) join.append(h('span', {}, `${name} only sends messages here; it does not read any.`));
    if (outside && !archived) join.append(h('button', { class: 'button button--primary', type: 'button', on: { click: () => app.join(channel.id) } }, 'Join channel'));
    changed();
  }

  /** After every change: height, send button, usage hint, completion. */
  function changed() {
    box.style.height = 'auto';
    box.style.height = `${Math.min(box.scrollHeight, 220)}px`;
    const text = box.value;
    sendButton.disabled = busy || !text.trim();
    completion.update();
    const command = !threadTs && /^(\/\S+)(?:\s|$)/.exec(text);
    const known = command && app.store.commands.find((item) => item.command === command[1]);
    const usage = known && !completion.isOpen() ? [known.command, known.usage_hint].filter(Boolean).join(' ') : '';
    setHint(usage);
  }

  function setHint(text) {
    hint.hidden = !text;
    hint.textContent = text;
    hint.title = text;
  }

  function setBusy(now) {
    busy = now;
    setHint(now && !threadTs ? `Waiting for ${app.store.app.name}…` : '');
    box.readOnly = now;
    setAttr(box, 'aria-busy', now ? 'true' : null);
    frame.classList.toggle('is-busy', now);
    sendButton.disabled = now || !box.value.trim();
    sendButton.classList.toggle('is-busy', now);
    sendButton.setAttribute('aria-label', now ? 'Waiting for the app' : 'Send');
  }

  async function send() {
    const text = box.value.trim();
    if (!text || busy || !channelId) return;
    const channel = channelId;
    completion.close();
    if (text.startsWith('/') && refuseCommand(text)) return;
    remember(text);
    box.value = '';
    setBusy(true);
    const failed = await app.sendText(channel, text, threadTs);
    setBusy(false);
    if (failed && channel === channelId && !box.value) box.value = text;
    changed();
  }

  /** Threads know no commands; the text stays to be used elsewhere. */
  function refuseCommand(text) {
    const name = text.split(/\s/, 1)[0];
    if (threadTs) {
      app.localNotice(channelId, `${name} is not supported in threads.`, threadTs);
      return true;
    }
    return false;
  }

  function remember(text) {
    if (sent.at(-1) !== text) sent.push(text);
    if (sent.length > RECALLED) sent.shift();
    recall = -1;
  }

  /** Up in an empty box brings back what was sent, as in a shell. */
  function recallSent(step) {
    const next = recall < 0 ? sent.length - 1 : recall + step;
    if (next < 0 || !sent.length) return false;
    recall = next >= sent.length ? -1 : next;
    box.value = recall < 0 ? '' : sent[recall];
    changed();
    completion.close();
    box.setSelectionRange(box.value.length, box.value.length);
    return true;
  }

  box.addEventListener('input', () => {
    recall = -1;
    changed();
  });
  box.addEventListener('click', () => completion.update());
  box.addEventListener('keydown', (event) => {
    if (event.isComposing) return;
    if (completion.onKey(event)) {
      changed();
      return;
    }
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      send();
    } else if (event.key === 'ArrowUp' && (box.value === '' || recall >= 0)) {
      if (recallSent(-1)) event.preventDefault();
    } else if (event.key === 'ArrowDown' && recall >= 0) {
      if (recallSent(1)) event.preventDefault();
    }
  });

  return { el, setChannel, insert, focus: () => box.focus({ preventScroll: true }) };
}
