import { browser } from './browser.ts';
import type { BackgroundReplies, BackgroundReply, BackgroundRequest } from './messages.ts';

/** The extension was updated or removed under this page: a reload brings the new one. */
const UPDATED = 'extension-updated';

/** @returns whether this script's extension is still there (an update or removal orphans open pages). */
export const isExtensionAlive = (): boolean => browser.runtime?.id !== undefined;

function isReply(value: unknown): value is BackgroundReply<never> {
  return typeof value === 'object' && value !== null && 'ok' in value;
}

/**
 * Asks the background for one thing; the browser starts the background when it is stopped.
 * @returns the reply; never rejects. Failures of the way there: `extension-updated`, `background-stopped`.
 */
export async function ask<R extends BackgroundRequest>(
  request: R,
): Promise<BackgroundReply<BackgroundReplies[R['type']]>> {
  if (!isExtensionAlive()) return { ok: false, code: UPDATED, message: 'the extension context is gone' };
  try {
    const reply: unknown = await browser.runtime.sendMessage(request);
    if (isReply(reply)) return reply;
    return { ok: false, code: 'background-stopped', message: 'the background gave no answer' };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const gone = !isExtensionAlive() || /context invalidated/i.test(message);
    return { ok: false, code: gone ? UPDATED : 'background-stopped', message };
  }
}
