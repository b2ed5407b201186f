// People, channels and dates inside text, used by mrkdwn and rich text alike.

import { h, externalLink } from '../ui/dom.js';
import { formatDateText, fullTime } from './dates.js';

export function userMention(env, id, label) {
  const person = env.person(id);
  const isApp = env.app.bot_user_id === id;
  const name = isApp ? env.app.name : person?.real_name ?? label ?? id;
  const mine = id === env.me.id;
  return h('span', { class: mine ? 'mention mention--me' : 'mention', title: person ? `@${person.handle}` : null }, `@${name}`);
}

export function channelMention(env, id, label) {
  const channel = env.channel(id);
  const name = `#${channel?.name ?? label ?? id}`;
  if (!channel) return h('span', { class: 'mention' }, name);
  return h('a', {
    class: 'mention mention--link',
    href: env.channelUrl(id),
    on: {
      click: (event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey) return;
        event.preventDefault();
        env.openChannel(id);
      },
    },
  }, name);
}

export function broadcastMention(range) {
  return h('span', { class: 'mention mention--all' }, `@${range}`);
}

export function dateText(env, seconds, pattern, url, fallback) {
  if (!Number.isFinite(seconds)) return document.createTextNode(fallback ?? '');
  const time = h('time', {
    class: 'date',
    datetime: new Date(seconds * 1000).toISOString(),
    title: fullTime(seconds, env.me.tz),
  }, formatDateText(pattern, seconds, env.me.tz));
  if (/\{ago\}|_pretty\}/.test(pattern)) {
    time.dataset.pattern = pattern;
    time.dataset.seconds = String(seconds);
  }
  return url ? externalLink(url, time) : time;
}

/** Keeps "5 minutes ago" true while the page stays open; gives a function that does so at once. */
export function keepRelativeTimes(env) {
  const refresh = () => {
    for (const time of document.querySelectorAll('time[data-pattern]')) {
      const text = formatDateText(time.dataset.pattern, Number(time.dataset.seconds), env.me.tz);
      if (time.textContent !== text) time.textContent = text;
    }
  };
  setInterval(refresh, 20_000);
  return refresh;
}
