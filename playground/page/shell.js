// The frame around everything, navigation, and the services the panes share.

import { readClock, readLink } from './client/api.js';
import { nowSeconds } from './client/clock.js';
import { connectLive } from './client/live.js';
import { readLocation, urlFor } from './location.js';
import { createConversation } from './panes/conversation.js';
import { createHeader } from './panes/header.js';
import { createHome } from './panes/home.js';
import { createModals } from './panes/modal.js';
import { createPersonSwitcher } from './panes/person-switcher.js';
import { createSidebar } from './panes/sidebar.js';
import { createThread } from './panes/thread.js';
import { keepRelativeTimes } from './text/mentions.js';
import { fill, h } from './ui/dom.js';
import { icon } from './ui/icons.js';
import { closePopovers } from './ui/popover.js';
import { createLauncher } from './tools/launcher.js';
import { toast } from './ui/toast.js';

const OFFLINE_SHOWN_AFTER = 600;

export async function startShell(root, { store, api, state }) {
  const app = new App(root, store, api);
  store.replace(state);
  app.mount();
  await app.restore({ replace: true });
  app.modals.sync();
}

class App extends EventTarget {
  constructor(root, store, api) {
    super();
    this.root = root;
    this.store = store;
    this.api = api;
    this.online = true;
    this.location = {};
    this.localCount = 0;
    this.env = {
      me: store.me,
      app: store.app,
      person: (id) => store.person(id),
      people: () => store.people,
      channel: (id) => store.channel(id),
      channels: () => store.channels.map((channel) => ({ ...channel, name: this.nameOf(channel) })),
      currentChannel: () => this.location.channel,
      channelUrl: (id) => this.urlOf({ channel: id }),
      openChannel: (id) => this.go({ channel: id }),
    };
  }

  on(topic, listener) {
    this.addEventListener(topic, () => listener());
  }

  mount() {
    const sidebar = createSidebar(this);
    const header = createHeader(this);
    const launcher = createLauncher(this);
    this.home = createHome(this);
    this.conversation = createConversation(this);
    this.thread = createThread(this);
    this.modals = createModals(this);
    this.menuButton = h('button', { class: 'icon-button topbar__menu', type: 'button', 'aria-label': 'Channels', 'aria-controls': 'sidebar', 'aria-expanded': 'false', on: { click: () => this.showSidebar(true) } }, icon('menu'));
    this.offline = h('div', { class: 'offline', role: 'status' });
    this.offline.hidden = true;
    this.pane = h('div', { class: 'main__pane', id: 'main-pane' });
    this.frame = h('div', { class: 'frame' }, sidebar.el,
      h('div', { class: 'backdrop', on: { click: () => this.showSidebar(false) } }),
      h('main', { class: 'main' }, header.el, this.pane), this.thread.el);
    fill(this.root,
      h('div', { class: 'topbar' }, this.menuButton, launcher.button, launcher.signs, h('span', { class: 'topbar__note' }, 'A local stand-in for Slack'), createPersonSwitcher(this)),
      this.offline, this.frame);
    this.root.className = 'app';
    const refreshTimes = keepRelativeTimes(this.env);
    this.store.on('clock', () => {
      refreshTimes();
      this.conversation.redate();
    });
    window.addEventListener('popstate', () => this.restore());
    document.addEventListener('keydown', (event) => event.key === 'Escape' && this.frame.classList.contains('shows-sidebar') && this.showSidebar(false));
    this.store.on('stale', () => this.refresh());
    this.connect();
  }

  connect() {
    let waiting = 0;
    connectLive({
      as: this.store.me.id,
      onEvent: (event) => this.store.apply(event),
      onBack: (first) => this.catchUp(first),
      onStatus: (online) => {
        clearTimeout(waiting);
        this.online = online;
        if (!online) this.store.heard = 0;
        if (online) this.offline.hidden = true;
        else waiting = setTimeout(() => {
          this.offline.hidden = false;
          fill(this.offline, h('span', { class: 'spinner', 'aria-hidden': 'true' }), ' Reconnecting…');
        }, OFFLINE_SHOWN_AFTER);
      },
    });
  }

