import { ProtocolError } from '../../shared/errors.ts';
import { askJellyfin, type FindJellyfin, readBounded } from './jellyfin-directory.ts';

/** Twice as wide as the page shows it, in pixels. */
const WIDTH = 240;
/** A poster of that width is under 40 KiB. */
const MAX_BYTES = 256 * 1024;
/** What a picture may be: nothing that could run as a document. */
const TYPES = /^image\/(?:jpeg|png|webp)$/;

export interface Poster {
  type: string;
  bytes: Uint8Array;
}

/** Gets the poster of an item from a listed server, which shows it without signing in (PROTOCOL.md H-07). */
export type GetPoster = (serverId: string, itemId: string) => Promise<Poster>;

/** @param find the servers that are listed. */
export function createJellyfinPosters(find: FindJellyfin): GetPoster {
  return async (serverId, itemId) => {
    const path = `/Items/${encodeURIComponent(itemId)}/Images/Primary?maxWidth=${WIDTH}&quality=80`;
    const response = await askJellyfin((await find(serverId)) + path, { accept: 'image/webp, image/jpeg, image/png' });
    const type = response.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase() ?? '';
    try {
      if (!TYPES.test(type)) throw new Error('not a picture');
      return { type, bytes: await readBounded(response, MAX_BYTES) };
    } catch {
      await response.body?.cancel().catch(() => undefined);
      throw new ProtocolError('not-found', 'there is no poster to show');
    }
  };
}
