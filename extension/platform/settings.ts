import * as v from 'valibot';
import { FOLLOWS, type Follow } from '../../shared/follows.ts';
import { browser } from './browser.ts';

/** What a person chose, kept in `storage.local` for all sites. */
export interface Settings {
  /** Relay base URL without trailing slash, or '' when none is chosen yet. */
  relay: string;
  /** Shown to others when the relay cannot check a name with Jellyfin; '' means the Jellyfin user name. */
  name: string;
  /** Identity token pasted by the user (`npm run token`) or got by pairing; '' when none. */
  identity: string;
  /** Panel beside the film instead of over it. */
  beside: boolean;
  /** How late sound comes out of this device, in ms: Bluetooth, a TV. Negative when the picture does. */
  soundDelayMs: number;
  /** How this person follows a party. */
  follow: Follow;
}

export const DEFAULT_SETTINGS: Settings = {
  relay: '',
  name: '',
  identity: '',
  beside: false,
  soundDelayMs: 0,
  follow: 'closely',
};

const KEY = 'settings';

/** Storage outlives versions, so each field that is missing or odd falls back on its own. */
const SettingsSchema = v.fallback(
  v.object({
    relay: v.fallback(v.string(), DEFAULT_SETTINGS.relay),
    name: v.fallback(v.string(), DEFAULT_SETTINGS.name),
    identity: v.fallback(v.string(), DEFAULT_SETTINGS.identity),
    beside: v.fallback(v.boolean(), DEFAULT_SETTINGS.beside),
    soundDelayMs: v.fallback(v.pipe(v.number(), v.finite()), DEFAULT_SETTINGS.soundDelayMs),
    follow: v.fallback(v.picklist(FOLLOWS), DEFAULT_SETTINGS.follow),
  }),
  DEFAULT_SETTINGS,
);

/** @returns what was saved, or the defaults. */
export async function loadSettings(): Promise<Settings> {
  const stored = await browser.storage.local.get(KEY);
  return v.parse(SettingsSchema, stored[KEY]);
}

/**
 * Saves the fields given and keeps the others.
 * @returns the settings as they are now.
 */
export async function saveSettings(change: Partial<Settings>): Promise<Settings> {
  const next = { ...(await loadSettings()), ...change };
  await browser.storage.local.set({ [KEY]: next });
  return next;
}

/**
 * Tells of changes made in any tab or on the options page, our own included.
 * @param signal ends the listening.
 */
export function onSettingsChanged(listener: (settings: Settings) => void, signal: AbortSignal): void {
  const onChanged = (changes: Record<string, { newValue?: unknown }>, area: string): void => {
    if (area === 'local' && KEY in changes) listener(v.parse(SettingsSchema, changes[KEY]?.newValue));
  };
  browser.storage.onChanged.addListener(onChanged);
  signal.addEventListener('abort', () => browser.storage.onChanged.removeListener(onChanged), { once: true });
}
