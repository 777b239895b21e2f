import { SELECTORS } from './selectors.ts';

/** A page that is jellyfin-web. */
export interface JellyfinPage {
  /** Where the page says its server is: origin and base path, without `/web` and trailing slash. */
  baseUrl: string;
}

/**
 * Finds out whether a page is jellyfin-web, as soon as its head has been parsed and before its scripts are done.
 * @param signal ends the waiting. @returns null for any other page.
 */
export function whenJellyfin(document: Document, signal: AbortSignal): Promise<JellyfinPage | null> {
  return new Promise((resolve) => {
    const done = new AbortController();
    const decide = (): void => {
      // The mark is in the head, so what is not there when the body begins will not come.
      if (!signal.aborted && !document.body && document.readyState === 'loading') return;
      done.abort();
      const found = !signal.aborted && document.querySelector(SELECTORS.mark) !== null;
      resolve(found ? { baseUrl: baseUrlOf(document.location) } : null);
    };
    const observer = new MutationObserver(decide);
    done.signal.addEventListener('abort', () => observer.disconnect());
    observer.observe(document, { childList: true, subtree: true });
    document.addEventListener('DOMContentLoaded', decide, { signal: done.signal });
    signal.addEventListener('abort', decide, { signal: done.signal });
    decide();
  });
}

/** @returns `https://host/base` of `https://host/base/web/index.html`. */
export function baseUrlOf(location: Pick<Location, 'origin' | 'pathname'>): string {
  const path = location.pathname.match(/^(.*?)\/web(?:\/.*)?$/);
  return location.origin + (path?.[1] ?? '');
}
