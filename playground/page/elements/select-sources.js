// What users_, channels_ and conversations_ selects offer.

export function personChoices(_element, env) {
  return env.people()
    .filter((person) => !person.deleted)
    .map((person) => ({ key: person.id, text: person.real_name, description: `@${person.handle}`, payload: person.id }));
}

const channelItem = (channel) => ({
  key: channel.id,
  text: channel.kind === 'channel' || channel.kind === 'private' ? `#${channel.name}` : channel.name,
  description: channel.kind === 'private' ? 'Private channel' : '',
  payload: channel.id,
});

export function channelChoices(_element, env) {
  return env.channels().filter((channel) => channel.kind === 'channel').map(channelItem);
}

const FILTER_KIND = { channel: 'public', private: 'private', dm: 'im', dm_app: 'im' };

export function conversationChoices(element, env) {
  const include = element.filter?.include;
  const noBots = element.filter?.exclude_bot_users === true;
  return env.channels()
    .filter((channel) => !include || include.includes(FILTER_KIND[channel.kind]))
    .filter((channel) => !(noBots && channel.kind === 'dm_app'))
    .map(channelItem);
}
