// Floating panels (menus, listboxes) in the top layer, kept inside the window.

const GAP = 4;
const EDGE = 8;
const open = new Set();

/**
 * Opens content next to anchor: below when there is room, else above.
 * It lives in the anchor's dialog, so that it is not inert while a modal is open.
 */
export function openPopover(anchor, content, { matchWidth = false, align = 'start', onClose, maxHeight = 340 } = {}) {
  const home = anchor.closest('dialog[open]') ?? document.body;
  content.classList.add('popover');
  content.setAttribute('popover', 'manual');
  home.append(content);
  content.showPopover();

  function place() {
    const rect = anchor.getBoundingClientRect();
    content.style.maxHeight = '';
    if (matchWidth) content.style.width = `${Math.max(rect.width, 180)}px`;
    const wanted = Math.min(content.scrollHeight + 2, maxHeight);
    const below = window.innerHeight - rect.bottom - GAP - EDGE;
    const above = rect.top - GAP - EDGE;
    const onTop = below < wanted && above > below;
    const height = Math.max(96, Math.min(wanted, onTop ? above : below));
    content.style.maxHeight = `${height}px`;
    const shown = Math.min(height, content.offsetHeight);
    content.style.top = `${Math.max(EDGE, onTop ? rect.top - GAP - shown : rect.bottom + GAP)}px`;
    const width = content.offsetWidth;
    const left = align === 'end' ? rect.right - width : rect.left;
    content.style.left = `${Math.max(EDGE, Math.min(left, window.innerWidth - width - EDGE))}px`;
  }

  function close() {
    if (!open.delete(handle)) return;
    document.removeEventListener('pointerdown', outside, true);
    window.removeEventListener('resize', place);
    document.removeEventListener('scroll', scrolled, true);
    if (content.matches(':popover-open')) content.hidePopover();
    content.remove();
    onClose?.();
  }

  function outside(event) {
    if (!content.contains(event.target) && !anchor.contains(event.target)) close();
  }

  function scrolled(event) {
    if (!content.contains(event.target)) {
      if (!anchor.isConnected) close();
      else place();
    }
  }

  const handle = { close, place, content, anchor };
  open.add(handle);
  document.addEventListener('pointerdown', outside, true);
  document.addEventListener('scroll', scrolled, true);
  window.addEventListener('resize', place);
  place();
  return handle;
}

export const isPopoverOpen = () => open.size > 0;

export function closePopovers() {
  for (const handle of [...open]) handle.close();
}

/** Closes panels whose anchor was redrawn away. */
export function closeOrphans() {
  for (const handle of [...open]) if (!handle.anchor.isConnected) handle.close();
}
