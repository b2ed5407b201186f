// The server's JSON API. Every call is made as one person.

export class ApiError extends Error {}

async function request(path, options) {
  let response;
  try {
    response = await fetch(path, options);
  } catch {
    throw new ApiError('The playground server does not answer. Is it still running?');
  }
  let body = null;
  try {
    body = await response.json();
  } catch {
    // Not JSON: the status decides below.
  }
  if (!response.ok && !(body && typeof body === 'object' && 'ok' in body)) {
    throw new ApiError(body?.error ?? `The playground server answered ${response.status}.`);
  }
  return body ?? {};
}

const get = (path, query) => {
  const entries = Object.entries(query ?? {}).filter(([, value]) => value !== undefined && value !== null);
  const search = new URLSearchParams(entries).toString();
  return request(search ? `${path}?${search}` : path, { headers: { accept: 'application/json' } });
};

const post = (path, body) => request(path, {
  method: 'POST',
  headers: { 'content-type': 'application/json', accept: 'application/json' },
  body: JSON.stringify(body),
});

export const readPeople = (team) => get('/ui/people', { team });
export const readClock = () => get('/ui/clock');
export const readLink = () => get('/ui/link');

export function createApi(as) {
  return {
    state: () => get('/ui/state', { as }),
    messages: (channel, { thread, before, limit = 200 } = {}) => get('/ui/messages', { as, channel, thread, before, limit }),
    command: (channel, text) => post('/ui/command', { as, channel, text }),
    message: (channel, text, threadTs) => post('/ui/message', threadTs
      ? { as, channel, text, thread_ts: threadTs } : { as, channel, text }),
    action: (container, blockId, action, state) => post('/ui/action', { as, container, block_id: blockId, action, state }),
    submit: (viewId, state) => post('/ui/submit', { as, view_id: viewId, state }),
    close: (viewId, all = false) => post('/ui/close', all ? { as, view_id: viewId, all } : { as, view_id: viewId }),
    options: (container, blockId, actionId, value) => post('/ui/options', {
      as, container, block_id: blockId, action_id: actionId, value,
    }),
    home: () => post('/ui/home', { as }),
    read: (channel) => post('/ui/read', { as, channel }),
    shortcut: (callbackId, channel, ts) => post('/ui/shortcut', { as, callback_id: callbackId, channel, ts }),
    join: (channel) => post('/ui/join', { as, channel }),
    tools: {
      setClock: (change) => post('/ui/clock', change),
      setLink: (change) => post('/ui/link', change),
      resend: (what) => post('/ui/resend', what),
      log: (limit) => get('/ui/log', { limit }),
      export: (channel) => get('/ui/export', { as, channel }),
      install: (team) => post('/ui/install', { team }),
      uninstall: (team) => post('/ui/uninstall', { team }),
      revoke: (team) => post('/ui/revoke', { team }),
    },
  };
}
