import polyfill, { type Runtime } from 'webextension-polyfill';

/** The extension API with promises, the same in Chrome and Firefox. The only importer of webextension-polyfill. */
export const browser = polyfill;

export type MessageSender = Runtime.MessageSender;
