// A scrolling list of messages: appends in place, loads older ones above, stays at the end.

import { compareTs } from '../client/store.js';
import { announce } from '../ui/announce.js';
import { fill, h } from '../ui/dom.js';
import { icon } from '../ui/icons.js';
import { MessageEntry, spokenMessage } from './message.js';

const NEAR_END = 60;

export class MessageList {
  /**
   * @param {object} app
   * @param {{label: string, inThread?: boolean, loadOlder?: (before: string) => Promise<object>, onThread?: (ts: string) => void,
   *   onDismiss: (ts: string) => void, onSeen?: () => void}} options
   */
  constructor(app, options) {
    this.app = app;
    this.options = options;
    this.entries = [];
    this.byTs = new Map();
    this.hasMore = false;
    this.loading = false;
    this.atEnd = true;
    this.newFrom = null;
    this.intro = h('div', { class: 'messages__intro' });
    this.older = h('button', { class: 'button button--small messages__older', type: 'button', on: { click: () => this.showOlder() } }, 'Show earlier messages');
    this.older.hidden = true;
    this.list = h('div', { class: 'messages__list', role: 'region', 'aria-label': options.label });
    this.inner = h('div', { class: 'messages__inner' }, h('div', { class: 'messages__space' }), this.intro, this.older, this.list);
    this.scroller = h('div', { class: 'messages__scroller' }, this.inner);
    this.jump = h('button', { class: 'messages__jump', type: 'button', on: { click: () => this.toEnd() } }, icon('down', 16), h('span', {}, 'New messages'));
    this.jump.hidden = true;
    this.el = h('div', { class: 'messages' }, this.scroller, this.jump);
    this.scroller.addEventListener('scroll', () => this.scrolled(), { passive: true });
    this.list.addEventListener('keydown', (event) => this.onKey(event));
    // Content that grows late (images, spared-out drawing) must not move the end out of sight.
    const observer = new ResizeObserver(() => this.atEnd && this.toEnd());
    observer.observe(this.inner);
    observer.observe(this.scroller);
  }

  setIntro(...nodes) {
    fill(this.intro, nodes);
  }

  /** Replaces everything; keeps drawn entries whose messages are the same. */
  reset(messages, hasMore, { newCount = 0 } = {}) {
    const wanted = new Set(messages.map((message) => message.ts));
    for (const ts of [...this.byTs.keys()]) if (!wanted.has(ts)) this.drop(ts);
    const sorted = [...messages].sort((a, b) => compareTs(a.ts, b.ts));
    this.newFrom = null;
    if (newCount > 0) {
      const others = sorted.filter((message) => message.user !== this.app.env.me.id);
      const first = others[Math.max(0, others.length - newCount)];
      this.newFrom = first && first !== sorted[0] ? first.ts : null;
    }
    for (const message of sorted) this.insert(message);
    this.hasMore = hasMore;
    this.older.hidden = !hasMore;
    this.intro.hidden = hasMore;
    this.replaceAll();
    this.toEnd();
  }

  /** Adds or changes one message as it happens. */
  upsert(message, { speak = false } = {}) {
    const known = this.byTs.get(message.ts);
    if (known) {
      known.update(message);
      return;
    }
    const stay = this.atEnd || message.user === this.app.env.me.id || message.ephemeral || message.notice;
    const index = this.insert(message);
    this.placeAt(index);
    this.placeAt(index + 1);
    this.markTabStop();
    if (stay) this.toEnd();
    else this.jump.hidden = false;
    if (speak && message.user !== this.app.env.me.id) announce(spokenMessage(message, this.app.env));
  }

  remove(ts) {
    const index = this.entries.findIndex((entry) => entry.ts === ts);
    if (index < 0) return;
    this.drop(ts);
    this.placeAt(index);
    this.markTabStop();
  }

  get isEmpty() {
    return !this.entries.length;
  }

