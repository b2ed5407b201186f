// The pane beside the messages: one thread.

import { h } from '../ui/dom.js';
import { icon } from '../ui/icons.js';
import { toast } from '../ui/toast.js';
import { createComposer } from './composer.js';
import { dismiss, dismissedIn } from './dismissed.js';
import { MessageList } from './message-list.js';

export function createThread(app) {
  const holder = h('div', { class: 'thread__content' });
  const place = h('span', { class: 'thread__place' });
  const el = h('aside', {
    class: 'thread',
    'aria-label': 'Thread',
    on: { keydown: (event) => event.key === 'Escape' && !event.defaultPrevented && close() },
  }, h('div', { class: 'thread__head' }, h('h2', { class: 'thread__title' }, 'Thread'), place,
    h('button', { class: 'icon-button', type: 'button', 'aria-label': 'Close the thread', on: { click: () => close() } }, icon('close'))), holder);
  el.hidden = true;
  let open = null;
  let list = null;
  let composer = null;

  function close() {
    app.go({ thread: null });
    app.focusComposer();
  }

  function belongs(message) {
    return open && message.channel === open.channel && (message.thread_ts === open.ts || message.ts === open.ts);
  }

  async function load() {
    const mine = open;
    try {
      const page = await list.read(() => app.api.messages(mine.channel, { thread: mine.ts }));
      if (mine !== open) return;
      const gone = dismissedIn(app.env.me.id);
      list.reset(page.messages.filter((message) => belongs(message) && !gone.has(message.ts)), false);
    } catch (error) {
      toast(error.message);
    }
  }

  async function show(channel, ts) {
    el.hidden = !ts;
    if (!ts) {
      open = null;
      holder.replaceChildren();
      return;
    }
    if (open?.ts === ts && open.channel === channel.id) return;
    open = { channel: channel.id, ts };
    place.textContent = channel.kind === 'channel' || channel.kind === 'private' ? `#${channel.name}` : app.nameOf(channel);
    list = new MessageList(app, {
      label: 'Messages in the thread',
      inThread: true,
      onDismiss: (dismissed) => {
        dismiss(app.env.me.id, dismissed);
        list.remove(dismissed);
      },
    });
    composer = createComposer(app, { threadTs: ts });
    composer.setChannel(channel);
    holder.replaceChildren(list.el, composer.el);
    await load();
    composer?.focus();
  }

  app.store.on('message', ({ message }) => belongs(message) && list.upsert(message, { speak: true }));
  app.store.on('message_changed', ({ message }) => belongs(message) && list.change(message));
  app.store.on('message_deleted', ({ channel, ts }) => open?.channel === channel && list.remove(ts));

  return { el, show, reload: () => open && load() };
}
