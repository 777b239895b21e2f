import type { Media } from '../../shared/protocol.ts';
import type { JellyfinApi } from './api.ts';
import { HostError } from './host.ts';

/** The page's socket comes up a few 100 ms after it loaded; a slow server may take longer. */
const CONTROL_DEADLINE_MS = 10_000;
const CONTROL_ASK_EVERY_MS = 400;
/** From the command to the stream's first bytes: server, codec choice, and a transcoder's start. */
const OPEN_DEADLINE_MS = 20_000;

export interface OpenEdges {
  api: JellyfinApi;
  /** Resolves true once the item plays in the page, false at the deadline. */
  whenPlaying(itemId: string, deadlineMs: number): Promise<boolean>;
  sleep(ms: number): Promise<void>;
  now(): number;
}

/**
 * Makes the page play an item: the server is asked, as the user, to tell this very page.
 * @param positionMs where to start. @throws HostError
 */
export async function openItem(media: Media, positionMs: number, edges: OpenEdges): Promise<void> {
  await edges.api.item(media.itemId);
  const sessionId = await whenControllable(edges);
  await edges.api.playNow(sessionId, media.itemId, positionMs);
  const playing = await edges.whenPlaying(media.itemId, OPEN_DEADLINE_MS);
  if (!playing) throw new HostError('no-remote-control', 'the page did not start the item');
}

/** Asked again and again, because a page cannot see its own control socket come up. */
async function whenControllable(edges: OpenEdges): Promise<string> {
  const startedAtMs = edges.now();
  for (;;) {
    const session = await edges.api.ownSession();
    if (session?.controllable) return session.id;
    if (edges.now() - startedAtMs >= CONTROL_DEADLINE_MS) {
      throw new HostError('no-remote-control', 'the server has no connection to this page');
    }
    await edges.sleep(CONTROL_ASK_EVERY_MS);
  }
}
