// One message: article with author, time, text or blocks, tools.

import { renderBlocks } from '../blocks/index.js';
import { Surface } from '../blocks/surface.js';
import { dayKey, dayLabel, fullTime, timeOf } from '../text/dates.js';
import { emojiCharacter } from '../text/emoji.js';
import { renderMrkdwn } from '../text/mrkdwn.js';
import { avatar } from '../ui/avatar.js';
import { fill, h, visuallyHidden } from '../ui/dom.js';
import { icon } from '../ui/icons.js';
import { attachMenu } from '../ui/menu.js';
import { fillAttachments, fillFiles } from './message-extras.js';

export const GROUP_WITHIN = 300;

/** An entry of a message list: the article, with room for a day line above it. */
export class MessageEntry {
  /**
   * @param {object} app the page's services
   * @param {object} message
   * @param {{inThread: boolean, onDismiss: (ts: string) => void, onThread: (ts: string) => void, surface?: Surface}} options
   */
  constructor(app, message, options) {
    this.app = app;
    this.options = options;
    this.ts = message.ts;
    this.seconds = Number(String(message.ts).split('.')[0]);
    this.day = dayKey(this.seconds, app.env.me.tz);
    this.surface = options.surface ?? new Surface(app, { type: 'message', channel: message.channel, ts: message.ts });
    this.text = h('div', { class: 'message__text mrkdwn' });
    this.blocks = h('div', { class: 'message__blocks' });
    this.extras = h('div', { class: 'message__extras' });
    this.foot = h('div', { class: 'message__foot' });
    this.article = h('article', { class: 'message', tabIndex: -1, dataset: { ts: message.ts, channel: message.channel } });
    this.el = h('div', { class: 'entry' }, this.article);
    this.buildFrame(message);
    this.update(message);
  }

  get me() {
    return this.app.env.me;
  }

  buildFrame(message) {
    const { tz } = this.me;
    const name = authorName(message, this.app.env);
    const person = this.app.env.person(message.user);
    const time = (className) => h('time', { class: className, datetime: new Date(this.seconds * 1000).toISOString(), title: fullTime(this.seconds, tz) }, timeOf(this.seconds, tz));
    const hidden = message.ephemeral || message.notice;
    this.name = name;
    this.article.append(
      h('div', { class: 'message__gutter' },
        avatar({ id: message.user, name, color: person?.color, app: message.is_app, notice: message.notice }),
        time('message__side-time')),
      h('div', { class: 'message__main' },
        h('div', { class: 'message__head' },
          h('span', { class: 'message__name' }, name),
          message.is_app ? h('span', { class: 'badge' }, 'APP') : null,
          time('message__time')),
        hidden ? h('div', { class: 'message__private' }, icon('eye', 16), h('span', {}, 'Only visible to you'),
          h('button', { class: 'text-button', type: 'button', on: { click: () => this.options.onDismiss(this.ts) } }, 'Dismiss')) : null,
        this.text, this.blocks, this.extras, this.foot),
    );
    this.article.classList.toggle('message--ephemeral', Boolean(hidden));
    this.article.classList.toggle('message--notice', Boolean(message.notice));
    const tools = this.tools(message);
    if (tools) this.article.append(tools);
    this.article.setAttribute('aria-label', `${name}, ${timeOf(this.seconds, tz)}${hidden ? ', only visible to you' : ''}`);
  }

  tools(message) {
    if (message.ephemeral || message.notice) return null;
    const shortcuts = this.app.store.shortcuts.filter((shortcut) => shortcut.type === 'message');
    const buttons = [];
    if (!this.options.inThread) {
      buttons.push(h('button', { class: 'icon-button', type: 'button', tabIndex: -1, title: 'Reply in thread', 'aria-label': 'Reply in thread', on: { click: () => this.options.onThread(this.ts) } }, icon('reply', 18)));
    }
    if (shortcuts.length) {
      const more = h('button', { class: 'icon-button', type: 'button', tabIndex: -1, title: 'More actions', 'aria-label': 'More actions' }, icon('more', 18));
      attachMenu(more, () => shortcuts.map((shortcut) => ({
        label: shortcut.name,
        description: shortcut.description || this.app.env.app.name,
        select: () => this.app.runShortcut(shortcut, message.channel, message.ts),
      })), { label: 'Message actions' });
      buttons.push(more);
    }
    return buttons.length ? h('div', { class: 'message__tools', role: 'group', 'aria-label': 'Message tools' }, buttons) : null;
  }

