import { browser } from '../platform/browser.ts';

/** The one for Jellyfin, and the one for a relay's page: either does nothing on the other's. */
const CONTENT_SCRIPTS = ['content.js', 'landing.js'];
const OVERLAY_SCRIPT = 'overlay.js';
const ID_PREFIX = 'site:';

/** Reconciling reads, then writes: two at once would register the same script twice. */
let queue: Promise<void> = Promise.resolve();

function inTurn(work: () => Promise<void>): Promise<void> {
  const turn = queue.then(work);
  // A failed turn was reported to its caller; the next one starts afresh.
  queue = turn.catch(() => undefined);
  return turn;
}

/**
 * Makes the registered content scripts fit the sites the user has allowed, whoever changed what
 * (our popup, the browser's own settings, an update that dropped the registrations).
 */
export function reconcileSites(): Promise<void> {
  return inTurn(async () => {
    const [granted, registered] = await Promise.all([
      browser.permissions.getAll(),
      browser.scripting.getRegisteredContentScripts(),
    ]);
    const origins = (granted.origins ?? []).filter(isWebOrigin);
    const wanted = new Map(origins.map((origin) => [ID_PREFIX + origin, origin]));
    const known = new Set(registered.map((script) => script.id));
    const stale = [...known].filter((id) => id.startsWith(ID_PREFIX) && !wanted.has(id));
    const missing = [...wanted].filter(([id]) => !known.has(id));
    if (stale.length > 0) await browser.scripting.unregisterContentScripts({ ids: stale });
    if (missing.length > 0) await browser.scripting.registerContentScripts(missing.map(registrationOf));
  });
}

const isWebOrigin = (origin: string): boolean => /^(https?|\*):\/\/|^<all_urls>$/.test(origin);

function registrationOf([id, origin]: [string, string]) {
  return {
    id,
    matches: [origin],
    js: CONTENT_SCRIPTS,
    // Before the page's own scripts, so that an invite leaves the address bar before the app reads it.
    runAt: 'document_start' as const,
    allFrames: false,
    persistAcrossSessions: true,
  };
}

/**
 * Starts the content script in tabs that were already open: just allowed, or orphaned by an update.
 * @param origins match patterns of the sites meant.
 */
export async function injectIntoOpenTabs(origins: readonly string[]): Promise<void> {
  const patterns = origins.filter(isWebOrigin);
  if (patterns.length === 0) return;
  const tabs = await browser.tabs.query({ url: patterns });
  const ids = tabs.flatMap((tab) => (tab.id === undefined || tab.discarded ? [] : [tab.id]));
  // A tab may close or show an error page meanwhile: that concerns no other tab.
  await Promise.allSettled(
    ids.map((tabId) => browser.scripting.executeScript({ target: { tabId }, files: CONTENT_SCRIPTS })),
  );
}

/**
 * Runs the overlay's script in a tab's page, in the world of its content script, which asked for it.
 * Most pages never show anything of ours; injected rather than web-accessible, it tells no page that we are there.
 */
export async function loadOverlay(tabId: number): Promise<void> {
  await browser.scripting.executeScript({ target: { tabId }, files: [OVERLAY_SCRIPT] });
}

/** Follows what the user allows, from the background's first moment on. */
export function followSites(): void {
  browser.permissions.onAdded.addListener(async ({ origins }) => {
    await reconcileSites();
    await injectIntoOpenTabs(origins ?? []);
  });
  browser.permissions.onRemoved.addListener(() => reconcileSites());
  browser.runtime.onInstalled.addListener(async () => {
    await reconcileSites();
    const { origins } = await browser.permissions.getAll();
    await injectIntoOpenTabs(origins ?? []);
  });
}
