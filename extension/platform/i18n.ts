import { browser } from './browser.ts';

/**
 * A text of `_locales` in the browser's language.
 * @param key message name. @param params values of its placeholders, in order.
 * @returns the key itself when there is no such text, so that a missing one is seen; also in an orphaned page.
 */
export function t(key: string, ...params: string[]): string {
  try {
    return browser.i18n.getMessage(key, params) || key;
  } catch {
    return key;
  }
}
