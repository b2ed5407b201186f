// Slack text objects: {type: "plain_text" | "mrkdwn", text}.

import { replaceEmoji } from './emoji.js';
import { renderMrkdwn, unescapeText } from './mrkdwn.js';

/** The characters of a text object, for labels and attributes. */
export function plainText(object) {
  if (!object) return '';
  const text = String(object.text ?? '');
  if (object.type === 'mrkdwn') return textOnly(text);
  return object.emoji === false ? text : replaceEmoji(text);
}

/** mrkdwn without its marks, for live announcements and window titles. */
export function textOnly(text) {
  const words = String(text ?? '')
    .replace(/<(?:[^<>|]*)\|([^<>]*)>/g, '$1')
    .replace(/<(https?:[^<>]*)>/g, '$1')
    .replace(/[*_~`]/g, '');
  return replaceEmoji(unescapeText(words));
}

/** A text object as nodes, formatted when it is mrkdwn. */
export function textNodes(object, env) {
  if (object?.type === 'mrkdwn') return renderMrkdwn(object.text, env);
  return document.createTextNode(plainText(object));
}
