import { browser } from './browser.ts';

const KEY = 'learned';

/** @returns what `saveLearned` kept last on this device, as it stands there; undefined when nothing. */
export async function loadLearned(): Promise<unknown> {
  return (await browser.storage.local.get(KEY))[KEY];
}

/** Keeps what parties have learned of this device; it is no person's choice, so it stands apart from the settings. */
export async function saveLearned(value: object): Promise<void> {
  await browser.storage.local.set({ [KEY]: value });
}
