// The way to the playground's own tools, and a word on what is not as usual now.

import { clockAhead, clockIsFrozen, nowSeconds } from '../client/clock.js';
import { format, timeOf } from '../text/dates.js';
import { fill, h } from '../ui/dom.js';
import { icon } from '../ui/icons.js';
import { toast } from '../ui/toast.js';

const SHORT_DAY = { weekday: 'short', hour: 'numeric', minute: '2-digit' };
const DAY = 86400;

export function createLauncher(app) {
  const button = h('button', { class: 'launcher', type: 'button', 'aria-expanded': 'false', title: 'Clock, link, teams, requests' }, icon('tune', 16), h('span', {}, 'Playground'));
  const signs = h('div', { class: 'topbar__signs', role: 'status', 'aria-label': 'Playground state' });
  let panel = null;

  async function toggle() {
    if (!panel) {
      button.disabled = true;
      try {
        const { createPanel } = await import('./panel.js');
        panel = await createPanel(app, { onClose: () => button.focus(), onShown: (shown) => button.setAttribute('aria-expanded', String(shown)) });
      } catch (error) {
        toast(error.message);
        return;
      } finally {
        button.disabled = false;
      }
    }
    panel.toggle();
  }

  function words() {
    const found = [];
    const { link } = app.store;
    const { tz } = app.env.me;
    const now = nowSeconds();
    const shown = Math.abs(clockAhead()) > DAY / 2 ? format(now, tz, SHORT_DAY) : timeOf(now, tz);
    if (clockIsFrozen()) found.push(['clock', `Clock stands at ${shown}`]);
    else if (clockAhead()) found.push(['clock', `Clock is at ${shown}`]);
    if (link?.delay_ms) found.push(['link', `Slow by ${link.delay_ms} ms`]);
    if (link?.cut || link?.api_cut) found.push(['link', 'Link cut']);
    if (app.store.app.installed === false) found.push(['warning', 'App not installed']);
    return found;
  }

  let drawn = '';
  function draw() {
    const now = words();
    if (now.join() === drawn) return;
    drawn = now.join();
    fill(signs, now.map(([drawing, text]) => h('span', { class: 'topbar__sign', title: text }, icon(drawing, 14), h('span', {}, text))));
  }

  button.addEventListener('click', toggle);
  for (const topic of ['clock', 'link', 'app']) app.store.on(topic, draw);
  setInterval(draw, 10_000);
  draw();
  return { button, signs };
}
