// A channel's or direct message's messages with the composer under them.

import { h } from '../ui/dom.js';
import { toast } from '../ui/toast.js';
import { createComposer } from './composer.js';
import { dismissedIn, dismiss } from './dismissed.js';
import { introFor } from './intro.js';
import { MessageList } from './message-list.js';

const PAGE = 200;
const LOADING_SHOWN_AFTER = 200;

export const inChannel = (message) => !message.thread_ts || message.thread_ts === message.ts;

export function createConversation(app) {
  const composer = createComposer(app);
  const holder = h('div', { class: 'conversation__messages' });
  const el = h('section', { class: 'conversation' }, holder, composer.el);
  let channelId = null;
  let list = null;
  let loads = 0;
  let readTimer = 0;
  let news = false;
  let asMember = true;

  function newList(channel) {
    const name = channel.kind === 'channel' || channel.kind === 'private' ? `#${channel.name}` : app.nameOf(channel);
    return new MessageList(app, {
      label: `Messages in ${name}`,
      onThread: (ts) => app.go({ thread: ts }),
      onDismiss: (ts) => {
        dismiss(app.env.me.id, ts);
        list.remove(ts);
      },
      onSeen: markRead,
      loadOlder: async (before) => {
        try {
          const page = await app.api.messages(channel.id, { before, limit: PAGE });
          return { ...page, messages: visible(page.messages) };
        } catch (error) {
          toast(error.message);
          return null;
        }
      },
    });
  }

  const visible = (messages) => {
    const gone = dismissedIn(app.env.me.id);
    return messages.filter((message) => inChannel(message) && !gone.has(message.ts));
  };

  async function show(channel) {
    composer.setChannel(channel);
    channelId = channel.id;
    asMember = channel.is_member !== false;
    news = channel.kind === 'dm_app';
    list = newList(channel);
    list.setIntro(introFor(app, channel, (text) => composer.insert(text)));
    holder.replaceChildren(list.el);
    await load({ newCount: channel.unread ?? 0, first: true });
  }

  /** Reads the newest messages; after a reconnect what is drawn already is kept. */
  async function load({ newCount = 0, first = false } = {}) {
    loads += 1;
    const mine = loads;
    const shown = list;
    const slow = setTimeout(() => first && mine === loads && shown.el.classList.add('is-loading'), LOADING_SHOWN_AFTER);
    try {
      const page = await shown.read(() => app.api.messages(channelId, { limit: PAGE }));
      if (mine !== loads) return;
      const local = first ? [] : shown.localMessages();
      shown.reset([...visible(page.messages), ...local], page.has_more, { newCount });
      markRead();
    } catch (error) {
      toast(error.message);
    } finally {
      clearTimeout(slow);
      shown.el.classList.remove('is-loading');
    }
  }

  /** Marks the channel read when its end is on screen and something new has come. */
  function markRead() {
    const channel = app.store.channel(channelId);
    if (!(channel?.unread || news) || channel?.is_member === false) return;
    if (document.hidden || !app.isShowing(channelId) || !list?.atEnd) return;
    news = false;
    clearTimeout(readTimer);
    readTimer = setTimeout(() => {
      app.store.setUnread(channel.id, 0);
      app.api.read(channel.id).catch((error) => toast(error.message));
    }, 60);
  }

  app.store.on('message', ({ message }) => {
    if (message.channel !== channelId || !list || !inChannel(message)) return;
    news = news || !message.local;
    list.upsert(message, { speak: true });
    markRead();
  });
  app.store.on('message_changed', ({ message }) => {
    if (message.channel !== channelId || !list || !inChannel(message)) return;
    list.change(message);
  });
  app.store.on('message_deleted', ({ channel, ts }) => {
    if (channel === channelId) list?.remove(ts);
  });
  app.store.on('unread', ({ channel, unread }) => {
    app.store.setUnread(channel, unread);
    if (channel === channelId) markRead();
  });
  document.addEventListener('visibilitychange', markRead);

  return {
    el, show, reload: () => list && load(), composer, markRead,
    /** After the clock was moved: another day may be today. */
    redate: () => list?.redate(),
    /** After a new state: somebody may have joined or left the channel on screen. */
    async followMembership() {
      const channel = app.store.channel(channelId);
      if (channel && (channel.is_member !== false) !== asMember) await show(channel);
    },
    get channelId() {
      return channelId;
    },
  };
}