  /** What happened while nobody listened; right after the start that is usually nothing. */
  async catchUp(first) {
    if (first) {
      const state = await this.api.state().catch(() => null);
      if (!state || state.revision === this.store.revision) return;
    } else {
      const [clock, link] = await Promise.all([readClock(), readLink()]).catch(() => []);
      if (clock) this.store.apply({ type: 'clock', ...clock });
      if (link) this.store.apply({ type: 'link', ...link });
    }
    await this.refresh({ messages: true });
  }

  /** Reads everything anew: after a reconnect, or when a channel came or went. */
  async refresh({ messages = false } = {}) {
    try {
      await this.store.read(() => this.api.state());
      if (!this.currentChannel()) await this.restore({ replace: true });
      await this.conversation.followMembership();
      if (messages) await Promise.all([this.conversation.reload(), this.thread.reload()]);
    } catch (error) {
      toast(error.message);
    }
  }

  /** Without a live connection the effects of a POST have to be asked for. */
  afterPost() {
    if (!this.online) this.refresh({ messages: true });
  }

  // Where we are

  currentChannel() {
    return this.store.channel(this.location.channel);
  }

  nameOf(channel) {
    return channel.kind === 'dm_app' ? this.store.app.name : channel.name;
  }

  personOf(channel) {
    return this.store.people.find((person) => person.real_name === channel.name || person.handle === channel.name);
  }

  isShowing(channelId) {
    return this.location.channel === channelId && this.location.tab !== 'home';
  }

  urlOf(change) {
    const next = { team: readLocation().team, as: this.store.me.id, ...this.location, ...change };
    if (change.channel && change.channel !== this.location.channel) Object.assign(next, { tab: null, thread: null });
    return urlFor(next);
  }

  /** Another team is seen as its first person. */
  teamUrl(team) {
    return urlFor(team === this.store.team.id ? { team, as: this.store.me.id } : { team });
  }

  defaultTab(channel) {
    const { dm_tabs: tabs = { home: true, messages: true } } = this.store.app;
    if (channel?.kind !== 'dm_app') return null;
    if (!tabs.home) return 'messages';
    return channel.unread && tabs.messages ? 'messages' : 'home';
  }

  async go(change) {
    closePopovers();
    this.showSidebar(false);
    const target = { ...this.location, ...change };
    if ('channel' in change && change.channel !== this.location.channel) Object.assign(target, { tab: null, thread: null });
    if (change.channel && change.channel === this.location.channel && !('thread' in change) && !('tab' in change)) {
      this.focusComposer();
      return;
    }
    const shown = this.show(target);
    history.pushState(null, '', this.urlOf({}));
    await shown;
    if ('channel' in change) this.focusComposer();
  }

  /** Shows what the URL says. */
  async restore({ replace = false } = {}) {
    const wanted = readLocation();
    const known = this.store.channel(wanted.channel)
      ?? ([this.store.app.id, this.store.app.bot_user_id].includes(wanted.channel) ? this.store.appChannel : null);
    const channel = known ?? this.store.channels.find((item) => item.kind === 'channel') ?? this.store.channels[0];
    if (!channel) {
      fill(this.pane, h('div', { class: 'empty' }, h('p', { class: 'empty__line' }, 'There is no channel here yet.')));
      return;
    }
    await this.show({ channel: channel.id, tab: known ? wanted.tab : null, thread: known ? wanted.thread : null });
    if (replace) history.replaceState(null, '', this.urlOf({}));
    this.focusComposer();
  }

  async show({ channel: id, tab, thread }) {
    const channel = this.store.channel(id);
    if (!channel) {
      toast('That conversation is not one of yours.');
      return;
    }
    const before = this.location;
    const shownTab = channel.kind === 'dm_app' ? tab ?? this.defaultTab(channel) : null;
    this.location = { channel: id, tab: shownTab, thread: shownTab === 'home' ? null : thread };
    this.dispatchEvent(new Event('navigated'));
    const isHome = shownTab === 'home';
    const pane = isHome ? this.home.el : this.conversation.el;
    if (this.pane.firstElementChild !== pane || this.pane.childElementCount !== 1) fill(this.pane, pane);
    const isTabbed = channel.kind === 'dm_app';
    for (const [name, value] of [['role', 'tabpanel'], ['aria-labelledby', `tab-${shownTab}`]]) {
      if (isTabbed) this.pane.setAttribute(name, value);
      else this.pane.removeAttribute(name);
    }
    if (isHome) {
      if (before.channel !== id || before.tab !== 'home') this.home.open();
    } else if (this.conversation.channelId !== id) {
      await this.conversation.show(channel);
    } else {
      this.conversation.markRead();
    }
    await this.thread.show(channel, this.location.thread);
  }

