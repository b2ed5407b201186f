// The modal stack: one dialog, a panel per view, the top one shown.

import { h } from '../ui/dom.js';
import { closePopovers, isPopoverOpen } from '../ui/popover.js';
import { rescueToasts, toast } from '../ui/toast.js';
import { ViewPanel } from './view-panel.js';

export function createModals(app) {
  const dialog = h('dialog', { class: 'dialog dialog--modal' });
  let panels = [];
  let lastFocus = null;
  document.body.append(dialog);
  // The button that opens a modal is disabled while busy and has lost its focus by then.
  document.addEventListener('focusin', ({ target }) => {
    if (!target.closest('dialog, .popover')) lastFocus = target;
  });

  const top = () => panels.at(-1);

  function sync() {
    const { views } = app.store;
    const known = new Map(panels.map((panel) => [panel.view.id, panel]));
    const before = top();
    panels = views.map((view) => {
      const panel = known.get(view.id);
      known.delete(view.id);
      if (!panel) return new ViewPanel(app, view, { close: closeTop, closeAll });
      panel.update(view);
      return panel;
    });
    for (const gone of known.values()) gone.el.remove();
    for (const panel of panels) if (panel.el.parentElement !== dialog) dialog.append(panel.el);
    panels.forEach((panel, index) => panel.show(index === panels.length - 1, index > 0));
    const now = top();
    if (!now) {
      hide();
      return;
    }
    dialog.setAttribute('aria-labelledby', now.titleId);
    if (!dialog.open) {
      closePopovers();
      dialog.showModal();
    }
    if (now !== before) now.focusFirst();
  }

  function hide() {
    if (!dialog.open) return;
    closePopovers();
    rescueToasts();
    dialog.close();
    // The browser hands focus to what had it when the modal opened, which may be gone by now.
    setTimeout(() => {
      const focused = document.activeElement;
      if (dialog.open) return;
      if (focused?.matches('input, textarea')) {
        // Chromium hands it focus without a caret when the button that sent the form was busy.
        focused.blur();
        focused.focus({ preventScroll: true });
        return;
      }
      if (focused && focused !== document.body) return;
      if (lastFocus?.isConnected && !lastFocus.disabled) lastFocus.focus({ preventScroll: true });
      else app.focusComposer();
    });
  }

  async function close(panel, all = false) {
    if (panel.closing) return;
    panel.closing = true;
    app.store.apply(all ? { type: 'views_cleared' } : { type: 'view_closed', view_id: panel.view.id });
    try {
      await app.api.close(panel.view.id, all);
    } catch (error) {
      toast(error.message);
    }
    app.afterPost();
  }

  function closeTop() {
    const panel = top();
    if (panel && !panel.busy) close(panel);
  }

  function closeAll() {
    const panel = top();
    if (panel && !panel.busy) close(panel, panels.length > 1);
  }

  // Esc closes what is on top: an open list first, then the view.
  dialog.addEventListener('cancel', (event) => event.preventDefault());
  dialog.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || event.target.closest('.dialog--confirm')) return;
    event.preventDefault();
    if (isPopoverOpen()) closePopovers();
    else closeTop();
  });
  // A browser may close the dialog by itself (a second Esc, the back gesture).
  dialog.addEventListener('close', () => {
    if (panels.length && !dialog.open) closeTop();
  });

  app.store.on('views', sync);
  return { sync };
}
