import { browser } from '../platform/browser.ts';
import type { PopupView } from './view.tsx';

/** What the popup asks the browser for: this one site on any port, since match patterns know no ports. */
export const patternOf = (origin: string): string => `${origin}/*`;

/** @param url of a tab. @returns how the site is shown and asked for; null for pages that no extension may enter. */
export function siteOf(url: string | undefined): { host: string; origin: string } | null {
  if (url === undefined || !URL.canParse(url)) return null;
  const { protocol, hostname, origin } = new URL(url);
  return /^https?:$/.test(protocol) ? { host: origin, origin: `${protocol}//${hostname}` } : null;
}

/** Looks at the page the toolbar button was pressed on. `activeTab` lets us, for this one look. */
export async function lookAtTab(): Promise<PopupView> {
  const [tab] = await browser.tabs.query({ active: true, currentWindow: true });
  const site = siteOf(tab?.url);
  if (!site || tab?.id === undefined || !(await isJellyfin(tab.id))) return { state: 'not-jellyfin' };
  const allowed = await browser.permissions.contains({ origins: [patternOf(site.origin)] });
  return allowed ? { state: 'ready', host: site.host } : { state: 'ask', ...site };
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
