// The WebSocket with the server's events: reconnects with backoff, says when it is back.

const FIRST_WAIT = 400;
const LONGEST_WAIT = 8000;

/**
 * @param {{as: string, onEvent: (event: object) => void, onStatus: (online: boolean) => void,
 *          onBack: (first: boolean) => void}} options onBack is called whenever events flow (again): what
 *   happened before has to be read.
 */
export function connectLive({ as, onEvent, onStatus, onBack }) {
  const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
  const url = `${scheme}://${location.host}/ui/live?as=${encodeURIComponent(as)}`;
  let wait = FIRST_WAIT;
  let opened = 0;
  let timer = 0;
  let socket = null;

  function open() {
    clearTimeout(timer);
    socket = new WebSocket(url);
    socket.addEventListener('open', () => {
      wait = FIRST_WAIT;
      opened += 1;
      onStatus(true);
      onBack(opened === 1);
    });
    socket.addEventListener('message', (message) => {
      let event = null;
      try {
        event = JSON.parse(message.data);
      } catch {
        return;
      }
      onEvent(event);
    });
    socket.addEventListener('close', () => {
      onStatus(false);
      timer = setTimeout(open, wait * (0.8 + Math.random() * 0.4));
      wait = Math.min(wait * 2, LONGEST_WAIT);
    });
  }

  window.addEventListener('online', () => {
    if (socket && socket.readyState === WebSocket.CLOSED) open();
  });
  open();
}
