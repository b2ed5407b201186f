// The words above the first message, and what to try where nothing has been said yet.

import { renderMrkdwn } from '../text/mrkdwn.js';
import { avatar } from '../ui/avatar.js';
import { h } from '../ui/dom.js';
import { icon } from '../ui/icons.js';

const SHOWN = 6;

function commandHints(app, insert) {
  const commands = app.store.commands.slice(0, SHOWN);
  if (!commands.length) return null;
  return h('ul', { class: 'try' }, commands.map((command) => h('li', {},
    h('button', { class: 'try__command', type: 'button', on: { click: () => insert(`${command.command} `) } },
      h('code', {}, command.command), command.usage_hint ? h('span', { class: 'try__usage' }, ` ${command.usage_hint}`) : null),
    h('span', { class: 'try__description' }, command.description))));
}

export function introFor(app, channel, insert) {
  if (channel.kind === 'dm_app') {
    return h('div', { class: 'intro' },
      avatar({ id: app.store.app.id, name: app.store.app.name, app: true }, 'large'),
      h('h2', { class: 'intro__title' }, app.store.app.name),
      app.store.app.description ? h('p', {}, app.store.app.description) : null,
      app.store.commands.length ? h('p', { class: 'intro__lead' }, 'Try a command:') : null,
      commandHints(app, insert));
  }
  if (channel.kind === 'dm') {
    return h('div', { class: 'intro' }, avatar({ id: channel.id, name: channel.name, color: app.personOf(channel)?.color }, 'large'),
      h('h2', { class: 'intro__title' }, channel.name), h('p', {}, `This is the start of your messages with ${channel.name}.`));
  }
  const first = channel.is_member === false ? null : app.store.commands[0];
  return h('div', { class: 'intro' },
    h('span', { class: 'intro__mark' }, icon(channel.kind === 'private' ? 'lock' : 'hash', 26)),
    h('h2', { class: 'intro__title' }, channel.name),
    h('p', {}, `This is the start of #${channel.name}.`, first ? ' Commands work here, too: type ' : null,
      first ? h('button', { class: 'try__command', type: 'button', on: { click: () => insert(`${first.command} `) } }, h('code', {}, first.command)) : null,
      first ? '.' : null),
    channel.purpose ? h('div', { class: 'mrkdwn intro__purpose' }, renderMrkdwn(channel.purpose, app.env)) : null);
}
