import * as v from 'valibot';
import { browser } from '../platform/browser.ts';
import type { TabMemory } from '../platform/messages.ts';
import { KeptSeatSchema } from './kept-party.ts';

const TabMemorySchema = v.object({
  seat: v.nullable(KeptSeatSchema),
  pendingInvite: v.nullable(v.string()),
  panelOpen: v.boolean(),
});

const keyOf = (tabId: number): string => `tab:${tabId}`;

/**
 * What a tab remembers across reloads. It lives in `storage.session`: gone with the browser, and out of reach
 * for content scripts, which only get their own tab's through the background.
 */
export async function readTab(tabId: number): Promise<TabMemory | null> {
  const key = keyOf(tabId);
  const stored = await browser.storage.session.get(key);
  const result = v.safeParse(TabMemorySchema, stored[key]);
  return result.success ? result.output : null;
}

/** @param memory null forgets the tab. */
export async function writeTab(tabId: number, memory: TabMemory | null): Promise<void> {
  const key = keyOf(tabId);
  if (memory === null) await browser.storage.session.remove(key);
  else await browser.storage.session.set({ [key]: v.parse(TabMemorySchema, memory) });
}

/** Forgets tabs as they close. */
export function forgetClosedTabs(): void {
  browser.tabs.onRemoved.addListener((tabId) => writeTab(tabId, null));
}
