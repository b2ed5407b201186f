// One polite live region for what happens on the page.

import { h } from './dom.js';

let region = null;
let clearing = 0;

export function mountAnnouncer() {
  region = h('div', { class: 'sr-only', role: 'status', 'aria-live': 'polite', 'aria-label': 'Announcements' });
  document.body.append(region);
}

export function announce(text) {
  if (!region) return;
  region.append(h('p', {}, text));
  while (region.childElementCount > 4) region.firstElementChild.remove();
  clearTimeout(clearing);
  clearing = setTimeout(() => region.replaceChildren(), 8000);
}