  insert(message) {
    const known = this.byTs.get(message.ts);
    if (known) {
      known.update(message);
      return this.entries.indexOf(known);
    }
    const entry = new MessageEntry(this.app, message, { inThread: this.options.inThread, onThread: this.options.onThread, onDismiss: this.options.onDismiss });
    let index = this.entries.length;
    while (index > 0 && compareTs(this.entries[index - 1].ts, message.ts) > 0) index -= 1;
    this.entries.splice(index, 0, entry);
    this.byTs.set(message.ts, entry);
    this.list.insertBefore(entry.el, this.entries[index + 1]?.el ?? null);
    return index;
  }

  drop(ts) {
    const entry = this.byTs.get(ts);
    this.byTs.delete(ts);
    this.entries.splice(this.entries.indexOf(entry), 1);
    const hadFocus = entry.el.contains(document.activeElement);
    entry.el.remove();
    if (hadFocus) this.entries.at(-1)?.article.focus({ preventScroll: true });
  }

  placeAt(index) {
    const entry = this.entries[index];
    if (entry) entry.place(this.entries[index - 1], { newLine: entry.ts === this.newFrom });
  }

  replaceAll() {
    this.entries.forEach((_, index) => this.placeAt(index));
    this.markTabStop();
  }

  /** One message is in the tab order; arrow keys go to the others. */
  markTabStop(entry = this.entries.at(-1)) {
    if (this.tabStop === entry) return;
    if (this.tabStop) this.setTabStop(this.tabStop, -1);
    this.tabStop = entry;
    if (entry) this.setTabStop(entry, 0);
  }

  setTabStop(entry, tabIndex) {
    entry.article.tabIndex = tabIndex;
    for (const button of entry.article.querySelectorAll('.message__tools button')) button.tabIndex = tabIndex;
  }

  onKey(event) {
    if (!['ArrowUp', 'ArrowDown'].includes(event.key) || !event.target.matches('article')) return;
    const at = this.entries.findIndex((entry) => entry.article === event.target);
    const next = this.entries[at + (event.key === 'ArrowUp' ? -1 : 1)];
    if (!next) return;
    event.preventDefault();
    this.markTabStop(next);
    next.article.focus();
  }

  async showOlder() {
    if (this.loading || !this.hasMore || !this.entries.length) return;
    this.loading = true;
    this.older.disabled = true;
    this.older.classList.add('is-busy');
    const page = await this.options.loadOlder(this.entries[0].ts);
    if (page) {
      const top = this.scroller.getBoundingClientRect().top;
      const anchor = this.entries.find((entry) => entry.article.getBoundingClientRect().bottom > top) ?? this.entries[0];
      const before = anchor.article.getBoundingClientRect().bottom;
      const first = page.messages.length;
      const sorted = [...page.messages].sort((a, b) => compareTs(a.ts, b.ts)).filter((message) => !this.byTs.has(message.ts));
      const added = sorted.map((message) => new MessageEntry(this.app, message, { inThread: this.options.inThread, onThread: this.options.onThread, onDismiss: this.options.onDismiss }));
      this.entries.unshift(...added);
      for (const entry of added) this.byTs.set(entry.ts, entry);
      this.list.prepend(...added.map((entry) => entry.el));
      this.hasMore = page.has_more && first > 0;
      for (let index = 0; index <= added.length; index += 1) this.placeAt(index);
      this.older.hidden = !this.hasMore;
      this.intro.hidden = this.hasMore;
      this.scroller.scrollTop += anchor.article.getBoundingClientRect().bottom - before;
    }
    this.older.disabled = false;
    this.older.classList.remove('is-busy');
    this.loading = false;
  }

  toEnd() {
    this.scroller.scrollTop = this.scroller.scrollHeight;
    this.atEnd = true;
    this.jump.hidden = true;
    this.options.onSeen?.();
  }

  scrolled() {
    const { scrollTop, scrollHeight, clientHeight } = this.scroller;
    const wasAtEnd = this.atEnd;
    this.atEnd = scrollHeight - scrollTop - clientHeight < NEAR_END;
    if (this.atEnd) this.jump.hidden = true;
    if (this.atEnd && !wasAtEnd) this.options.onSeen?.();
    if (scrollTop < 300) this.showOlder();
  }
}
