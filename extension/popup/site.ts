import { browser } from '../platform/browser.ts';
import { ask } from '../platform/rpc.ts';
import type { PopupView } from './view.tsx';

/** What the popup asks the browser for: this one site on any port, since match patterns know no ports. */
const patternOf = (origin: string): string => `${origin}/*`;

/** @param url of a tab. @returns how the site is shown and asked for; null for pages that no extension may enter. */
export function siteOf(url: string | undefined): { host: string; origin: string } | null {
  if (url === undefined || !URL.canParse(url)) return null;
  const { protocol, hostname, origin } = new URL(url);
  return /^https?:$/.test(protocol) ? { host: origin, origin: `${protocol}//${hostname}` } : null;
}

/** Looks at the page the toolbar button was pressed on. `activeTab` lets us, for this one look. */
export async function lookAtTab(): Promise<PopupView> {
  const [tab] = await browser.tabs.query({ active: true, currentWindow: true });
  const invited = await lookAtInvite(tab?.url);
  if (invited) return invited;
  const site = siteOf(tab?.url);
  if (!site || tab?.id === undefined || !(await isJellyfin(tab.id))) return { state: 'not-jellyfin' };
  const pattern = patternOf(site.origin);
  const allowed = await browser.permissions.contains({ origins: [pattern] });
  return allowed ? { state: 'ready', host: site.host } : { state: 'ask', host: site.host, origins: [pattern] };
}

/** On a relay's page the button is about the Jellyfin that the invite leads to. */
async function lookAtInvite(href: string | undefined): Promise<PopupView | null> {
  if (href === undefined) return null;
  const reply = await ask({ type: 'landing', href, address: null });
  if (!reply.ok || !reply.value) return null;
  const { url, by, origins } = reply.value;
  const { origin: host } = new URL(url);
  const allowed = await browser.permissions.contains({ origins });
  return allowed ? { state: 'ready', host } : { state: 'join', host, by, origins };
}

async function isJellyfin(tabId: number): Promise<boolean> {
  try {
    const [found] = await browser.scripting.executeScript({ target: { tabId }, func: hasMark });
    return found?.result === true;
  } catch {
    // The browser's own pages and stores let no extension in.
    return false;
  }
}

/** Runs in the page, so it stands alone; the same mark as in jellyfin/selectors.ts. */
function hasMark(): boolean {
  return document.querySelector('meta[name="application-name"][content="Jellyfin"]') !== null;
}
