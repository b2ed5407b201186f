// Under a message: attachments (also link previews) and files.

import { renderBlocks } from '../blocks/index.js';
import { Surface } from '../blocks/surface.js';
import { picture } from '../elements/image.js';
import { dateText } from '../text/mentions.js';
import { renderMrkdwn } from '../text/mrkdwn.js';
import { externalLink, h, safeUrl } from '../ui/dom.js';
import { icon } from '../ui/icons.js';

const COLOURS = { good: '#2f8f5b', warning: '#c98a1b', danger: '#c23b4b' };

function barColour(colour) {
  if (!colour) return '';
  const hex = COLOURS[colour] ?? (/^#/.test(colour) ? colour : `#${colour}`);
  return /^#([0-9a-f]{3}|[0-9a-f]{6})$/i.test(hex) ? hex : '';
}

export function fillAttachments(parent, attachments, surface, message) {
  for (const attachment of attachments) {
    const body = h('div', { class: 'attachment__body' });
    const el = h('div', { class: 'attachment' }, body);
    el.style.borderLeftColor = barColour(attachment.color);
    if (attachment.pretext) parent.append(h('div', { class: 'mrkdwn' }, renderMrkdwn(attachment.pretext, surface.env)));
    if (attachment.blocks?.length) {
      const inner = new Surface(surface.app, { type: 'message', channel: message.channel, ts: message.ts });
      const from = attachment.from_url && safeUrl(attachment.from_url);
      const blocks = h('div', {});
      if (from) body.append(h('div', { class: 'attachment__author' }, icon('link', 14), externalLink(from, new URL(from).host)));
      body.append(blocks);
      renderBlocks(blocks, attachment.blocks, inner);
    } else {
      fillClassic(body, attachment, surface.env);
    }
    parent.append(el);
  }
}

function fillClassic(body, attachment, env) {
  const source = [attachment.service_name, attachment.author_name].filter(Boolean).join(' · ');
  const line = (text, className) => text && body.append(h('div', { class: className }, renderMrkdwn(text, env)));
  if (source) {
    const sign = attachment.service_icon ?? attachment.author_icon;
    body.append(h('div', { class: 'attachment__author' }, sign ? picture({ image_url: sign, alt_text: '' }, 'attachment__sign') : null,
      attachment.author_link ? externalLink(attachment.author_link, source) : source));
  }
  if (attachment.title) {
    body.append(h('div', { class: 'attachment__title' }, attachment.title_link ? externalLink(attachment.title_link, attachment.title) : attachment.title));
  }
  line(attachment.text ?? (attachment.title ? '' : attachment.fallback), 'mrkdwn');
  if (attachment.fields?.length) {
    body.append(h('div', { class: 'section__fields' }, attachment.fields.map((field) => h('div', { class: 'section__field mrkdwn' },
      h('strong', {}, field.title), h('br'), renderMrkdwn(field.value, env)))));
  }
  if (attachment.image_url) body.append(picture({ image_url: attachment.image_url, alt_text: attachment.title ?? 'Attached image' }, 'image-block__image'));
  else if (attachment.thumb_url) body.append(picture({ image_url: attachment.thumb_url, alt_text: '' }, 'attachment__thumb'));
  const when = Number(attachment.ts) ? [attachment.footer ? ' · ' : '', dateText(env, Number(attachment.ts), '{date_short_pretty} {time}')] : [];
  if (attachment.footer || when.length) body.append(h('div', { class: 'attachment__footer' }, renderMrkdwn(attachment.footer ?? '', env), when));
}

const size = (bytes) => (bytes >= 1e6 ? `${(bytes / 1e6).toFixed(1)} MB` : bytes >= 1e3 ? `${Math.round(bytes / 1e3)} kB` : `${bytes} bytes`);

export function fillFiles(parent, files) {
  for (const file of files) {
    const url = safeUrl(file.url_private ?? file.permalink ?? '');
    const name = file.title || file.name || 'File';
    if (/^image\//.test(file.mimetype ?? '') && url) {
      parent.append(h('figure', { class: 'image-block' }, h('figcaption', { class: 'image-block__title' }, name), picture({ image_url: url, alt_text: file.alt_txt ?? name }, 'image-block__image')));
      continue;
    }
    const facts = [(file.filetype ?? file.name?.split('.').at(-1) ?? '').toUpperCase(), file.size ? size(file.size) : ''].filter(Boolean).join(', ');
    const words = [h('span', { class: 'file__mark' }, icon('file', 20)), h('span', { class: 'file__words' }, h('span', { class: 'file__name' }, name), h('span', { class: 'file__facts' }, facts))];
    parent.append(url
      ? h('a', { class: 'file', href: url, download: file.name ?? '', rel: 'noopener' }, words)
      : h('div', { class: 'file' }, words));
  }
}
