// Team, channels, direct messages, the app.

import { avatar } from '../ui/avatar.js';
import { fill, h, setAttr } from '../ui/dom.js';
import { icon } from '../ui/icons.js';
import { createNewMessage } from './new-message.js';

const isChannel = (channel) => channel.kind === 'channel' || channel.kind === 'private';

export function createSidebar(app) {
  const { store } = app;
  const links = new Map();
  const newMessage = createNewMessage(app);
  let drawn = '';
  const body = h('div', { class: 'sidebar__body' });
  const closeButton = h('button', { class: 'icon-button sidebar__close', type: 'button', 'aria-label': 'Close the channel list', on: { click: () => app.showSidebar(false) } }, icon('close', 20));
  const el = h('nav', { class: 'sidebar', id: 'sidebar', 'aria-label': 'Channels' },
    h('div', { class: 'sidebar__head' }, h('span', { class: 'sidebar__team' }, store.team.name), closeButton), body);

  function lead(channel) {
    if (channel.kind === 'dm_app') return avatar({ id: store.app.id, name: store.app.name, app: true }, 'small');
    if (channel.kind === 'dm') return avatar({ id: channel.id, name: channel.name, color: app.personOf(channel)?.color }, 'small');
    return icon(channel.kind === 'private' ? 'lock' : 'hash', 16);
  }

  function newLink(channel) {
    const count = h('span', { class: 'nav-link__count', 'aria-hidden': 'true' });
    const link = h('a', {
      class: 'nav-link',
      'aria-description': channel.kind === 'private' ? 'Private channel' : null,
      on: {
        click: (event) => {
          if (event.metaKey || event.ctrlKey || event.shiftKey) return;
          event.preventDefault();
          app.go({ channel: channel.id });
        },
      },
    }, lead(channel), h('span', { class: 'nav-link__name' }, app.nameOf(channel)), count);
    return { link, count };
  }

  /** Links stay the same elements: one that is being clicked must not be swapped away. */
  function linkOf(channel) {
    const key = `${channel.id} ${channel.name} ${channel.kind}`;
    if (!links.has(key)) links.set(key, newLink(channel));
    const { link, count } = links.get(key);
    const unread = channel.unread ?? 0;
    const name = app.nameOf(channel);
    link.href = app.urlOf({ channel: channel.id });
    link.classList.toggle('is-unread', unread > 0);
    link.setAttribute('aria-label', unread ? `${name}, ${unread} unread` : name);
    setAttr(link, 'aria-current', app.location.channel === channel.id ? 'page' : null);
    count.hidden = !unread;
    count.textContent = unread > 99 ? '99+' : String(unread);
    return link;
  }

  function section(title, channels, more) {
    if (!channels.length && !more) return null;
    return h('section', { class: 'sidebar__section' }, h('div', { class: 'sidebar__line' }, h('h2', { class: 'sidebar__title' }, title), more ?? null), h('ul', {}, channels.map((channel) => h('li', {}, linkOf(channel)))));
  }

  function draw() {
    const groups = [
      ['Channels', store.channels.filter((channel) => isChannel(channel) && channel.is_member !== false)],
      ['Channels to join', store.channels.filter((channel) => channel.is_member === false)],
      ['Direct messages', store.channels.filter((channel) => channel.kind === 'dm'), newMessage],
      ['Apps', store.channels.filter((channel) => channel.kind === 'dm_app')],
    ];
    const order = JSON.stringify(groups.map(([title, channels]) => [title, channels.map((channel) => [channel.id, channel.name])]));
    if (order === drawn) store.channels.forEach(linkOf);
    else fill(body, groups.map(([title, channels, more]) => section(title, channels, more)));
    drawn = order;
    app.updateTitle();
  }

  store.on('channels', draw);
  app.on('navigated', draw);
  return { el };
}
