// Dates and times in the time zone of the person the page is seen as.

import { nowSeconds } from '../client/clock.js';

const LOCALE = navigator.language?.startsWith('en') ? navigator.language : 'en-GB';
const formatters = new Map();

/** Making one takes long, so each is made once; an unknown zone is shown in the browser's. */
function formatter(tz, options, locale = LOCALE) {
  if (!formatters.has(options)) formatters.set(options, new Map());
  const known = formatters.get(options);
  const key = `${tz}|${locale}`;
  if (!known.has(key)) {
    try {
      known.set(key, new Intl.DateTimeFormat(locale, { ...options, timeZone: tz || undefined }));
    } catch {
      known.set(key, new Intl.DateTimeFormat(locale, options));
    }
  }
  return known.get(key);
}

export const format = (seconds, tz, options) => formatter(tz, options).format(new Date(seconds * 1000));

const TIME = { hour: 'numeric', minute: '2-digit' };

export const timeOf = (seconds, tz) => format(seconds, tz, TIME);

const FULL = {
  weekday: 'long', day: 'numeric', month: 'long', year: 'numeric', hour: 'numeric', minute: '2-digit', second: '2-digit', timeZoneName: 'short',
};

export const fullTime = (seconds, tz) => format(seconds, tz, FULL);

/** "2026-11-22" of that moment in that zone. */
export function dayKey(seconds, tz) {
  const parts = zoneParts(seconds, tz);
  return `${parts.year}-${parts.month}-${parts.day}`;
}

const PARTS = { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' };

function zoneParts(seconds, tz) {
  const parts = formatter(tz, PARTS, 'en-GB').formatToParts(new Date(seconds * 1000));
  return Object.fromEntries(parts.map(({ type, value }) => [type, value]));
}

const DAY = 86400;

function pretty(seconds, tz, options) {
  const now = nowSeconds();
  const key = dayKey(seconds, tz);
  if (key === dayKey(now, tz)) return 'Today';
  if (key === dayKey(now - DAY, tz)) return 'Yesterday';
  if (key === dayKey(now + DAY, tz)) return 'Tomorrow';
  return format(seconds, tz, options);
}

const DATE = { day: 'numeric', month: 'long', year: 'numeric' };
const DATE_SHORT = { day: 'numeric', month: 'short', year: 'numeric' };
const DAY_MONTH = { weekday: 'long', day: 'numeric', month: 'long' };
const TIME_SECONDS = { ...TIME, second: '2-digit' };
const DATE_LONG = { weekday: 'long', ...DATE };

export const dayLabel = (seconds, tz) => pretty(seconds, tz, DATE_LONG);

export function ago(seconds) {
  const difference = seconds - nowSeconds();
  const size = Math.abs(difference);
  const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
  if (size < 45) return difference < 0 ? 'just now' : 'in a moment';
  if (size < 45 * 60) return relative.format(Math.round(difference / 60), 'minute');
  if (size < 22 * 3600) return relative.format(Math.round(difference / 3600), 'hour');
  if (size < 26 * DAY) return relative.format(Math.round(difference / DAY), 'day');
  if (size < 320 * DAY) return relative.format(Math.round(difference / (30.4 * DAY)), 'month');
  return relative.format(Math.round(difference / (365.25 * DAY)), 'year');
}

const TOKENS = {
  date_num: (s, tz) => dayKey(s, tz),
  date_slash: (s, tz) => dayKey(s, tz).replaceAll('-', '/'),
  date: (s, tz) => format(s, tz, DATE),
  date_short: (s, tz) => format(s, tz, DATE_SHORT),
  date_long: (s, tz) => format(s, tz, DATE_LONG),
  date_long_full: (s, tz) => format(s, tz, DATE_LONG),
  date_full: (s, tz) => format(s, tz, DATE_LONG),
  date_pretty: (s, tz) => pretty(s, tz, DATE),
  date_short_pretty: (s, tz) => pretty(s, tz, DATE_SHORT),
  date_long_pretty: (s, tz) => pretty(s, tz, DATE_LONG),
  day_divider_pretty: (s, tz) => pretty(s, tz, DAY_MONTH),
  time: (s, tz) => timeOf(s, tz),
  time_secs: (s, tz) => format(s, tz, TIME_SECONDS),
  ago: (s) => ago(s),
};

/** Fills "{date_short} at {time}"; Slack lower-cases pretty days inside a sentence. */
export function formatDateText(pattern, seconds, tz) {
  return pattern.replace(/\{(\w+)\}/g, (whole, token, offset) => {
    const make = TOKENS[token];
    if (!make) return whole;
    const text = make(seconds, tz);
    const insideSentence = offset > 0 && /[\p{L},]\s*$/u.test(pattern.slice(0, offset));
    return insideSentence && /^(Today|Yesterday|Tomorrow)$/.test(text) ? text.toLowerCase() : text;
  });
}

/** The moment of "2026-11-22T14:30" in that zone, in seconds. */
export function zonedSeconds(local, tz) {
  const [date, time] = local.split('T');
  const [year, month, day] = date.split('-').map(Number);
  const [hour, minute] = time.split(':').map(Number);
  const wanted = Date.UTC(year, month - 1, day, hour, minute) / 1000;
  let guess = wanted;
  for (let round = 0; round < 3; round += 1) {
    const p = zoneParts(guess, tz);
    const shown = Date.UTC(Number(p.year), Number(p.month) - 1, Number(p.day), Number(p.hour), Number(p.minute)) / 1000;
    if (shown === wanted) break;
    guess += wanted - shown;
  }
  return guess;
}

/** "2026-11-22T14:30" of that moment in that zone, for a datetime-local field. */
export function zonedLocal(seconds, tz) {
  const p = zoneParts(seconds, tz);
  return `${p.year}-${p.month}-${p.day}T${p.hour}:${p.minute}`;
}

/** The next moment at which a clock there shows "09:00". */
export function nextTime(clockTime, now, tz) {
  const days = [0, DAY, 1.5 * DAY].map((later) => zonedSeconds(`${dayKey(now + later, tz)}T${clockTime}`, tz));
  return days.find((moment) => moment > now + 0.5) ?? now + DAY;
}
