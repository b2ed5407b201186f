// Plans and their tasks: what an assistant is doing, step by step.

import { renderRichText } from '../text/richtext.js';
import { externalLink, h, spinner, visuallyHidden } from '../ui/dom.js';
import { icon } from '../ui/icons.js';

const STATES = {
  pending: ['Waiting', () => icon('circle', 18)],
  in_progress: ['Under way', () => spinner()],
  complete: ['Done', () => icon('check', 18)],
  error: ['Failed', () => icon('warning', 18)],
};

export function taskCardBlock(block, _key, surface) {
  const state = STATES[block.status] ? block.status : 'pending';
  const [words, draw] = STATES[state];
  const part = (title, rich) => (rich ? h('div', { class: 'task__part' }, title ? h('div', { class: 'task__label' }, title) : null, renderRichText(rich, surface.env)) : null);
  return h('div', { class: `task task--${state}` },
    h('div', { class: 'task__sign', title: words }, draw()),
    h('div', { class: 'task__main' },
      h('div', { class: 'task__title' }, block.title ?? '', visuallyHidden(` (${words})`)),
      part(null, block.details), part('Result', block.output),
      block.sources?.length ? h('ul', { class: 'task__sources', 'aria-label': 'Sources' }, block.sources.map((source) => h('li', {}, externalLink(source.url, source.text || source.url)))) : null));
}

export function planBlock(block, key, surface) {
  const tasks = block.tasks ?? [];
  const done = tasks.filter((task) => task.status === 'complete').length;
  return h('section', { class: 'plan' },
    h('div', { class: 'plan__head' }, h('h3', { class: 'plan__title' }, block.title ?? 'Plan'), tasks.length ? h('span', { class: 'plan__count' }, `${done} of ${tasks.length} done`) : null),
    h('ol', { class: 'plan__tasks' }, tasks.map((task) => h('li', {}, taskCardBlock(task, key, surface)))));
}
