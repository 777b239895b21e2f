import { browser } from './browser.ts';

/**
 * Texts as they are, with marks for their placeholders: asking the browser costs more than rendering what it says, and an
 * orphaned page cannot ask any more.
 */
const known = new Map<string, string>();
/** Private-use characters, which no text of ours has. */
const MARKS = ['\uE000', '\uE001', '\uE002', '\uE003'] as const;

/** Looks texts up now, for a page whose extension may go away. */
export function keepTexts(keys: readonly string[]): void {
  for (const key of keys) template(key);
}

function template(key: string): string {
  const found = known.get(key);
  if (found !== undefined) return found;
  let text = '';
  try {
    text = browser.i18n.getMessage(key, [...MARKS]);
  } catch {
    // Orphaned: asked too late.
  }
  if (text !== '') known.set(key, text);
  return text;
}

/**
 * A text of `_locales` in the browser's language.
 * @param key message name. @param params values of its placeholders, in order.
 * @returns the key itself when there is no such text, so that a missing one is seen; also in an orphaned page.
 */
export function t(key: string, ...params: string[]): string {
  const text = template(key);
  if (text === '') return key;
  return MARKS.reduce((filled, mark, i) => filled.replaceAll(mark, () => params[i] ?? ''), text);
}
