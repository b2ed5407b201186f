// The line between Slack and the app: slow, or cut.

import { h, uid } from '../ui/dom.js';
import { toast } from '../ui/toast.js';
import { part } from './controls.js';

const DELAYS = [[0, 'None'], [500, '500 ms'], [2000, '2 s'], [4000, '4 s']];
const CUTS = [['', 'Works'], ['before', 'Cut before it arrives'], ['after', 'Arrives, but the answer is lost']];
const TIMES = [['', 'Until I change it'], ['1', 'For the next exchange only']];

export function createLinkControl(app) {
  const send = async (change) => {
    try {
      const answer = await app.api.tools.setLink(change);
      if (answer.ok === false) throw new Error(answer.error);
      app.store.apply({ type: 'link', ...answer });
    } catch (error) {
      toast(error.message);
      draw();
    }
  };
  const name = uid('delay');
  const delays = DELAYS.map(([value, words]) => h('label', { class: 'segment' },
    h('input', { type: 'radio', name, value: String(value), on: { change: () => send({ delay_ms: value, times: now().times ?? null }) } }), h('span', {}, words)));
  const choice = (label, options, changed) => {
    const id = uid('link');
    const select = h('select', { class: 'field', id, on: { change: () => changed(select.value) } }, options.map(([value, words]) => h('option', { value }, words)));
    return { select, el: h('div', { class: 'tools__field' }, h('label', { for: id }, label), select) };
  };
  const limit = () => (times.select.value ? Number(times.select.value) : null);
  const toApp = choice('From Slack to the app', CUTS, (cut) => send({ cut: cut || null, times: limit() }));
  const fromApp = choice("The app's Web API calls", CUTS, (cut) => send({ api_cut: cut || null, times: limit() }));
  const times = choice('A cut lasts', TIMES, () => {
    if (now().cut || now().api_cut) send({ times: limit() });
  });
  const now = () => app.store.link ?? {};

  function draw() {
    const link = now();
    for (const label of delays) label.firstElementChild.checked = Number(label.firstElementChild.value) === Number(link.delay_ms ?? 0);
    toApp.select.value = link.cut ?? '';
    fromApp.select.value = link.api_cut ?? '';
    if (link.cut || link.api_cut) times.select.value = link.times ? '1' : '';
  }

  app.store.on('link', draw);
  draw();
  return {
    el: part('Link', h('fieldset', { class: 'segments' }, h('legend', {}, 'Delay'), delays), toApp.el, fromApp.el, times.el),
    enter: draw,
  };
}
