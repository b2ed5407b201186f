// A coloured tile with initials, for people and for the app.

import { h } from './dom.js';
import { icon } from './icons.js';

const FALLBACK = ['#5b4bb7', '#0f7b6c', '#b4472f', '#2d6cc0', '#9a5b13', '#a83a78', '#4b7a1f', '#5c6b7a'];

export function initials(name) {
  const words = String(name ?? '').trim().split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word));
  if (!words.length) return '?';
  const letters = words.length === 1 ? [...words[0]].slice(0, 1) : [[...words[0]][0], [...words.at(-1)][0]];
  return letters.join('').toUpperCase();
}

function colourOf(id, colour) {
  const hex = String(colour ?? '').replace(/^#/, '');
  if (/^([0-9a-f]{3}|[0-9a-f]{6})$/i.test(hex)) return `#${hex}`;
  let sum = 0;
  for (const character of String(id ?? '')) sum = (sum * 31 + character.codePointAt(0)) >>> 0;
  return FALLBACK[sum % FALLBACK.length];
}

/** White letters need a background of at least 4.5 : 1; lighter colours get dark letters. */
function isLight(hex) {
  const full = hex.length === 4 ? hex.replace(/[0-9a-f]/gi, '$&$&') : hex;
  const [r, g, b] = [1, 3, 5].map((at) => {
    const value = parseInt(full.slice(at, at + 2), 16) / 255;
    return value <= 0.04 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 1.05 / (0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05) < 4.5;
}

export function avatar({ id, name, color, app = false, notice = false }, size = '') {
  const el = h('span', { class: `avatar${size ? ` avatar--${size}` : ''}${app ? ' avatar--app' : ''}`, 'aria-hidden': 'true' });
  if (notice) {
    el.classList.add('avatar--notice');
    el.append(icon('info', 20));
    return el;
  }
  const colour = app ? null : colourOf(id, color);
  if (colour) {
    el.style.backgroundColor = colour;
    if (isLight(colour)) el.classList.add('avatar--light');
  }
  el.append(initials(name));
  return el;
}
