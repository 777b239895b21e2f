import { browser } from './browser.ts';

/** What parties leave behind on this device beside the settings. */
type Kept = 'learned' | 'cuts';

/** @returns what `saveKept` kept last on this device, as it stands there; undefined when nothing. */
export async function loadKept(key: Kept): Promise<unknown> {
  return (await browser.storage.local.get(key))[key];
}

/** Keeps it for the next party; what was there before is gone. */
export async function saveKept(key: Kept, value: object): Promise<void> {
  await browser.storage.local.set({ [key]: value });
}
