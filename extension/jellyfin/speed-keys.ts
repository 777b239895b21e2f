/** What changes the speed in jellyfin-web: by character up to 10.11, by key code from 12.0 on. */
const isSpeedKey = (event: KeyboardEvent): boolean =>
  event.key === '<' || event.key === '>' || (event.shiftKey && (event.code === 'Comma' || event.code === 'Period'));

/**
 * Tells that the page is about to change the speed. It looks the current speed up in a fixed list
 * (playbackmanager.js:1099-1135), so a small correction in force at that moment would count as "unknown" and become 0.5x.
 * @param onSpeedKey called before the page's own handler sees the key. @param signal ends the watching.
 */
export function watchSpeedKeys(window: Window, onSpeedKey: () => void, signal: AbortSignal): void {
  const onKey = (event: KeyboardEvent): void => {
    if (isSpeedKey(event)) onSpeedKey();
  };
  window.addEventListener('keydown', onKey, { signal, capture: true });
}
