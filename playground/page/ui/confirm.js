// Slack's confirm object: a question before an element acts.

import { plainText, textNodes } from '../text/plain.js';
import { h, uid } from './dom.js';

/** @returns {Promise<boolean>} true when the person agreed (or nothing was to be asked). */
export function askConfirm(confirm, env) {
  if (!confirm) return Promise.resolve(true);
  return new Promise((resolve) => {
    const titleId = uid('confirm');
    const textId = uid('confirm');
    const before = document.activeElement;
    let answer = false;
    const dialog = h('dialog', { class: 'dialog dialog--confirm', role: 'alertdialog', 'aria-labelledby': titleId, 'aria-describedby': textId });
    const decide = (yes) => {
      answer = yes;
      dialog.close();
    };
    const yes = h('button', {
      class: confirm.style === 'danger' ? 'button button--danger' : 'button button--primary',
      type: 'button',
      on: { click: () => decide(true) },
    }, plainText(confirm.confirm) || 'Yes');
    const no = h('button', { class: 'button', type: 'button', on: { click: () => decide(false) } }, plainText(confirm.deny) || 'Cancel');
    dialog.append(
      h('h2', { class: 'dialog__title', id: titleId }, plainText(confirm.title) || 'Are you sure?'),
      h('div', { class: 'dialog__text mrkdwn', id: textId }, textNodes(confirm.text, env)),
      h('div', { class: 'dialog__buttons' }, no, yes),
    );
    dialog.addEventListener('close', () => {
      dialog.remove();
      if (before?.isConnected) before.focus();
      resolve(answer);
    });
    document.body.append(dialog);
    dialog.showModal();
    (confirm.style === 'danger' ? no : yes).focus();
  });
}
