// A scrolling list of messages: knows all that were read, draws those around what is in sight,
// loads older ones above, stays at the end.

import { compareTs } from '../client/store.js';
import { announce } from '../ui/announce.js';
import { fill, h } from '../ui/dom.js';
import { icon } from '../ui/icons.js';
import { MessageEntry, spokenMessage } from './message.js';

const NEAR_END = 60;
/** Pixels from an edge at which more is drawn. */
const NEAR_EDGE = 900;
const MOST_DRAWN = 120;
const STEP = 30;

export class MessageList {
  /**
   * @param {object} app
   * @param {{label: string, inThread?: boolean, loadOlder?: (before: string) => Promise<object>, onThread?: (ts: string) => void,
   *   onDismiss: (ts: string) => void, onSeen?: () => void}} options
   */
  constructor(app, options) {
    this.app = app;
    this.options = options;
    // All known messages, and the entries of those from `start` on that are drawn.
    this.rows = [];
    this.start = 0;
    this.entries = [];
    this.byTs = new Map();
    this.known = new Set();
    this.surfaces = new Map();
    this.readers = new Set();
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

  get end() {
    return this.start + this.entries.length;
  }

  localMessages() {
    return this.rows.filter((message) => message.local);
  }

  /**
   * Asks for a page of messages. What came, changed or went while the answer was on its way is
   * newer than the answer, and stands in it.
   */
  async read(ask) {
    const news = new Map();
    this.readers.add(news);
    try {
      const page = await ask();
      if (!page) return null;
      const asked = new Set(page.messages.map((message) => message.ts));
      const oldest = page.messages.reduce((ts, message) => (compareTs(message.ts, ts) < 0 ? message.ts : ts), '9e9');
      const isHere = (ts) => asked.has(ts) || (this.known.has(ts) && (!page.has_more || compareTs(ts, oldest) > 0));
      const late = [...news].filter(([ts, message]) => message && isHere(ts));
      const same = page.messages.filter((message) => !news.has(message.ts));
      return { ...page, messages: [...same, ...late.map(([, message]) => message)] };
    } finally {
      this.readers.delete(news);
    }
  }

  note(ts, message) {
    for (const news of this.readers) news.set(ts, message);
  }

  /** Replaces everything; keeps drawn entries whose messages are the same. */
  reset(messages, hasMore, { newCount = 0 } = {}) {
    const sorted = [...new Map(messages.map((message) => [message.ts, message])).values()].sort((a, b) => compareTs(a.ts, b.ts));
    this.newFrom = null;
    if (newCount > 0) {
      const others = sorted.filter((message) => message.user !== this.app.env.me.id);
      const first = others[Math.max(0, others.length - newCount)];
      this.newFrom = first && first !== sorted[0] ? first.ts : null;
    }
    this.rows = sorted;
    this.known = new Set(sorted.map((message) => message.ts));
    this.hasMore = hasMore;
    this.draw(Math.max(0, sorted.length - MOST_DRAWN), sorted.length);
    this.toEnd();
  }

  /** Adds or changes one message as it happens. */
  upsert(message, { speak = false } = {}) {
    this.note(message.ts, message);
    if (this.known.has(message.ts)) {
      this.rows[this.indexOf(message.ts)] = message;
      this.byTs.get(message.ts)?.update(message);
      return;
    }
    const stay = this.atEnd || message.user === this.app.env.me.id || message.ephemeral || message.notice;
    const wasWhole = this.end === this.rows.length;
    let index = this.rows.length;
    while (index > 0 && compareTs(this.rows[index - 1].ts, message.ts) > 0) index -= 1;
    this.rows.splice(index, 0, message);
    this.known.add(message.ts);
    if (index < this.start) this.start += 1;
    else if (index < this.end || wasWhole) this.insert(index - this.start, message);
    if (stay) this.toEnd();
    else this.jump.hidden = false;
    if (speak && message.user !== this.app.env.me.id) announce(spokenMessage(message, this.app.env));
  }

  /** Changes one message, if it is here or on its way. */
  change(message) {
    if (this.known.has(message.ts)) this.upsert(message);
    else this.note(message.ts, message);
  }

  insert(at, message) {
    const entry = this.make(message);
    this.list.insertBefore(entry.el, this.entries[at]?.el ?? null);
    this.entries.splice(at, 0, entry);
    this.placeAt(at);
    this.placeAt(at + 1);
    if (this.atEnd && this.entries.length > MOST_DRAWN + STEP) this.draw(this.end - MOST_DRAWN, this.end);
    this.markTabStop();
  }

  remove(ts) {
    this.note(ts, null);
    if (!this.known.delete(ts)) return;
    const index = this.indexOf(ts);
    this.rows.splice(index, 1);
    this.surfaces.delete(ts);
    if (index < this.start) {
      this.start -= 1;
      return;
    }
    const entry = this.byTs.get(ts);
    if (!entry) return;
    const hadFocus = entry.el.contains(document.activeElement);
    this.entries.splice(index - this.start, 1);
    this.byTs.delete(ts);
    entry.el.remove();
    this.placeAt(index - this.start);
    this.markTabStop();
    if (hadFocus) this.entries.at(-1)?.article.focus({ preventScroll: true });
  }

  get isEmpty() {
    return !this.rows.length;
  }

  indexOf(ts) {
    let [low, high] = [0, this.rows.length - 1];
    while (low <= high) {
      const middle = (low + high) >> 1;
      const order = compareTs(this.rows[middle].ts, ts);
      if (order === 0) return middle;
      if (order < 0) low = middle + 1;
      else high = middle - 1;
    }
    return -1;
  }

  make(message) {
    const entry = new MessageEntry(this.app, message, {
      inThread: this.options.inThread, onThread: this.options.onThread, onDismiss: this.options.onDismiss, surface: this.surfaces.get(message.ts),
    });
    this.byTs.set(message.ts, entry);
    return entry;
  }

  /** Draws the messages from one place to another; what is drawn already stays. */
  draw(from, to) {
    const wanted = this.rows.slice(from, to);
    const keep = new Set(wanted.map((message) => message.ts));
    for (const entry of this.entries) {
      if (keep.has(entry.ts)) continue;
      // What stands in its fields comes back with it.
      if (entry.surface.values.size) this.surfaces.set(entry.ts, entry.surface);
      this.byTs.delete(entry.ts);
      entry.el.remove();
    }
    let at = this.list.firstElementChild;
    this.start = from;
    this.entries = wanted.map((message) => {
      const known = this.byTs.get(message.ts);
      if (known && known.message !== message) known.update(message);
      const entry = known ?? this.make(message);
      if (entry.el === at) at = at.nextElementSibling;
      else this.list.insertBefore(entry.el, at);
      return entry;
    });
    this.entries.forEach((_, index) => this.placeAt(index));
    const isWhole = from === 0 && !this.hasMore;
    this.older.hidden = isWhole;
    this.intro.hidden = !isWhole;
    this.markTabStop(this.entries.includes(this.tabStop) ? this.tabStop : undefined);
  }

  /** Draws another part of the list while what is in sight stays where it is. */
  move(from, to) {
    const edge = this.scroller.getBoundingClientRect().top;
    const bottom = (entry) => entry.article.getBoundingClientRect().bottom;
    const anchor = this.entries.find((entry) => bottom(entry) > edge) ?? this.entries[0];
    const before = anchor && bottom(anchor);
    this.draw(Math.max(0, from), Math.min(this.rows.length, to));
    if (anchor?.article.isConnected) this.scroller.scrollTop += bottom(anchor) - before;
  }

  placeAt(index, anew = false) {
    const entry = this.entries[index];
    if (entry) entry.place(this.entries[index - 1], { newLine: entry.ts === this.newFrom, anew });
  }

  redate() {
    this.entries.forEach((_, index) => this.placeAt(index, true));
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

  /** Earlier messages: those read before, else the next page. */
  async showOlder() {
    if (this.loading || !this.rows.length) return;
    if (this.start > 0) {
      this.move(this.start - STEP, Math.min(this.end, this.start - STEP + MOST_DRAWN));
      return;
    }
    if (!this.hasMore) return;
    this.loading = true;
    this.older.disabled = true;
    this.older.classList.add('is-busy');
    const page = await this.read(() => this.options.loadOlder(this.rows[0].ts));
    if (page) {
      const older = page.messages.filter((message) => !this.known.has(message.ts)).sort((a, b) => compareTs(a.ts, b.ts));
      for (const message of older) this.known.add(message.ts);
      this.rows.unshift(...older);
      this.start += older.length;
      this.hasMore = page.has_more && older.length > 0;
      this.move(this.start - STEP, Math.min(this.end, this.start - STEP + MOST_DRAWN));
    }
    this.older.disabled = false;
    this.older.classList.remove('is-busy');
    this.loading = false;
  }

  showNewer() {
    const to = Math.min(this.rows.length, this.end + STEP);
    this.move(Math.max(this.start, to - MOST_DRAWN), to);
  }

  toEnd() {
    if (this.end < this.rows.length) this.draw(Math.max(0, this.rows.length - MOST_DRAWN), this.rows.length);
    this.scroller.scrollTop = this.scroller.scrollHeight;
    this.atEnd = true;
    this.jump.hidden = true;
    this.options.onSeen?.();
  }

  scrolled() {
    const { scrollTop, scrollHeight, clientHeight } = this.scroller;
    const wasAtEnd = this.atEnd;
    const below = scrollHeight - scrollTop - clientHeight;
    this.atEnd = below < NEAR_END && this.end === this.rows.length;
    if (this.atEnd) this.jump.hidden = true;
    if (this.atEnd && !wasAtEnd) this.options.onSeen?.();
    if (scrollTop < NEAR_EDGE) this.showOlder();
    else if (below < NEAR_EDGE && this.end < this.rows.length) this.showNewer();
  }
}
