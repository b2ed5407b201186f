// What the elements of one message, modal or Home share: their values and their way to the app.

import { toast } from '../ui/toast.js';

const STATELESS = new Set(['button', 'overflow', 'image', 'workflow_button', 'feedback_buttons', 'icon_button']);

export const blockKey = (block, index) => block.block_id ?? `block-${index}`;
export const actionKey = (element, index = 0) => element.action_id ?? `action-${index}`;

/** Blocks with those inside of them. */
export function allBlocks(blocks) {
  return blocks.flatMap((block) => {
    const inner = block.type === 'container' ? block.child_blocks : block.type === 'carousel' ? block.elements : null;
    return inner ? [block, ...allBlocks(inner)] : [block];
  });
}

/** Interactive elements of a block. */
export function elementsOf(block) {
  if (block.type === 'input') return block.element ? [block.element] : [];
  if (block.type === 'actions') return block.elements ?? [];
  if (block.type === 'section') return block.accessory ? [block.accessory] : [];
  return [];
}

export const isStateful = (element) => !STATELESS.has(element.type);

export class Surface {
  /**
   * @param {object} app the page's services: env, api, afterPost
   * @param {{type: string}} container where Slack says the element sits
   */
  constructor(app, container) {
    this.env = app.env;
    this.app = app;
    this.container = container;
    this.values = new Map();
    this.folded = new Map();
    this.listeners = new Set();
  }

  /** The value typed so far, else the initial one. A value of another kind of element is not taken over. */
  value(blockId, actionId, type, makeInitial) {
    const known = this.values.get(blockId)?.get(actionId);
    if (known && known.type === type) return known;
    const made = { type, ...makeInitial() };
    this.store(blockId, actionId, made);
    return made;
  }

  store(blockId, actionId, value) {
    if (!this.values.has(blockId)) this.values.set(blockId, new Map());
    this.values.get(blockId).set(actionId, value);
  }

  set(blockId, actionId, value) {
    this.store(blockId, actionId, value);
    for (const listener of this.listeners) listener(blockId);
  }

  /** Forgets what belongs to blocks and elements that are gone. */
  prune(blocks) {
    const kept = new Map();
    allBlocks(blocks).forEach((block, index) => {
      const key = blockKey(block, index);
      kept.set(key, new Set(elementsOf(block).map(actionKey)));
    });
    for (const [blockId, actions] of this.values) {
      if (!kept.has(blockId)) this.values.delete(blockId);
      else for (const actionId of actions.keys()) if (!kept.get(blockId).has(actionId)) actions.delete(actionId);
    }
  }

  /** Slack's state.values. */
  state() {
    const state = {};
    for (const [blockId, actions] of this.values) {
      if (actions.size) state[blockId] = Object.fromEntries(actions);
    }
    return state;
  }

  /** Sends a block action; failures become a toast. */
  async act(blockId, action) {
    try {
      const answer = await this.app.api.action(this.container, blockId, action, this.state());
      if (answer.ok === false) toast(answer.error ?? 'The app did not take that action.');
      this.app.afterPost();
    } catch (error) {
      toast(error.message);
    }
  }

  options(blockId, actionId, value) {
    return this.app.api.options(this.container, blockId, actionId, value);
  }
}