  updateTitle() {
    const channel = this.currentChannel();
    if (!channel) return;
    const unread = this.store.channels.reduce((sum, item) => sum + (item.unread ?? 0), 0);
    const name = channel.kind === 'channel' || channel.kind === 'private' ? `#${channel.name}` : this.nameOf(channel);
    document.title = `${unread ? `(${unread}) ` : ''}${name} | ${this.store.me.real_name} | Playground`;
  }

  showSidebar(shown) {
    if (this.frame.classList.contains('shows-sidebar') === shown) return;
    this.frame.classList.toggle('shows-sidebar', shown);
    this.menuButton.setAttribute('aria-expanded', String(shown));
    if (shown) this.frame.querySelector('.nav-link[aria-current], .nav-link')?.focus();
    else if (this.frame.querySelector('.sidebar').contains(document.activeElement)) this.menuButton.focus();
  }

  focusComposer() {
    const touch = window.matchMedia('(hover: none)').matches;
    if (!touch && !document.querySelector('dialog[open]') && this.location.tab !== 'home') this.conversation.composer.focus();
  }

  // What people do

  /** @returns {Promise<boolean>} true when it failed and the text should come back */
  async sendText(channel, text, threadTs) {
    try {
      const isCommand = text.startsWith('/');
      const answer = isCommand ? await this.api.command(channel, text) : await this.api.message(channel, text, threadTs);
      this.afterPost();
      if (/^\/leave\b/.test(text)) await this.refresh();
      if (answer.ok !== false) return false;
      // A failed command has its notice among the messages already.
      if (isCommand) return answer.error === 'invalid_command';
      toast(`The message was not sent: ${answer.error ?? 'no reason given'}.`);
      return true;
    } catch (error) {
      toast(error.message);
      return true;
    }
  }

  async runShortcut(shortcut, channel, ts) {
    try {
      const answer = await this.api.shortcut(shortcut.callback_id, channel, ts);
      if (answer.ok === false) toast(answer.error ?? `${shortcut.name} did not work.`);
      this.afterPost();
    } catch (error) {
      toast(error.message);
    }
  }

  /** The direct messages with a person; they begin with the first look at them. */
  async openDirect(personId) {
    try {
      const before = new Set(this.store.channels.map((channel) => channel.id));
      await this.api.messages(personId, { limit: 1 });
      await this.store.read(() => this.api.state());
      const name = this.store.person(personId)?.real_name;
      const all = this.store.channels.filter((channel) => channel.kind === 'dm');
      const found = all.find((channel) => !before.has(channel.id)) ?? all.find((channel) => channel.name === name);
      if (found) await this.go({ channel: found.id });
      else toast(`There are no direct messages with ${name ?? 'that person'}.`);
    } catch (error) {
      toast(error.message);
    }
  }

  async leave(channel) {
    if (!(await this.sendText(channel, '/leave'))) this.focusComposer();
  }

  async join(channel) {
    try {
      const answer = await this.api.join(channel);
      if (answer.ok === false) toast(answer.error ?? 'Joining did not work.');
      await this.refresh();
    } catch (error) {
      toast(error.message);
    }
  }

  /** A line only this page knows about, as Slack's client writes for unknown commands. */
  localNotice(channel, text, threadTs) {
    this.localCount += 1;
    const seconds = Math.floor(nowSeconds());
    this.store.emit('message', {
      message: {
        ts: `${seconds}.9${String(this.localCount).padStart(5, '0')}`, channel, user: 'local', name: 'Playground', text, blocks: [], ephemeral: true, notice: true, local: true, thread_ts: threadTs,
      },
    });
  }
}
