// Draws a list of blocks, keeping what did not change (and with it focus, caret and scroll).

import { h } from '../ui/dom.js';
import { closeOrphans } from '../ui/popover.js';
import { actionsBlock, contextActionsBlock } from './actions.js';
import { authProviderBlock } from './auth-provider.js';
import { cardBlock, carouselBlock } from './card.js';
import { chartBlock } from './chart.js';
import { containerBlock } from './container.js';
import { inputBlock } from './input.js';
import { fileBlock, videoBlock } from './media.js';
import { planBlock, taskCardBlock } from './plan.js';
import { sectionBlock } from './section.js';
import { alertBlock, contextBlock, dividerBlock, headerBlock, imageBlock, markdownBlock, richTextBlock, unsupportedBlock } from './simple.js';
import { blockKey } from './surface.js';
import { dataTableBlock, tableBlock } from './table.js';

const RENDERERS = {
  section: sectionBlock,
  actions: actionsBlock,
  context: contextBlock,
  divider: dividerBlock,
  header: headerBlock,
  image: imageBlock,
  input: inputBlock,
  rich_text: richTextBlock,
  table: tableBlock,
  data_table: dataTableBlock,
  markdown: markdownBlock,
  data_visualization: chartBlock,
  card: cardBlock,
  carousel: carouselBlock,
  container: containerBlock,
  alert: alertBlock,
  video: videoBlock,
  file: fileBlock,
  plan: planBlock,
  task_card: taskCardBlock,
  context_actions: contextActionsBlock,
  auth_provider: authProviderBlock,
};

/**
 * Brings the container in line with the blocks.
 * @param {{nested?: boolean}} options blocks inside of a block: the outer call looks after values and focus
 */
export function renderBlocks(container, blocks, surface, { nested = false } = {}) {
  const before = container.drawnBlocks ?? [];
  const free = new Map(before.map((drawn) => [drawn.key, drawn]));
  const focus = nested ? null : rememberFocus(container);
  const drawn = blocks.map((block, index) => {
    const key = blockKey(block, index);
    const json = JSON.stringify(block);
    const old = free.get(key);
    if (old && old.json === json) {
      free.delete(key);
      return old;
    }
    return { key, json, node: renderBlock(block, key, surface) };
  });
  container.drawnBlocks = drawn;
  const nodes = drawn.map(({ node }) => node);
  const keep = new Set(nodes);
  for (const child of [...container.children]) if (!keep.has(child)) child.remove();
  nodes.forEach((node, index) => {
    if (container.children[index] !== node) container.insertBefore(node, container.children[index] ?? null);
  });
  if (nested) return;
  surface.prune(blocks);
  if (focus) restoreFocus(container, focus);
  closeOrphans();
}

function renderBlock(block, key, surface) {
  try {
    const node = (RENDERERS[block.type] ?? unsupportedBlock)(block, key, surface);
    node.classList.add('block');
    return node;
  } catch (error) {
    console.error('Cannot draw this block', block, error);
    return h('div', { class: 'block unsupported' }, `This block could not be drawn: ${block.type}`);
  }
}

function rememberFocus(container) {
  const focused = document.activeElement;
  if (!focused || !container.contains(focused)) return null;
  const owner = focused.closest('[data-action]');
  return {
    focused,
    block: owner?.dataset.block,
    action: owner?.dataset.action,
    fold: focused.dataset.fold,
    start: 'selectionStart' in focused ? focused.selectionStart : null,
    end: 'selectionEnd' in focused ? focused.selectionEnd : null,
  };
}

function restoreFocus(container, focus) {
  if (focus.focused.isConnected && document.activeElement === focus.focused) return;
  if (focus.fold) {
    container.querySelector(`[data-fold="${CSS.escape(focus.fold)}"]`)?.focus({ preventScroll: true });
    return;
  }
  const owner = [...container.querySelectorAll('[data-action]')]
    .find((el) => el.dataset.block === focus.block && el.dataset.action === focus.action);
  const target = owner?.matches('button, input') ? owner : owner?.querySelector('input, textarea, button');
  if (!target) {
    container.closest('[tabindex]')?.focus({ preventScroll: true });
    return;
  }
  target.focus({ preventScroll: true });
  try {
    if (focus.start !== null) target.setSelectionRange(focus.start, focus.end);
  } catch {
    // Fields without a caret (dates, checkboxes) refuse this.
  }
}
