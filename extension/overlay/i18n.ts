import type messages from '../_locales/en/messages.json';

/** Every string a person can see has a key here; a misspelt one does not compile. */
export type MessageKey = keyof typeof messages;

/**
 * Looks a string up in the browser's language. `browser.i18n.getMessage` has this shape.
 * @param params fill `$1`, `$2` ... in the order of the message's placeholders.
 */
export type Translate = (key: MessageKey, ...params: string[]) => string;
