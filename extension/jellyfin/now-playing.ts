import type { Media } from '../../shared/protocol.ts';
import type { PlaylistLoad } from './playlist-watch.ts';
import { itemIdOfStream } from './stream-id.ts';

/** A playlist may be asked for a moment before the element tells that its old stream is gone. */
const PLAYLIST_HEAD_START_MS = 1_000;
/** No better sign by now: ask the page's rating button and the server. Also the pause between tries of a failed look-up. */
const ASK_AFTER_MS = 2_500;

export interface NowPlayingEdges {
  /** @returns title and running time of an item. */
  lookUp(itemId: string): Promise<Media>;
  /** What the page's controls or the server name as playing; null when neither does. */
  askAround(): Promise<string | null>;
  onMedia(media: Media | null): void;
  /** Monotonic ms, of the same clock as the resource entries. */
  now(): number;
  setTimer(run: () => void, delayMs: number): () => void;
}

type Known = { state: 'unknown' } | { state: 'looking-up'; itemId: string } | { state: 'known'; media: Media };

/**
 * Finds out what plays in the element, and says "unknown" rather than something outdated: with the next episode
 * the element and the address stay, and only the stream changes.
 */
export class NowPlaying {
  readonly #video: HTMLVideoElement;
  readonly #edges: NowPlayingEdges;
  readonly #signal: AbortSignal;
  readonly #cache: Map<string, Media>;
  #known: Known = { state: 'unknown' };
  #streamSinceMs: number;
  #cancelAsking: () => void = () => undefined;

  /**
   * @param sinceMs playlists asked for before this belong to an earlier film; 0 when the element was there before us.
   * @param cache of looked-up items, shared by the elements of one page. @param signal ends with the element.
   */
  constructor(
    video: HTMLVideoElement,
    edges: NowPlayingEdges,
    sinceMs: number,
    cache: Map<string, Media>,
    signal: AbortSignal,
  ) {
    this.#video = video;
    this.#edges = edges;
    this.#streamSinceMs = sinceMs;
    this.#cache = cache;
    this.#signal = signal;
  }

  /** Starts to listen; what is there already is told at once. */
  begin(): void {
    const signal = this.#signal;
    const video = this.#video;
    video.addEventListener('emptied', () => this.#onEmptied(), { signal });
    video.addEventListener('loadstart', () => this.#readAddress(), { signal });
    video.addEventListener('loadedmetadata', () => this.#readAddress(), { signal });
    signal.addEventListener('abort', () => this.#cancelAsking(), { once: true });
    this.#askLater();
    this.#readAddress();
  }

  media(): Media | null {
    return this.#known.state === 'known' ? this.#known.media : null;
  }

  /** A playlist was loaded: it names the item that hls.js feeds to the element. */
  onPlaylist(load: PlaylistLoad): void {
    const hls = itemIdOfStream(this.#video.currentSrc) === null;
    if (hls && load.startedAtMs >= this.#streamSinceMs) this.#adopt(load.itemId);
  }

  #onEmptied(): void {
    this.#streamSinceMs = this.#edges.now() - PLAYLIST_HEAD_START_MS;
    const wasKnown = this.#known.state === 'known';
    this.#known = { state: 'unknown' };
    this.#askLater();
    if (wasKnown) this.#edges.onMedia(null);
  }

  #readAddress(): void {
    const itemId = itemIdOfStream(this.#video.currentSrc);
    if (itemId) this.#adopt(itemId);
  }

  #adopt(itemId: string): void {
    const known = this.#known;
    if (known.state === 'looking-up' && known.itemId === itemId) return;
    if (known.state === 'known' && known.media.itemId === itemId) return;
    const cached = this.#cache.get(itemId);
    if (cached) {
      this.#settle(cached);
      return;
    }
    this.#known = { state: 'looking-up', itemId };
    if (known.state === 'known') this.#edges.onMedia(null);
    void this.#lookUp(itemId);
  }

  async #lookUp(itemId: string): Promise<void> {
    const media = await this.#edges.lookUp(itemId).catch(() => null);
    if (this.#signal.aborted || this.#known.state !== 'looking-up' || this.#known.itemId !== itemId) return;
    if (media) {
      this.#cache.set(itemId, media);
      this.#settle(media);
    } else {
      this.#known = { state: 'unknown' };
      this.#askLater();
    }
  }

  #settle(media: Media): void {
    this.#cancelAsking();
    this.#known = { state: 'known', media };
    this.#edges.onMedia(media);
  }

  #askLater(): void {
    this.#cancelAsking();
    if (!this.#signal.aborted) this.#cancelAsking = this.#edges.setTimer(() => void this.#ask(), ASK_AFTER_MS);
  }

  async #ask(): Promise<void> {
    this.#readAddress();
    if (this.#known.state !== 'unknown' || this.#video.readyState === HTMLMediaElement.HAVE_NOTHING) {
      this.#askLater();
      return;
    }
    const itemId = await this.#edges.askAround().catch(() => null);
    if (this.#signal.aborted || this.#known.state !== 'unknown') return;
    if (itemId) this.#adopt(itemId);
    else this.#askLater();
  }
}
