// Buttons: act, show that they are busy, and open their url in a new tab.

import { plainText } from '../text/plain.js';
import { askConfirm } from '../ui/confirm.js';
import { h, safeUrl } from '../ui/dom.js';
import { icon } from '../ui/icons.js';
import { toast } from '../ui/toast.js';

export function buttonElement(element, p) {
  const style = element.style === 'primary' || element.style === 'danger' ? ` button--${element.style}` : '';
  const url = element.url ? safeUrl(element.url) : null;
  const button = h('button', { class: `button${style}`, type: 'button', 'aria-label': element.accessibility_label },
    h('span', { class: 'button__text' }, plainText(element.text)),
    url ? icon('newtab', 14) : null);
  button.addEventListener('click', async () => {
    if (!(await askConfirm(element.confirm, p.surface.env))) return;
    if (element.type === 'workflow_button') {
      toast('The playground runs no workflows: in Slack this button would start one.', { kind: 'info' });
      return;
    }
    if (url) window.open(url, '_blank', 'noopener,noreferrer');
    await whileBusy(button, () => p.surface.act(p.blockId, {
      type: 'button', action_id: p.actionId, text: element.text, value: element.value, style: element.style, url: element.url,
    }));
  });
  return button;
}

/** Disables a button with a spinner while the work runs, and gives it its focus back. */
export async function whileBusy(button, work) {
  const focused = document.activeElement === button;
  button.disabled = true;
  button.classList.add('is-busy');
  button.setAttribute('aria-busy', 'true');
  try {
    return await work();
  } finally {
    button.disabled = false;
    button.classList.remove('is-busy');
    button.removeAttribute('aria-busy');
    if (focused && button.isConnected && (document.activeElement === document.body || !document.activeElement)) button.focus();
  }
}
