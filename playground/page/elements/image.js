// Images as elements and blocks; a picture that cannot be loaded shows its alt text.

import { h, safeUrl } from '../ui/dom.js';

export function picture(image, className) {
  const file = image.slack_file;
  const url = image.image_url ?? file?.url ?? (file?.id ? `/files/${encodeURIComponent(file.id)}/image` : null);
  const alt = image.alt_text ?? '';
  const missing = () => h('span', { class: `${className} image-missing`, role: 'img', 'aria-label': alt }, alt || 'Image');
  const href = url && (safeUrl(url) ?? (/^data:image\//.test(url) ? url : null));
  if (!href) return missing();
  const img = h('img', { class: className, src: href, alt, loading: 'lazy', referrerpolicy: 'no-referrer', title: alt });
  img.addEventListener('error', () => img.replaceWith(missing()), { once: true });
  return img;
}

export const imageElement = (element) => h('span', { class: 'element' }, picture(element, 'image-element'));
