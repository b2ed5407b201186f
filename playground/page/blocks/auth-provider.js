// auth_provider: an account elsewhere that can be connected and disconnected.

import { h, safeUrl } from '../ui/dom.js';
import { icon } from '../ui/icons.js';

export function authProviderBlock(block, key, surface) {
  const name = block.name || block.value || 'Account';
  const url = safeUrl(String((block.is_connected ? block.disconnect_url : block.auth_url) ?? ''));
  const actionId = `auth_provider_${block.is_connected ? 'disconnect' : 'connect'}_${block.value}`;
  const words = block.is_connected ? 'Disconnect' : 'Connect';
  const button = h('button', {
    class: `button${block.is_connected ? '' : ' button--primary'}`, type: 'button', 'aria-label': `${words} ${name}`, disabled: !url, dataset: { block: key, action: actionId },
    on: { click: () => window.open(url, '_blank', 'noopener,noreferrer') },
  }, h('span', { class: 'button__text' }, words), icon('newtab', 14));
  return h('div', { class: 'auth-provider' },
    h('div', { class: 'auth-provider__words' }, h('strong', {}, name), h('span', { class: 'auth-provider__state' }, block.is_connected ? 'Connected' : 'Not connected')), button);
}
