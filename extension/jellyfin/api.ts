import * as v from 'valibot';
import { MAX_POSITION_MS, MAX_TITLE_LENGTH } from '../../shared/limits.ts';
import type { Media } from '../../shared/protocol.ts';
import { plainId } from './credentials.ts';
import { HostError, type JellyfinSession, type Segment } from './host.ts';
import { SegmentsSchema, segmentsIn, TICKS_PER_MS } from './segments.ts';

/** Long enough for a server whose disks sleep. */
const TIMEOUT_MS = 10_000;

const ItemSchema = v.object({
  Id: v.string(),
  Name: v.fallback(v.string(), ''),
  SeriesName: v.fallback(v.nullable(v.string()), null),
  ParentIndexNumber: v.fallback(v.nullable(v.number()), null),
  IndexNumber: v.fallback(v.nullable(v.number()), null),
  RunTimeTicks: v.fallback(v.nullable(v.number()), null),
  MediaType: v.fallback(v.string(), ''),
});
type Item = v.InferOutput<typeof ItemSchema>;

const ItemsSchema = v.object({ Items: v.array(ItemSchema) });
const UserSchema = v.object({ Name: v.string() });
const SessionsSchema = v.array(
  v.object({
    Id: v.string(),
    UserId: v.fallback(v.string(), ''),
    DeviceId: v.fallback(v.string(), ''),
    SupportsRemoteControl: v.fallback(v.boolean(), false),
    NowPlayingItem: v.fallback(v.nullable(v.object({ Id: v.string() })), null),
  }),
);

/** The page's own session on the server: who reads it may steer the page, so it stays in this file and open-item.ts. */
export interface OwnSession {
  id: string;
  controllable: boolean;
  nowPlayingId: string | null;
}

/** The few calls we make, as the signed-in user. All throw HostError. */
export class JellyfinApi {
  readonly #session: () => JellyfinSession | null;
  readonly #fetch: typeof fetch;

  constructor(session: () => JellyfinSession | null, fetchFn: typeof fetch) {
    this.#session = session;
    this.#fetch = fetchFn;
  }

  /** @returns the item as this user sees it. @throws HostError `item-missing` when they do not. */
  async item(itemId: string): Promise<Media> {
    return this.#mediaOf(await this.#lookUp(itemId));
  }

  /** @returns the item if it is one to watch, not a series, a person or a song. @throws HostError as `item` does. */
  async playable(itemId: string): Promise<Media | null> {
    const item = await this.#lookUp(itemId);
    return item.MediaType === 'Video' ? this.#mediaOf(item) : null;
  }

  async #lookUp(itemId: string): Promise<Item> {
    const { userId } = this.#signedIn();
    const { Items } = await this.#get('/Items', { userId, ids: itemId }, ItemsSchema);
    const item = Items.find((candidate) => plainId(candidate.Id) === itemId);
    if (!item) throw new HostError('item-missing', 'this user does not see the item');
    return item;
  }

  #mediaOf(item: Item): Media {
    const { serverId } = this.#signedIn();
    const runtimeMs = item.RunTimeTicks === null ? null : item.RunTimeTicks / TICKS_PER_MS;
    const known = runtimeMs !== null && runtimeMs >= 0 && runtimeMs <= MAX_POSITION_MS;
    return { serverId, itemId: plainId(item.Id), title: titleOf(item), runtimeMs: known ? runtimeMs : null };
  }

  /** @returns the parts of an item that the server knows of. @throws HostError also when it does not know any such thing. */
  async segments(itemId: string): Promise<Segment[]> {
    return segmentsIn(await this.#get(`/MediaSegments/${itemId}`, {}, SegmentsSchema));
  }

  async userName(): Promise<string> {
    return (await this.#get('/Users/Me', {}, UserSchema)).Name;
  }

  /** @returns null while the server has not seen this page. An administrator sees everyone's, hence the filter. */
  async ownSession(): Promise<OwnSession | null> {
    const { deviceId, userId } = this.#signedIn();
    const sessions = await this.#get('/Sessions', { deviceId }, SessionsSchema);
    const own = sessions.find((s) => s.DeviceId === deviceId && plainId(s.UserId) === plainId(userId));
    if (!own) return null;
    const nowPlayingId = own.NowPlayingItem ? plainId(own.NowPlayingItem.Id) : null;
    return { id: own.Id, controllable: own.SupportsRemoteControl, nowPlayingId };
  }

  /** Makes the page of a session play an item. @param positionMs where to start. */
  async playNow(sessionId: string, itemId: string, positionMs: number): Promise<void> {
    await this.#send('POST', `/Sessions/${encodeURIComponent(sessionId)}/Playing`, {
      playCommand: 'PlayNow',
      itemIds: itemId,
      startPositionTicks: toTicks(positionMs),
    });
  }

  /** Makes the page of a session seek as its own slider would. */
  async seek(sessionId: string, positionMs: number): Promise<void> {
    await this.#send('POST', `/Sessions/${encodeURIComponent(sessionId)}/Playing/Seek`, {
      seekPositionTicks: toTicks(positionMs),
    });
  }

  #signedIn(): JellyfinSession {
    const session = this.#session();
    if (!session) throw new HostError('signed-out', 'nobody is signed in to Jellyfin');
    return session;
  }

  async #get<T>(path: string, query: Record<string, string>, schema: v.GenericSchema<unknown, T>): Promise<T> {
    const response = await this.#send('GET', path, query);
    const parsed = v.safeParse(schema, await response.json().catch(() => null));
    if (parsed.success) return parsed.output;
    throw new HostError('jellyfin-unreachable', `${path}: not the answer of a Jellyfin server`);
  }

  async #send(method: 'GET' | 'POST', path: string, query: Record<string, string>): Promise<Response> {
    const { baseUrl, token } = this.#signedIn();
    const request: RequestInit = {
      method,
      // The token and nothing else: a device or version in this header would rename the user's device.
      headers: { authorization: `MediaBrowser Token="${token}"` },
      credentials: 'omit',
      cache: 'no-store',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    };
    const response = await this.#reach(`${baseUrl}${path}?${new URLSearchParams(query)}`, request);
    if (response.ok) return response;
    if (response.status === 401) throw new HostError('signed-out', '401');
    if (response.status < 500) {
      throw new HostError(path.startsWith('/Sessions') ? 'no-remote-control' : 'item-missing', `${response.status}`);
    }
    throw new HostError('jellyfin-unreachable', `${response.status}`);
  }

  /** Awaited, not chained: in Firefox the promise is the page's, and an error of ours thrown in its `catch` comes out unreadable. */
  async #reach(url: string, request: RequestInit): Promise<Response> {
    try {
      return await this.#fetch(url, request);
    } catch (error) {
      throw new HostError('jellyfin-unreachable', error instanceof Error ? error.name : 'failed');
    }
  }
}

const toTicks = (positionMs: number): string => String(Math.max(0, Math.round(positionMs * TICKS_PER_MS)));

function titleOf(item: Item): string {
  const season = item.ParentIndexNumber === null ? '' : `S${item.ParentIndexNumber}:`;
  const episode = item.IndexNumber === null ? '' : `${season}E${item.IndexNumber}`;
  const parts = item.SeriesName ? [item.SeriesName, episode, item.Name] : [item.Name];
  return parts.filter(Boolean).join(' · ').slice(0, MAX_TITLE_LENGTH);
}
