import { isPlaylist, itemIdOfStream } from './stream-id.ts';

/** An HLS playlist that the page loaded. */
export interface PlaylistLoad {
  itemId: string;
  /** `performance.now()` when the page asked for it. */
  startedAtMs: number;
}

/**
 * Tells of each HLS playlist the page loads: with hls.js the element's own address says nothing.
 * An observer, because the browser's list of resource entries is full soon after a film was opened.
 */
export function watchPlaylists(onLoad: (load: PlaylistLoad) => void, signal: AbortSignal): void {
  const observer = new PerformanceObserver((list) => {
    for (const { name, startTime } of list.getEntries()) {
      const itemId = isPlaylist(name) ? itemIdOfStream(name) : null;
      if (itemId) onLoad({ itemId, startedAtMs: startTime });
    }
  });
  observer.observe({ type: 'resource', buffered: true });
  signal.addEventListener('abort', () => observer.disconnect(), { once: true });
}
