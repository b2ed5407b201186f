// The clock: shown in the person's time zone, frozen and moved for both sides.

import { clockAhead, clockIsFrozen, nowSeconds } from '../client/clock.js';
import { format, nextTime } from '../text/dates.js';
import { h } from '../ui/dom.js';
import { doing, part } from './controls.js';

const TIME = { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' };
const DAY = { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' };

function aheadWords(seconds) {
  const minutes = Math.round(Math.abs(seconds) / 60);
  const [days, hours, rest] = [Math.floor(minutes / 1440), Math.floor((minutes % 1440) / 60), minutes % 60];
  const words = [days && `${days} d`, hours && `${hours} h`, (rest || !(days || hours)) && `${rest} min`].filter(Boolean).join(' ');
  return `${words} ${seconds < 0 ? 'behind' : 'ahead'}`;
}

export function createClockControl(app) {
  const { tz } = app.env.me;
  const time = h('span', { class: 'clock__time' });
  const day = h('span', { class: 'clock__day' });
  const state = h('p', { class: 'tools__note', role: 'status' });
  const set = async (change) => {
    const answer = await app.api.tools.setClock(change);
    if (answer.ok !== false) app.store.apply({ type: 'clock', ...answer });
    return answer;
  };
  const to = async (clockTime) => set({ advance: nextTime(clockTime, nowSeconds(), tz) - nowSeconds() });
  const freeze = doing('Freeze', () => set(clockIsFrozen() ? { resume: true } : { freeze: true }));
  const real = doing('Back to real time', () => set({ reset: true }));

  function tick() {
    const now = nowSeconds();
    time.textContent = format(now, tz, TIME);
    day.textContent = format(now, tz, DAY);
  }

  function draw() {
    const frozen = clockIsFrozen();
    const ahead = clockAhead();
    tick();
    freeze.textContent = frozen ? 'Resume' : 'Freeze';
    real.disabled = !frozen && !ahead;
    state.textContent = [frozen ? 'Stands still' : 'Runs', ahead ? aheadWords(ahead) : 'at real time', `in ${tz}`].join(', ');
  }

  let timer = 0;
  app.store.on('clock', draw);
  draw();
  return {
    el: part('Clock', h('div', { class: 'clock' }, time, day), state,
      h('div', { class: 'tools__row' }, freeze, doing('+15 min', () => set({ advance: 900 })), doing('+1 h', () => set({ advance: 3600 }))),
      h('div', { class: 'tools__row' }, h('span', { class: 'tools__lead' }, 'Go to'), doing('09:00', () => to('09:00')), doing('18:00', () => to('18:00')), doing('Midnight', () => to('00:00'))),
      h('div', { class: 'tools__row' }, real)),
    enter() {
      clearInterval(timer);
      timer = setInterval(tick, 500);
      draw();
    },
    leave: () => clearInterval(timer),
  };
}
