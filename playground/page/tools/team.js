// Which team the page shows, and whether the app is installed there.

import { readPeople } from '../client/api.js';
import { fill, h } from '../ui/dom.js';
import { doing, part } from './controls.js';

export function createTeamControl(app) {
  const { store } = app;
  const state = h('p', { class: 'tools__note', role: 'status' });
  const row = h('div', { class: 'tools__row' });
  const teams = h('ul', { class: 'tools__teams' });
  const act = (name, what) => doing(name, async () => {
    const answer = await app.api.tools[what](store.team.id);
    await refresh();
    return answer;
  });
  const uninstall = act('Uninstall', 'uninstall');
  const install = act('Install again', 'install');
  const revoke = act('Revoke its token', 'revoke');

  async function refresh() {
    const { app: shown, teams: all } = await readPeople(store.team.id);
    store.setApp(shown, all);
    await app.refresh();
    draw();
  }

  function draw() {
    const installed = store.app.installed !== false;
    state.textContent = installed ? `${store.app.name} is installed in ${store.team.name}.` : `${store.app.name} is not installed in ${store.team.name}.`;
    fill(row, installed ? [uninstall, revoke] : install);
    teams.hidden = store.teams.length < 2;
    fill(teams, store.teams.map((team) => h('li', {}, h('a', { class: 'tools__team', href: app.teamUrl(team.id), 'aria-current': team.id === store.team.id ? 'true' : null },
      h('strong', {}, team.name), h('span', {}, team.installed ? 'app installed' : 'app not installed')))));
  }

  store.on('app', draw);
  draw();
  return { el: part('App and teams', state, row, teams), enter: draw };
}
