// The head of the main pane: what is open, and for the app its tabs.

import { avatar } from '../ui/avatar.js';
import { fill, h } from '../ui/dom.js';
import { icon } from '../ui/icons.js';
import { attachMenu } from '../ui/menu.js';
import { renderMrkdwn } from '../text/mrkdwn.js';

export function createHeader(app) {
  const title = h('h1', { class: 'header__title' });
  const topic = h('div', { class: 'header__topic' });
  const side = h('div', { class: 'header__side' });
  const tabs = h('div', { class: 'tabs', role: 'tablist', 'aria-label': 'App' });
  const el = h('header', { class: 'header' }, h('div', { class: 'header__row' }, h('div', { class: 'header__names' }, title, topic), side), tabs);

  const more = h('button', { class: 'icon-button', type: 'button', 'aria-label': 'Channel options', title: 'Channel options' }, icon('more', 18));
  attachMenu(more, () => [{ label: 'Leave channel', select: () => app.leave(app.currentChannel().id) }], { label: 'Channel options' });
  let drawn = '';

  function tab(name, key) {
    const selected = app.location.tab === key;
    return h('button', {
      class: 'tab', type: 'button', role: 'tab', id: `tab-${key}`, 'aria-selected': String(selected), 'aria-controls': 'main-pane', tabIndex: selected ? 0 : -1,
      on: {
        click: () => app.go({ tab: key }),
        keydown: (event) => {
          if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
          const other = [...tabs.children].find((child) => child !== event.currentTarget);
          other?.click();
          tabs.querySelector('[aria-selected="true"]')?.focus();
        },
      },
    }, name);
  }

  function draw() {
    const channel = app.currentChannel();
    el.hidden = !channel;
    if (!channel) return;
    const now = JSON.stringify([channel.id, channel.name, channel.topic, channel.members, channel.is_member, channel.is_ext_shared, app.location.tab]);
    if (now === drawn) return;
    drawn = now;
    const isApp = channel.kind === 'dm_app';
    const { dm_tabs: shown = { home: true, messages: true } } = app.store.app;
    if (isApp) {
      fill(title, avatar({ id: app.store.app.id, name: app.store.app.name, app: true }, 'small'), h('span', {}, app.store.app.name), h('span', { class: 'badge' }, 'APP'));
      fill(topic, app.store.app.description ?? '');
    } else if (channel.kind === 'dm') {
      fill(title, avatar({ id: channel.id, name: channel.name, color: app.personOf(channel)?.color }, 'small'), h('span', {}, channel.name));
      fill(topic);
    } else {
      fill(title, icon(channel.kind === 'private' ? 'lock' : 'hash', 18), h('span', {}, channel.name), channel.is_ext_shared ? h('span', { class: 'badge', title: 'Shared with people of another company' }, 'SHARED') : null);
      fill(topic, channel.topic ? renderMrkdwn(channel.topic, app.env) : null);
    }
    fill(side, !isApp && channel.kind !== 'dm' && channel.members ? h('span', { class: 'header__members', title: `${channel.members} members` },
      icon('people', 16), h('span', {}, String(channel.members)), h('span', { class: 'sr-only' }, ' members')) : null,
      !isApp && channel.kind !== 'dm' && channel.is_member !== false ? more : null);
    tabs.hidden = !isApp;
    const keepFocus = tabs.contains(document.activeElement);
    fill(tabs, isApp && shown.home ? tab('Home', 'home') : null, isApp && shown.messages ? tab('Messages', 'messages') : null);
    if (keepFocus) tabs.querySelector('[aria-selected="true"]')?.focus();
  }

  app.on('navigated', draw);
  app.store.on('channels', draw);
  return { el };
}
