// The tools beside Slack: controls and inspector.

import { h } from '../ui/dom.js';
import { icon } from '../ui/icons.js';
import { createControls } from './controls.js';
import { createInspector } from './inspector.js';

const loadStyle = () => new Promise((resolve, reject) => {
  document.head.append(h('link', { rel: 'stylesheet', href: '/page/css/tools.css', on: { load: resolve, error: () => reject(new Error('The tools could not be loaded.')) } }));
});

export async function createPanel(app, { onClose, onShown }) {
  await loadStyle();
  const parts = { controls: ['Controls', createControls(app)], inspector: ['Inspector', createInspector(app)] };
  const tabs = h('div', { class: 'tools__tabs', role: 'tablist', 'aria-label': 'Playground tools' });
  const body = h('div', { class: 'tools__body', role: 'tabpanel', id: 'tools-body' });
  const el = h('aside', { class: 'tools', 'aria-label': 'Playground tools' },
    h('div', { class: 'tools__head' }, tabs, h('button', { class: 'icon-button', type: 'button', 'aria-label': 'Close the playground tools', on: { click: () => show(false) } }, icon('close'))), body);
  let current = '';

  function select(key, focus = false) {
    if (current === key) return;
    parts[current]?.[1].leave?.();
    current = key;
    for (const tab of tabs.children) {
      const on = tab.dataset.key === key;
      tab.setAttribute('aria-selected', String(on));
      tab.tabIndex = on ? 0 : -1;
      if (on && focus) tab.focus();
    }
    body.setAttribute('aria-labelledby', `tools-${key}`);
    body.replaceChildren(parts[key][1].el);
    el.classList.toggle('tools--wide', key === 'inspector');
    parts[key][1].enter?.();
  }

  for (const [key, [name]] of Object.entries(parts)) {
    tabs.append(h('button', {
      class: 'tab', type: 'button', role: 'tab', id: `tools-${key}`, 'aria-controls': 'tools-body', dataset: { key },
      on: {
        click: () => select(key),
        keydown: (event) => {
          if (event.key === 'ArrowLeft' || event.key === 'ArrowRight') select(Object.keys(parts).find((other) => other !== current), true);
        },
      },
    }, name));
  }

  function show(shown) {
    el.hidden = !shown;
    onShown(shown);
    if (shown) {
      parts[current][1].enter?.();
      tabs.querySelector('[aria-selected="true"]').focus();
    } else {
      parts[current][1].leave?.();
      onClose();
    }
  }

  el.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || event.defaultPrevented) return;
    event.preventDefault();
    show(false);
  });
  el.hidden = true;
  app.frame.append(el);
  select('controls');
  return { toggle: () => show(el.hidden) };
}
