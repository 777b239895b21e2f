/** What jellyfin-web listens for on document and window, and would take for its own (jellyfin-web.md section 5). */
const KEPT_EVENTS = [
  'keydown',
  'keypress',
  'keyup',
  'wheel',
  'pointerdown',
  'mousedown',
  'click',
  'dblclick',
  'touchstart',
] as const;

/** Lets no key, wheel turn or press out of the overlay; the page's capturing listeners still see them, harmlessly. */
export function keepEventsIn(root: ShadowRoot, signal: AbortSignal): void {
  for (const type of KEPT_EVENTS) {
    root.addEventListener(type, (event) => event.stopPropagation(), { signal, passive: true });
  }
}
