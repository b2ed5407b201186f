// Team, channels, direct messages, the app.

import { avatar } from '../ui/avatar.js';
import { fill, h } from '../ui/dom.js';
import { icon } from '../ui/icons.js';

export function createSidebar(app) {
  const { store } = app;
  const body = h('div', { class: 'sidebar__body' });
  const closeButton = h('button', { class: 'icon-button sidebar__close', type: 'button', 'aria-label': 'Close the channel list', on: { click: () => app.showSidebar(false) } }, icon('close', 20));
  const el = h('nav', { class: 'sidebar', id: 'sidebar', 'aria-label': 'Channels' },
    h('div', { class: 'sidebar__head' }, h('span', { class: 'sidebar__team' }, store.team.name), closeButton), body);

  function link(channel, { name, lead }) {
    const unread = channel.unread ?? 0;
    const current = app.location.channel === channel.id;
    return h('a', {
      class: `nav-link${unread ? ' is-unread' : ''}`,
      href: app.urlOf({ channel: channel.id }),
      dataset: { channel: channel.id },
      'aria-current': current ? 'page' : null,
      'aria-label': unread ? `${name}, ${unread} unread` : name,
      'aria-description': channel.kind === 'private' ? 'Private channel' : null,
      on: {
        click: (event) => {
          if (event.metaKey || event.ctrlKey || event.shiftKey) return;
          event.preventDefault();
          app.go({ channel: channel.id });
        },
      },
    }, lead, h('span', { class: 'nav-link__name' }, name),
    unread ? h('span', { class: 'nav-link__count', 'aria-hidden': 'true' }, unread > 99 ? '99+' : String(unread)) : null);
  }

  function section(title, links) {
    if (!links.length) return null;
    return h('section', { class: 'sidebar__section' }, h('h2', { class: 'sidebar__title' }, title), h('ul', {}, links.map((item) => h('li', {}, item))));
  }

  function draw() {
    const focused = document.activeElement?.closest?.('.nav-link')?.dataset.channel;
    const isChannel = (channel) => channel.kind === 'channel' || channel.kind === 'private';
    const channels = store.channels.filter((channel) => isChannel(channel) && channel.is_member !== false);
    const others = store.channels.filter((channel) => channel.is_member === false);
    const direct = store.channels.filter((channel) => channel.kind === 'dm');
    const appChannel = store.appChannel;
    const channelLink = (channel) => link(channel, { name: channel.name, lead: icon(channel.kind === 'private' ? 'lock' : 'hash', 16) });
    fill(body,
      section('Channels', channels.map(channelLink)),
      section('Channels to join', others.map(channelLink)),
      section('Direct messages', direct.map((channel) => link(channel, { name: channel.name, lead: avatar({ id: channel.id, name: channel.name, color: app.personOf(channel)?.color }, 'small') }))),
      appChannel ? section('Apps', [link(appChannel, { name: store.app.name, lead: avatar({ id: store.app.id, name: store.app.name, app: true }, 'small') })]) : null);
    if (focused) body.querySelector(`[data-channel="${CSS.escape(focused)}"]`)?.focus();
    app.updateTitle();
  }

  store.on('channels', draw);
  app.on('navigated', draw);
  return { el, draw };
}