  /** Shows the message as it is now; what did not change stays in place. */
  update(message) {
    this.message = message;
    const { env } = this.app;
    const blocks = message.blocks ?? [];
    const hasBlocks = blocks.length > 0;
    const edited = message.edited && !this.isHidden ? h('span', { class: 'message__edited' }, '(edited)') : null;
    this.text.hidden = hasBlocks || !message.text;
    if (!this.text.hidden) {
      fill(this.text, renderMrkdwn(message.text, env));
      if (edited) this.text.append(' ', edited);
    }
    this.blocks.hidden = !hasBlocks;
    renderBlocks(this.blocks, blocks, this.surface);
    const attachments = JSON.stringify([message.attachments, message.files]);
    if (attachments !== this.attachmentsShown) {
      this.attachmentsShown = attachments;
      this.extras.replaceChildren();
      fillAttachments(this.extras, message.attachments ?? [], this.surface, message);
      fillFiles(this.extras, message.files ?? []);
    }
    fill(this.foot, hasBlocks ? edited : null, this.reactions(message), this.threadLink(message));
    this.foot.hidden = !this.foot.childElementCount;
  }

  reactions(message) {
    const reactions = message.reactions ?? [];
    if (!reactions.length) return null;
    return h('ul', { class: 'reactions', 'aria-label': 'Reactions' }, reactions.map((reaction) => {
      const count = reaction.count ?? reaction.users?.length ?? 1;
      const who = (reaction.users ?? []).map((id) => (id === this.app.env.app.bot_user_id ? this.app.env.app.name : this.app.env.person(id)?.real_name ?? id)).join(', ');
      return h('li', { class: 'reaction', title: `${who} :${reaction.name}:` }, emojiCharacter(reaction.name) ?? `:${reaction.name}:`, ` ${count}`);
    }));
  }

  threadLink(message) {
    if (this.options.inThread || !message.reply_count) return null;
    const words = message.reply_count === 1 ? '1 reply' : `${message.reply_count} replies`;
    return h('button', { class: 'thread-link', type: 'button', on: { click: () => this.options.onThread(this.ts) } },
      icon('reply', 16), h('span', {}, words), visuallyHidden(' in thread'));
  }

  /** Places the entry after another one: day line and grouping follow from it. */
  place(previous, { newLine = false, anew = false } = {}) {
    const { tz } = this.me;
    const sign = `${previous?.ts ?? ''} ${previous?.name ?? ''} ${previous?.isHidden ?? ''} ${newLine}`;
    if (sign === this.placed && !anew) return;
    this.placed = sign;
    const newDay = !previous || previous.day !== this.day;
    const grouped = !newDay && !newLine && previous.message.user === this.message.user
      && !previous.isHidden && !this.isHidden && previous.name === this.name
      && this.seconds - previous.seconds < GROUP_WITHIN;
    this.article.classList.toggle('is-continued', grouped);
    this.el.querySelector('.day-line')?.remove();
    this.el.querySelector('.new-line')?.remove();
    if (newLine) this.el.prepend(h('div', { class: 'new-line', role: 'separator', 'aria-label': 'New messages' }, h('span', {}, 'New')));
    if (newDay) {
      const label = dayLabel(this.seconds, tz);
      this.el.prepend(h('div', { class: 'day-line', role: 'separator', 'aria-label': label }, h('span', {}, label)));
    }
  }

  get isHidden() {
    return Boolean(this.message.ephemeral || this.message.notice);
  }
}

export function authorName(message, env) {
  if (message.is_app) return message.name || env.app.name;
  return message.name || env.person(message.user)?.real_name || (message.notice ? 'Playground' : 'Somebody');
}

/** What a screen reader hears when a message comes in. */
export function spokenMessage(message, env) {
  const text = renderMrkdwn(message.text, env).textContent.slice(0, 400) || 'sent something without text';
  return `${authorName(message, env)}: ${text}`;
}
