import { SELECTORS } from './selectors.ts';

/**
 * Follows the one element that films play in. The next episode keeps it; leaving the player removes it.
 * @param onVideo called at once when there is one, then at each change. @param signal ends the watching.
 */
export function watchVideo(
  document: Document,
  onVideo: (video: HTMLVideoElement | null) => void,
  signal: AbortSignal,
): void {
  let current: HTMLVideoElement | null = null;
  const look = (): void => {
    const found = document.querySelector<HTMLVideoElement>(SELECTORS.video);
    if (found === current) return;
    current = found;
    onVideo(found);
  };
  // The container is a direct child of body in all versions, so nothing deeper needs watching.
  const observer = new MutationObserver(look);
  observer.observe(document.body, { childList: true });
  signal.addEventListener('abort', () => observer.disconnect(), { once: true });
  look();
}
