// Who and where, as the URL says it: ?as=U…&c=C…&tab=…&thread=…

export function readLocation() {
  const query = new URLSearchParams(location.search);
  return { as: query.get('as'), channel: query.get('c'), tab: query.get('tab'), thread: query.get('thread') };
}

export function urlFor({ as, channel, tab, thread }) {
  const query = new URLSearchParams();
  if (as) query.set('as', as);
  if (channel) query.set('c', channel);
  if (tab) query.set('tab', tab);
  if (thread) query.set('thread', thread);
  return `/?${query}`;
}
