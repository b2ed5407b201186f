// All selects: static, external, users, conversations, channels; single and multiple.

import { plainText } from '../text/plain.js';
import { h } from '../ui/dom.js';
import { createCombobox } from '../ui/combobox.js';
import { changeValue, nameOf } from './element.js';
import { channelChoices, conversationChoices, personChoices } from './select-sources.js';

/** Per kind: the state key, the initial key, and whether values are ids or whole options. */
const KINDS = {
  static: { key: 'selected_option', initial: 'initial_option' },
  external: { key: 'selected_option', initial: 'initial_option' },
  users: { key: 'selected_user', initial: 'initial_user', choices: personChoices },
  conversations: { key: 'selected_conversation', initial: 'initial_conversation', choices: conversationChoices },
  channels: { key: 'selected_channel', initial: 'initial_channel', choices: channelChoices },
};

export const SELECT_TYPES = Object.keys(KINDS).flatMap((kind) => [`${kind}_select`, `multi_${kind}_select`]);

const PLACEHOLDERS = { users: 'Choose a person', conversations: 'Choose a conversation', channels: 'Choose a channel' };
const TYPING_PAUSE = 150;
const MIN_QUERY = 3;

function optionItem(option) {
  return { key: `${option.value}\u0000${plainText(option.text)}`, text: plainText(option.text), description: plainText(option.description), payload: option };
}

function groupsOf(source) {
  if (source?.option_groups) {
    return source.option_groups.map((group) => ({ label: plainText(group.label), options: (group.options ?? []).map(optionItem) }));
  }
  return [{ options: (source?.options ?? []).map(optionItem) }];
}

/** Options whose text or description has every typed word. */
function filterGroups(groups, query) {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (!words.length) return groups;
  const fits = (option) => {
    const text = `${option.text} ${option.description ?? ''} ${option.search ?? ''}`.toLowerCase();
    return words.every((word) => text.includes(word));
  };
  return groups.map((group) => ({ ...group, options: group.options.filter(fits) })).filter((group) => group.options.length);
}

async function loadExternal(element, p, query) {
  const least = element.min_query_length ?? MIN_QUERY;
  if (query.length < least) {
    return { groups: [], note: least === 1 ? 'Type to search' : `Type ${least} characters or more to search` };
  }
  const answer = await p.surface.options(p.blockId, p.actionId, query);
  if (answer.error || answer.ok === false) throw new Error(answer.error ?? 'Could not load the options.');
  return { groups: groupsOf(answer) };
}

export function selectElement(element, p) {
  const multiple = element.type.startsWith('multi_');
  const kindName = element.type.replace('multi_', '').replace('_select', '');
  const kind = KINDS[kindName];
  const key = multiple ? `${kind.key}s` : kind.key;
  const initialKey = multiple ? `${kind.initial}s` : kind.initial;
  const fixed = kind.choices?.(element, p.surface.env);
  const groups = fixed ? [{ options: fixed }] : groupsOf(element);

  const current = element.default_to_current_conversation ? p.surface.env.currentChannel() : null;
  const initial = element[initialKey] ?? (current && (multiple ? [current] : current)) ?? (multiple ? [] : null);
  const value = p.surface.value(p.blockId, p.actionId, element.type, () => ({ [key]: initial }));

  const toItem = (stored) => (fixed ? fixed.find((item) => item.payload === stored) ?? { key: stored, text: stored, payload: stored } : optionItem(stored));
  const toItems = (stored) => (multiple ? stored ?? [] : stored ? [stored] : []).map(toItem);
  const isKnown = (item) => kindName !== 'static' || groups.some((group) => group.options.some((option) => option.key === item.key));
  let accepted = toItems(value[key]).filter(isKnown);
  if (accepted.length !== toItems(value[key]).length) p.surface.store(p.blockId, p.actionId, { type: element.type, [key]: asValue(accepted) });

  function asValue(items) {
    const payloads = items.map((item) => item.payload);
    return multiple ? payloads : payloads[0] ?? null;
  }

  const combobox = createCombobox({
    id: p.inInput ? p.id : undefined,
    label: nameOf(element, p),
    labelledBy: p.labelledBy,
    describedBy: p.describedBy,
    required: p.inInput && !p.optional,
    placeholder: plainText(element.placeholder) || PLACEHOLDERS[kindName] || (multiple ? 'Choose options' : 'Choose an option'),
    multiple,
    max: element.max_selected_items,
    clearable: p.inInput && p.optional,
    selected: accepted,
    delay: kindName === 'external' ? TYPING_PAUSE : 0,
    load: kindName === 'external' ? (query) => loadExternal(element, p, query) : async (query) => ({ groups: filterGroups(groups, query) }),
    onChange: async (items) => {
      const taken = await changeValue(element, p, { [key]: asValue(items) }, { busy: combobox.setBusy });
      if (taken) accepted = items;
      else combobox.setSelected(accepted);
    },
  });
  if (element.focus_on_load) combobox.input.dataset.focusOnLoad = 'true';
  return h('span', { class: 'element element--select' }, combobox.el);
}
