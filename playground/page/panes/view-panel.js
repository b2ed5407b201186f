// One modal view: title, form, errors, buttons.

import { renderBlocks } from '../blocks/index.js';
import { showFieldErrors } from '../blocks/input.js';
import { Surface } from '../blocks/surface.js';
import { validateBlocks } from '../blocks/validate.js';
import { whileBusy } from '../elements/button.js';
import { plainText } from '../text/plain.js';
import { announce } from '../ui/announce.js';
import { avatar } from '../ui/avatar.js';
import { fill, h, uid } from '../ui/dom.js';
import { icon } from '../ui/icons.js';

const TROUBLE = 'The app did not answer. Nothing was sent on; try again.';

export class ViewPanel {
  constructor(app, view, { close, closeAll }) {
    this.app = app;
    this.view = view;
    this.busy = false;
    this.titleId = uid('title');
    this.surface = new Surface(app, { type: 'view', view_id: view.id });
    this.surface.listeners.add((blockId) => this.clearError(blockId));
    this.title = h('h2', { class: 'dialog__title', id: this.titleId });
    this.back = h('button', { class: 'icon-button', type: 'button', 'aria-label': 'Back', on: { click: close } }, icon('back'));
    this.banner = h('div', { class: 'banner banner--error', role: 'alert' });
    this.banner.hidden = true;
    this.blocks = h('div', { class: 'dialog__blocks' });
    this.submit = h('button', { class: 'button button--primary', type: 'submit' });
    this.cancel = h('button', { class: 'button', type: 'button', on: { click: close } });
    this.body = h('div', { class: 'dialog__body', tabIndex: -1 }, this.banner, this.blocks);
    this.form = h('form', { class: 'dialog__form', noValidate: true, on: { submit: (event) => this.onSubmit(event) } },
      h('div', { class: 'dialog__head' }, this.back, avatar({ id: app.store.app.id, name: app.store.app.name, app: true }, 'small'), this.title,
        h('button', { class: 'icon-button', type: 'button', 'aria-label': 'Dismiss dialog', title: 'Close', on: { click: closeAll } }, icon('close'))),
      this.body,
      h('div', { class: 'dialog__buttons' }, this.cancel, this.submit));
    this.el = h('div', { class: 'view-panel' }, this.form);
    this.errors = {};
    this.update(view, true);
  }

  update(view, first = false) {
    if (!first && JSON.stringify(view) === JSON.stringify(this.view)) return;
    this.view = view;
    this.title.textContent = plainText(view.title) || this.app.store.app.name;
    const submits = view.submit || (view.blocks ?? []).some((block) => block.type === 'input');
    const waited = this.submit.hidden && submits && document.activeElement === this.cancel;
    this.submit.hidden = !submits;
    fill(this.submit, h('span', { class: 'button__text' }, plainText(view.submit) || 'Submit'));
    this.cancel.textContent = plainText(view.close) || (submits ? 'Cancel' : 'Close');
    renderBlocks(this.blocks, view.blocks ?? [], this.surface);
    this.showErrors(Object.fromEntries(Object.entries(this.errors).filter(([key]) => (view.blocks ?? []).some((block) => block.block_id === key))));
    if (!first && !this.el.hidden && (waited || document.activeElement === document.body || !document.activeElement)) this.focusFirst();
  }

  show(shown, stacked) {
    this.el.hidden = !shown;
    this.back.hidden = !stacked;
  }

  focusFirst() {
    const field = this.blocks.querySelector('[data-focus-on-load]')
      ?? this.blocks.querySelector('input:not([disabled]), textarea, [role=textbox]')
      ?? (this.submit.hidden ? this.cancel : this.submit);
    field.focus({ preventScroll: field.closest('.dialog__blocks') === null });
  }

  showErrors(errors) {
    this.errors = errors;
    return showFieldErrors(this.blocks, errors);
  }

  clearError(blockId) {
    if (!(blockId in this.errors)) return;
    const { [blockId]: _gone, ...rest } = this.errors;
    this.showErrors(rest);
  }

  setBanner(text) {
    this.banner.hidden = !text;
    fill(this.banner, text ? [icon('warning', 18), h('span', {}, text)] : []);
    if (text) this.body.scrollTop = 0;
  }

  async onSubmit(event) {
    event.preventDefault();
    if (this.busy || this.submit.hidden) return;
    const state = this.surface.state();
    this.setBanner('');
    if (this.refuse(validateBlocks(this.view.blocks ?? [], state))) return;
    this.busy = true;
    this.body.inert = true;
    this.cancel.disabled = true;
    try {
      await whileBusy(this.submit, async () => this.answered(await this.app.api.submit(this.view.id, state)));
    } catch (error) {
      this.setBanner(error.message);
    }
    this.busy = false;
    this.body.inert = false;
    this.cancel.disabled = false;
    const bad = this.blocks.querySelector('.has-error input, .has-error textarea, .has-error [role=textbox]');
    if (bad && this.el.isConnected) bad.focus();
    this.app.afterPost();
  }

  answered(answer) {
    const unknown = Object.entries(answer.errors ?? {}).filter(([key]) => !this.blocks.querySelector(`[data-input-block="${CSS.escape(key)}"]`));
    this.refuse(answer.errors ?? {});
    if (answer.ok === false && !Object.keys(answer.errors ?? {}).length) this.setBanner(answer.error ?? TROUBLE);
    else if (unknown.length) this.setBanner(unknown.map(([, message]) => message).join(' '));
  }

  /** Shows field errors; true when there are any. */
  refuse(errors) {
    const first = this.showErrors(errors);
    const messages = Object.values(errors);
    if (!messages.length) return false;
    announce(messages.join(' '));
    first?.focus();
    first?.closest('.input')?.scrollIntoView({ block: 'nearest' });
    return true;
  }
}
