interface NavigationLike extends EventTarget {}

/**
 * Tells when the app shows another page. It moves with `history.pushState`, which fires no event of its own.
 * @param signal ends the watching.
 */
export function watchNavigation(window: Window, onMove: () => void, signal: AbortSignal): void {
  const { navigation } = window as Window & { navigation?: NavigationLike };
  window.addEventListener('hashchange', onMove, { signal });
  window.addEventListener('popstate', onMove, { signal });
  if (navigation) navigation.addEventListener('currententrychange', onMove, { signal });
  else watchByPage(window, onMove, signal);
}

/** Firefox before 147 has no Navigation API: a new page of the app also changes the document. */
function watchByPage(window: Window, onMove: () => void, signal: AbortSignal): void {
  let last = window.location.href;
  const observer = new MutationObserver(() => {
    if (window.location.href === last) return;
    last = window.location.href;
    onMove();
  });
  observer.observe(window.document.body, { childList: true, subtree: true });
  signal.addEventListener('abort', () => observer.disconnect(), { once: true });
}
