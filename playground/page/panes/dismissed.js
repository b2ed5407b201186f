// Private messages a person has dismissed stay dismissed while the tab lives.

const keyOf = (userId) => `dismissed:${userId}`;
const KEPT = 500;

export function dismissedIn(userId) {
  try {
    return new Set(JSON.parse(sessionStorage.getItem(keyOf(userId)) ?? '[]'));
  } catch {
    return new Set();
  }
}

export function dismiss(userId, ts) {
  const all = [...dismissedIn(userId), ts].slice(-KEPT);
  try {
    sessionStorage.setItem(keyOf(userId), JSON.stringify(all));
  } catch {
    // Storage may be switched off; then it comes back with the next load.
  }
}
