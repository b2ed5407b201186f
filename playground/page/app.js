// Starts the page: reads who looks, then hands over to the shell.

import { createApi, readClock, readLink, readPeople } from './client/api.js';
import { Store } from './client/store.js';
import { readLocation } from './location.js';
import { startShell } from './shell.js';
import { mountAnnouncer } from './ui/announce.js';
import { fill, h } from './ui/dom.js';

const RETRY_AFTER = 1500;

/** The person of the URL, else the first who is still there. */
function choosePerson(people, wanted) {
  return people.find((person) => person.id === wanted || person.handle === wanted)
    ?? people.find((person) => !person.deleted) ?? people[0];
}

/** The team of the URL, else the one in which the person of the URL is. */
async function readTeam({ as, team }) {
  const first = await readPeople(team);
  const has = ({ people }) => !as || people.some((person) => person.id === as || person.handle === as);
  if (team || has(first)) return first;
  for (const other of first.teams ?? []) {
    const found = other.id === first.team.id ? first : await readPeople(other.id);
    if (has(found)) return found;
  }
  return first;
}

async function boot(root) {
  const wanted = readLocation();
  const [found, clock, link] = await Promise.all([readTeam(wanted), readClock(), readLink()]);
  const { team, app, people, teams } = found;
  const me = choosePerson(people, wanted.as);
  if (!me) throw new Error('The team has no people.');
  const api = createApi(me.id);
  const store = new Store({ team, app, people, teams, me, clock, link });
  const state = await api.state();
  mountAnnouncer();
  await startShell(root, { store, api, state });
}

async function start() {
  const root = document.getElementById('app');
  try {
    await boot(root);
  } catch (error) {
    fill(root, h('div', { class: 'boot__text', role: 'alert' },
      h('p', {}, error.message),
      h('button', { class: 'button', type: 'button', on: { click: () => location.reload() } }, 'Try again')));
    console.error(error);
    setTimeout(async () => {
      // Comes back by itself once the server does.
      for (;;) {
        const up = await fetch('/ui/people').then((response) => response.ok, () => false);
        if (up) location.reload();
        await new Promise((resolve) => setTimeout(resolve, RETRY_AFTER));
      }
    }, RETRY_AFTER);
  }
}

start();
