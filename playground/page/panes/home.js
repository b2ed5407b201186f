// The app's Home tab.

import { renderBlocks } from '../blocks/index.js';
import { Surface } from '../blocks/surface.js';
import { h, spinner } from '../ui/dom.js';
import { toast } from '../ui/toast.js';

export function createHome(app) {
  const blocks = h('div', { class: 'home__blocks' });
  const empty = h('div', { class: 'empty' });
  const el = h('section', { class: 'home', 'aria-label': `${app.store.app.name} Home` }, h('div', { class: 'home__inner' }, blocks, empty));
  let surface = null;
  let asking = false;

  function draw() {
    const view = app.store.home;
    empty.hidden = Boolean(view);
    blocks.hidden = !view;
    if (!view) {
      empty.replaceChildren(asking
        ? h('p', { class: 'empty__line' }, spinner(), ' Asking the app for its Home…')
        : h('p', { class: 'empty__line' }, `${app.store.app.name} has not published a Home for ${app.env.me.real_name} yet.`));
      blocks.replaceChildren();
      blocks.drawnBlocks = [];
      surface = null;
      return;
    }
    if (surface?.container.view_id !== view.id) {
      surface = new Surface(app, { type: 'view', view_id: view.id });
      blocks.replaceChildren();
      blocks.drawnBlocks = [];
    }
    renderBlocks(blocks, view.blocks ?? [], surface);
  }

  /** Tells the app that its Home was opened; it may publish a new one. */
  async function open() {
    asking = true;
    draw();
    try {
      const answer = await app.api.home();
      if (answer.ok === false) toast(answer.error ?? 'The app did not take the Home event.');
      app.afterPost();
    } catch (error) {
      toast(error.message);
    }
    setTimeout(() => {
      asking = false;
      draw();
    }, app.store.home ? 0 : 1500);
  }

  app.store.on('home', draw);
  return { el, open };
}
