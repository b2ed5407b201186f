// Who and where, as the URL says it: ?team=T…&as=U…&c=C…&tab=…&thread=…

export function readLocation() {
  const query = new URLSearchParams(location.search);
  return { team: query.get('team'), as: query.get('as'), channel: query.get('c'), tab: query.get('tab'), thread: query.get('thread') };
}

export function urlFor({ team, as, channel, tab, thread }) {
  const query = new URLSearchParams();
  if (team) query.set('team', team);
  if (as) query.set('as', as);
  if (channel) query.set('c', channel);
  if (tab) query.set('tab', tab);
  if (thread) query.set('thread', thread);
  return `/?${query}`;
}
