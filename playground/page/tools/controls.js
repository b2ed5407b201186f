// What can be done to the whole playground: time, link, deliveries, the app, teams, export.

import { whileBusy } from '../elements/button.js';
import { announce } from '../ui/announce.js';
import { h, uid } from '../ui/dom.js';
import { toast } from '../ui/toast.js';
import { createClockControl } from './clock.js';
import { createLinkControl } from './link.js';
import { createTeamControl } from './team.js';

/** A titled part of the panel. */
export function part(title, ...content) {
  const id = uid('tools');
  return h('section', { class: 'tools__part', 'aria-labelledby': id }, h('h3', { class: 'tools__title', id }, title), content);
}

/** A button that asks the server for something; what goes wrong is said. */
export function doing(name, work, props = {}) {
  const button = h('button', { class: 'button button--small', type: 'button', ...props }, name);
  button.addEventListener('click', () => whileBusy(button, async () => {
    try {
      const answer = await work();
      if (answer?.ok === false || answer?.error) throw new Error(answer.error ?? 'That did not work.');
    } catch (error) {
      toast(error.message);
    }
  }));
  return button;
}

function deliveries(app) {
  const said = h('p', { class: 'tools__note', role: 'status' });
  const again = (what, name) => doing(name, async () => {
    const answer = await app.api.tools.resend({ what });
    if (answer.error === 'nothing_to_resend') {
      said.textContent = `There is no ${what} to send again yet.`;
      return null;
    }
    if (answer.ok !== false) said.textContent = `Sent the last ${what} again: ${answer.status}.`;
    return answer;
  });
  return part('Send again', h('p', { class: 'tools__note' }, 'With the same ids, as Slack repeats what it thinks was lost.'),
    h('div', { class: 'tools__row' }, again('event', 'Last event'), again('interaction', 'Last interaction')), said);
}

function fileName(text) {
  return `${text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-+|-+$/g, '') || 'conversation'}.json`;
}

function exporting(app) {
  const save = async () => {
    const channel = app.currentChannel();
    if (!channel) return;
    const data = await app.api.tools.export(channel.id);
    if (data.ok === false) throw new Error(data.error);
    const url = URL.createObjectURL(new Blob([JSON.stringify(data, null, 2)], { type: 'application/json' }));
    h('a', { href: url, download: fileName(app.nameOf(channel)) }).click();
    setTimeout(() => URL.revokeObjectURL(url), 1000);
    announce('The conversation was saved.');
  };
  return part('This conversation', h('p', { class: 'tools__note' }, 'Its messages, and the requests the app got, as a test can replay them.'),
    h('div', { class: 'tools__row' }, doing('Export as JSON', save)));
}

export function createControls(app) {
  const clock = createClockControl(app);
  const link = createLinkControl(app);
  const team = createTeamControl(app);
  const el = h('div', { class: 'controls' }, clock.el, link.el, deliveries(app), team.el, exporting(app));
  return {
    el,
    enter() {
      for (const one of [clock, link, team]) one.enter();
    },
    leave: () => clock.leave(),
  };
}
