// Every request and answer between Slack and the app, as they happen.

import { format } from '../text/dates.js';
import { fill, h, uid } from '../ui/dom.js';
import { icon } from '../ui/icons.js';
import { toast } from '../ui/toast.js';
import { doing } from './controls.js';
import { createRows } from './inspector-rows.js';
import { jsonView, prettyJson } from './json-view.js';

const MOST_KEPT = 5000;
const READ_AT_FIRST = 500;
const TIME = { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' };
const KINDS = { slash_commands: 'command', interactive: 'interaction', events_api: 'event', web_api: 'Web API' };

const parsed = (value) => {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    return null;
  }
};

/** Who it is about, as far as the request says so. */
function whoOf(entry, app) {
  const request = parsed(entry.request) ?? {};
  const payload = parsed(request.payload) ?? request;
  const found = payload.user?.id ?? payload.user_id ?? payload.event?.user ?? payload.user ?? (entry.direction === 'from app' ? payload.channel : null);
  const id = typeof found === 'object' ? found?.id : found;
  if (!id) return '';
  return app.env.person(id)?.real_name ?? app.store.channel(id)?.name ?? String(id);
}

const milliseconds = (ms) => (ms >= 1000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms)} ms`);

export function createInspector(app) {
  const { tz } = app.env.me;
  let entries = [];
  const seen = new Set();
  let socket = null;
  let waiting = 0;
  const texts = new WeakMap();

  const search = h('input', { class: 'field', type: 'search', placeholder: 'Filter', 'aria-label': 'Filter the requests', autocomplete: 'off', spellcheck: 'false', on: { input: () => draw() } });
  const direction = h('select', { class: 'field', 'aria-label': 'Direction', on: { change: () => draw() } },
    h('option', { value: '' }, 'Both ways'), h('option', { value: 'to app' }, 'To the app'), h('option', { value: 'from app' }, 'From the app'));
  const errorsId = uid('errors');
  const errors = h('input', { type: 'checkbox', id: errorsId, on: { change: () => draw() } });
  const count = h('span', { class: 'inspector__count', role: 'status' });
  const clear = h('button', { class: 'button button--small', type: 'button', on: { click: () => {
    entries = [];
    draw();
  } } }, 'Clear');
  const empty = h('p', { class: 'inspector__empty' });
  const details = h('div', { class: 'inspector__details', role: 'group', 'aria-label': 'Details' });
  details.hidden = true;

  const rows = createRows({
    label: 'Requests, the newest last',
    failed: (entry) => entry.failed === true,
    onSelect: show,
    draw: (entry) => [
      h('span', { class: `inspector__way${entry.direction === 'to app' ? '' : ' inspector__way--back'}`, title: entry.direction }, icon('next', 14), h('span', { class: 'sr-only' }, entry.direction)),
      h('span', { class: 'inspector__what' }, entry.what, h('small', {}, ` ${KINDS[entry.kind] ?? entry.kind ?? ''}`)),
      h('span', { class: 'inspector__who' }, whoOf(entry, app)),
      h('span', { class: 'inspector__status' }, entry.failed ? icon('warning', 14) : null, String(entry.status)),
      h('span', { class: 'inspector__ms' }, milliseconds(entry.ms)),
      h('span', { class: 'inspector__time' }, format(entry.at, tz, TIME)),
    ],
  });

  function textOf(entry) {
    if (!texts.has(entry)) texts.set(entry, `${JSON.stringify(entry)} ${whoOf(entry, app)} ${KINDS[entry.kind] ?? ''}`.toLowerCase());
    return texts.get(entry);
  }

  function fits(entry) {
    if (direction.value && entry.direction !== direction.value) return false;
    if (errors.checked && !entry.failed) return false;
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    return words.every((word) => textOf(entry).includes(word));
  }

  let frame = 0;
  function draw() {
    if (!frame) frame = requestAnimationFrame(drawNow);
  }

  function drawNow() {
    frame = 0;
    const filtered = search.value.trim() || direction.value || errors.checked;
    const shown = filtered ? entries.filter(fits) : entries;
    rows.show(shown);
    const failed = entries.filter((entry) => entry.failed).length;
    count.textContent = `${filtered ? `${shown.length} of ` : ''}${entries.length}${failed ? `, ${failed} failed` : ''}`;
    empty.hidden = shown.length > 0;
    empty.textContent = entries.length ? 'Nothing fits the filter.' : 'Nothing yet. What Slack and the app say to each other is listed here.';
  }

  function take(news) {
    for (const entry of news) {
      if (seen.has(entry.id)) continue;
      seen.add(entry.id);
      entries.push(entry);
    }
    entries.sort((a, b) => a.id - b.id);
    if (entries.length > MOST_KEPT) entries = entries.slice(-MOST_KEPT);
    draw();
  }

  function show(entry) {
    details.hidden = !entry;
    if (!entry) return;
    const section = (title, value) => h('details', { open: title !== 'Headers', class: 'inspector__part' }, h('summary', {}, title), jsonView(value, title));
    const copy = h('button', { class: 'button button--small', type: 'button', on: { click: async () => {
      try {
        await navigator.clipboard.writeText(prettyJson(entry));
        toast('Copied.', { kind: 'info' });
      } catch {
        toast('The browser does not allow copying here.');
      }
    } } }, 'Copy');
    fill(details,
      h('div', { class: 'inspector__head' },
        h('strong', { class: 'inspector__name' }, entry.what),
        h('span', { class: 'inspector__facts' }, [entry.direction, KINDS[entry.kind] ?? entry.kind, entry.via, entry.status, milliseconds(entry.ms)].filter(Boolean).join(', ')),
        entry.direction === 'to app' ? doing('Send again', () => app.api.tools.resend({ id: entry.id })) : null, copy,
        h('button', { class: 'icon-button', type: 'button', 'aria-label': 'Close the details', on: { click: () => {
          rows.select(null);
          rows.el.focus();
        } } }, icon('close', 16))),
      section('Request', entry.request), section('Answer', entry.response),
      entry.headers && Object.keys(entry.headers).length ? section('Headers', entry.headers) : null);
    details.scrollTop = 0;
  }

  async function read() {
    try {
      take((await app.api.tools.log(READ_AT_FIRST)).log ?? []);
    } catch (error) {
      toast(error.message);
    }
  }

  /** Listens on a connection of its own, that hears of requests only. */
  function listen() {
    clearTimeout(waiting);
    const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
    const mine = new WebSocket(`${scheme}://${location.host}/ui/live?as=&log=1`);
    socket = mine;
    mine.addEventListener('open', read);
    mine.addEventListener('message', ({ data }) => {
      const news = JSON.parse(data);
      if (news.type === 'log') take([news.entry]);
    });
    mine.addEventListener('close', () => {
      if (socket === mine) waiting = setTimeout(listen, 1500);
    });
  }

  draw();
  return {
    el: h('div', { class: 'inspector' },
      h('div', { class: 'inspector__bar' }, search, direction, h('span', { class: 'inspector__check' }, errors, h('label', { for: errorsId }, 'Only failures')), clear, count),
      h('div', { class: 'inspector__list' }, rows.el, empty), details),
    enter() {
      if (!socket) listen();
    },
    leave() {
      const old = socket;
      socket = null;
      clearTimeout(waiting);
      old?.close();
    },
  };
}
