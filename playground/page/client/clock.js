// The playground's time: it may stand still, or be ahead of the real one.

let clock = { now: 0, frozen: false, offset: 0 };

export function setClock({ now, frozen, offset }) {
  clock = { now: Number(now) || 0, frozen: frozen === true, offset: Number(offset) || 0 };
}

/** Epoch seconds, as the server and the app see them. */
export const nowSeconds = () => (clock.frozen ? clock.now : Date.now() / 1000 + clock.offset);

export const clockIsFrozen = () => clock.frozen;

/** Seconds ahead of the real time; a little is only what a request takes. */
export const clockAhead = () => {
  const ahead = nowSeconds() - Date.now() / 1000;
  return Math.abs(ahead) < 2 ? 0 : ahead;
};
