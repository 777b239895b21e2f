// Makes components follow signals.
import '@preact/signals';
import { effect } from '@preact/signals-core';
import { render } from 'preact';
import { App } from './app.tsx';
import { OverlayContext } from './context.ts';
import { keepEventsIn } from './keep-in.ts';
import { HOST_ID, IN_PARTY, RETIRED, retireOlder } from './mark.ts';
import css from './overlay.css?inline';
import { onShortcut } from './shortcut.ts';
import type { MountOverlay } from './slot.ts';

/**
 * Not fixed and zero-sized: jellyfin-web takes the focus away from anything whose `offsetParent` is null
 * (jellyfin-web.md 0.1). Above Jellyfin's volume box (100000), below its dialogs (999998).
 */
const HOST_STYLE = {
  all: 'initial',
  position: 'absolute',
  'inset-block-start': '0',
  'inset-inline-start': '0',
  'z-index': '100002',
  display: 'block',
  'inline-size': '0',
  'block-size': '0',
  'font-family': 'inherit',
} as const;
/** A page that removes the host again and again wins: fighting on would hang the tab. */
const MAX_REATTACHMENTS = 20;

/**
 * Shows the overlay until the signal aborts. A newer mount, also one of a newer extension, replaces an older one.
 * The host is a child of `<body>` and not fixed: only then does jellyfin-web leave the focus alone (jellyfin-web.md 0.1).
 * `document` is the page to mount in; its body may still be missing (document_start).
 */
export const mountOverlay: MountOverlay = (model, actions, t, signal, document) => {
  if (signal.aborted) return;
  const lifetime = new AbortController();
  signal.addEventListener('abort', () => lifetime.abort(), { signal: lifetime.signal });

  retireOlder(document);
  const host = document.createElement('div');
  host.id = HOST_ID;
  const root = host.attachShadow({ mode: 'open' });
  keepEventsIn(root, lifetime.signal);
  lifetime.signal.addEventListener('abort', () => {
    render(null, root);
    host.remove();
  });
  keepAttached(document, host, lifetime);
  const stopMarking = effect(() => {
    host.toggleAttribute(IN_PARTY, model.screen.value.state === 'party');
  });
  lifetime.signal.addEventListener('abort', stopMarking);
  onShortcut(document, lifetime.signal, () => actions.setPanelOpen(!model.panelOpen.value));
  render(
    <OverlayContext.Provider value={{ model, actions, t }}>
      <App />
    </OverlayContext.Provider>,
    root,
  );
  // After the first render: that one clears whatever else is in the root.
  applyStyles(host, root);
};

function applyStyles(host: HTMLElement, root: ShadowRoot): void {
  // Important, and not in the sheet's `:host`: a page's own rule for `div` would win over that.
  for (const [name, value] of Object.entries(HOST_STYLE)) host.style.setProperty(name, value, 'important');
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  try {
    root.adoptedStyleSheets = [sheet];
  } catch {
    // Older Firefox refuses a content script's sheets (bug 1751346); it takes an element.
    const element = host.ownerDocument.createElement('style');
    element.textContent = css;
    root.append(element);
  }
}

/** Puts the host into `<body>` as soon as there is one, and back when the page throws it out. */
function keepAttached(document: Document, host: HTMLElement, lifetime: AbortController): void {
  let attachments = 0;
  const observer = new MutationObserver(attach);
  lifetime.signal.addEventListener('abort', () => observer.disconnect());
  attach();

  function attach(): void {
    if (host.hasAttribute(RETIRED) || attachments > MAX_REATTACHMENTS) {
      lifetime.abort();
      return;
    }
    const { body, documentElement } = document;
    observer.observe(documentElement, { childList: true });
    if (!body) return;
    // Observing the same node again changes nothing; a replaced body needs it.
    observer.observe(body, { childList: true });
    if (host.parentElement === body) return;
    attachments += 1;
    body.append(host);
  }
}
