import { browser } from './browser.ts';

/** An orphaned page cannot ask any more, so what it may still have to say is kept (see `keepTexts`). */
const kept = new Map<string, string>();

/** Looks texts up now, for a page whose extension may go away. */
export function keepTexts(keys: readonly string[]): void {
  for (const key of keys) kept.set(key, t(key));
}

/**
 * A text of `_locales` in the browser's language.
 * @param key message name. @param params values of its placeholders, in order.
 * @returns the key itself when there is no such text, so that a missing one is seen; also in an orphaned page.
 */
export function t(key: string, ...params: string[]): string {
  try {
    return browser.i18n.getMessage(key, params) || kept.get(key) || key;
  } catch {
    return kept.get(key) ?? key;
  }
}
