// What the page knows: people, channels, commands, views. Panes listen to the topics they draw.

import { setClock } from './clock.js';

/** Events that count in nobody's revision; `hello` tells it. */
const UNCOUNTED = new Set(['hello', 'clock', 'link']);

/** Orders message timestamps ("1700000000.000100") as numbers, not as text. */
export function compareTs(a, b) {
  const [aSeconds, aPart = '0'] = String(a).split('.');
  const [bSeconds, bPart = '0'] = String(b).split('.');
  return Number(aSeconds) - Number(bSeconds) || Number(aPart) - Number(bPart);
}

export class Store extends EventTarget {
  constructor({ team, app, people, teams = [], me, clock, link }) {
    super();
    this.team = team;
    this.app = app;
    this.people = people;
    this.teams = teams;
    this.link = link;
    setClock(clock);
    this.me = me;
    this.channels = [];
    this.commands = [];
    this.shortcuts = [];
    this.views = [];
    this.home = null;
    this.heard = 0;
    this.peopleById = new Map(people.map((person) => [person.id, person]));
  }

  on(topic, listener) {
    this.addEventListener(topic, (event) => listener(event.detail));
  }

  emit(topic, detail) {
    this.dispatchEvent(new CustomEvent(topic, { detail }));
  }

  person(id) {
    return this.peopleById.get(id);
  }

  channel(id) {
    return this.channels.find((channel) => channel.id === id);
  }

  get appChannel() {
    return this.channels.find((channel) => channel.kind === 'dm_app');
  }

  /** Takes over a full /ui/state answer. */
  replace(state) {
    const others = (state.other_channels ?? []).map((channel) => ({ ...channel, is_member: false }));
    this.channels = [...(state.channels ?? []), ...others];
    this.commands = state.commands ?? [];
    this.shortcuts = state.shortcuts ?? [];
    this.views = state.views ?? [];
    this.home = state.home ?? null;
    this.revision = state.revision;
    this.emit('channels');
    this.emit('commands');
    this.emit('views');
    this.emit('home');
  }

  /** Asks for the state and takes it over; an answer older than what was heard meanwhile is asked for again. */
  async read(ask) {
    let state = await ask();
    while (state.revision < this.heard) state = await ask();
    this.replace(state);
  }

  setUnread(channelId, unread) {
    const channel = this.channel(channelId);
    if (!channel || channel.unread === unread) return;
    channel.unread = unread;
    this.emit('channels');
  }

  /** Applies one live event; message events are passed on to whoever shows that channel. */
  apply(event) {
    if (!UNCOUNTED.has(event.type)) this.heard += 1;
    switch (event.type) {
      case 'hello':
        this.heard = event.revision;
        break;
      case 'message':
        // The first message of a person one has not talked to yet.
        if (!this.channel(event.message.channel)) this.emit('stale');
        this.emit(event.type, event);
        break;
      case 'message_changed':
      case 'message_deleted':
        this.emit(event.type, event);
        break;
      case 'unread':
        this.emit('unread', event);
        break;
      case 'view_opened':
        this.views = [event.view];
        this.emit('views');
        break;
      case 'view_pushed':
        this.views = [...this.views.filter((view) => view.id !== event.view.id), event.view];
        this.emit('views');
        break;
      case 'view_updated':
        this.updateView(event.view);
        break;
      case 'view_closed':
        this.views = this.views.filter((view) => view.id !== event.view_id);
        this.emit('views');
        break;
      case 'views_cleared':
        this.views = [];
        this.emit('views');
        break;
      case 'home_published':
        this.home = event.view;
        this.emit('home');
        break;
      case 'clock':
        setClock(event);
        this.emit('clock');
        break;
      case 'link':
        this.link = event;
        this.emit('link');
        break;
      case 'channel_added':
      case 'channel_removed':
        this.emit('stale');
        break;
      default:
        break;
    }
  }

  setApp(app, teams) {
    this.app = Object.assign(this.app, app);
    this.teams = teams ?? this.teams;
    this.emit('app');
  }

  updateView(view) {
    if (view.type === 'home') {
      this.home = view;
      this.emit('home');
      return;
    }
    this.views = this.views.map((shown) => (shown.id === view.id ? view : shown));
    this.emit('views');
  }
}
