/** The words that the extension shows, by key, so that journeys look for what a person reads and survive a better wording. */
import { readFileSync } from 'node:fs';
import type english from '../../extension/_locales/en/messages.json';

export type WordKey = keyof typeof english;

interface Entry {
  message: string;
  placeholders?: Record<string, { content: string }>;
}

const ENTRIES = JSON.parse(
  readFileSync(new URL('../../extension/_locales/en/messages.json', import.meta.url), 'utf8'),
) as Record<WordKey, Entry>;

/** @param params values for `$1`, `$2` …, as `browser.i18n.getMessage` takes them. */
export function words(key: WordKey, ...params: string[]): string {
  const { message, placeholders } = ENTRIES[key];
  return message.replace(/\$([A-Z_]+)\$/g, (_, name: string) => {
    const content = placeholders?.[name.toLowerCase()]?.content ?? '';
    return content.replace(/\$(\d)/g, (_whole, index: string) => params[Number(index) - 1] ?? '');
  });
}
