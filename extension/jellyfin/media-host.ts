import type { Media } from '../../shared/protocol.ts';
import { JellyfinApi } from './api.ts';
import { plainId, readSession, sameSession } from './credentials.ts';
import type { JellyfinPage } from './detect.ts';
import {
  type ButtonView,
  HostError,
  type HostEvent,
  type JellyfinSession,
  type MediaHost,
  type SkippablePart,
} from './host.ts';
import { watchNavigation } from './navigation.ts';
import { NowPlaying } from './now-playing.ts';
import { openItem } from './open-item.ts';
import { OsdButton } from './osd-button.ts';
import { watchPlaylists } from './playlist-watch.ts';
import { makeRoom } from './room-beside.ts';
import { pageOffers } from './segments.ts';
import { SELECTORS } from './selectors.ts';
import { shownItem } from './shown-item.ts';
import { watchSpeedKeys } from './speed-keys.ts';
import { readTheme } from './theme.ts';
import { watchVideo } from './video-watch.ts';

export interface MediaHostOptions {
  window: Window & typeof globalThis;
  page: JellyfinPage;
  onEvent(event: HostEvent): void;
  signal: AbortSignal;
}

/** @returns the port to the page's jellyfin-web. Nothing is told or touched before `start()`. */
export function createMediaHost(options: MediaHostOptions): MediaHost & { start(): void } {
  return new PageMediaHost(options);
}

class PageMediaHost implements MediaHost {
  readonly #options: MediaHostOptions;
  readonly #api: JellyfinApi;
  readonly #button: OsdButton;
  readonly #items = new Map<string, Media>();
  readonly #names = new Map<string, string>();
  readonly #onMedia = new EventTarget();
  #session: JellyfinSession | null = null;
  #roomPx = 0;
  #playing: { now: NowPlaying; lifetime: AbortController } | null = null;

  constructor(options: MediaHostOptions) {
    this.#options = options;
    const { window, signal, onEvent } = options;
    this.#api = new JellyfinApi(
      () => this.session(),
      (input, init) => window.fetch(input, init),
    );
    const onVisible = (visible: boolean): void => onEvent({ type: 'osd', visible });
    this.#button = new OsdButton(window.document, { onPress: () => onEvent({ type: 'button' }), onVisible }, signal);
  }

  start(): void {
    const { window, signal } = this.#options;
    if (signal.aborted) return;
    const check = (): void => this.#checkSession();
    const onMove = (): void => {
      check();
      this.#options.onEvent({ type: 'moved' });
    };
    watchNavigation(window, onMove, signal);
    watchSpeedKeys(window, () => this.#options.onEvent({ type: 'speed-key' }), signal);
    window.addEventListener('storage', check, { signal });
    window.addEventListener('focus', check, { signal });
    check();
    watchPlaylists((load) => this.#playing?.now.onPlaylist(load), signal);
    // An element that was there before us may play what was loaded before us; a new one cannot.
    let playlistsSinceMs: number | null = 0;
    const onVideo = (video: HTMLVideoElement | null): void =>
      this.#onVideo(video, playlistsSinceMs ?? performance.now());
    watchVideo(window.document, onVideo, signal);
    playlistsSinceMs = null;
    const letGo = (): void => {
      this.#playing?.lifetime.abort();
      this.makeRoom(0);
    };
    signal.addEventListener('abort', letGo, { once: true });
  }

  session(): JellyfinSession | null {
    return this.#withName(readSession(this.#options.window.localStorage, this.#options.page.baseUrl));
  }

  media(): Media | null {
    return this.#playing?.now.media() ?? null;
  }

  async shown(): Promise<Media | null> {
    const itemId = shownItem(this.#options.window.location.hash);
    return itemId === null ? null : this.#api.playable(itemId).catch(() => null);
  }

  async parts(): Promise<readonly SkippablePart[]> {
    const [media, session] = [this.media(), this.session()];
    if (!media || !session) return [];
    const known = await this.#api.segments(media.itemId).catch(() => []);
    return known.flatMap((segment) => {
      const offered = pageOffers(this.#options.window.localStorage, session.userId, segment.kind);
      return offered === 'skipped' ? [] : [{ ...segment, asked: offered === 'asked' }];
    });
  }

  async open(media: Media, positionMs: number): Promise<void> {
    if (this.media()?.itemId === media.itemId) return;
    await openItem(media, positionMs, {
      api: this.#api,
      whenPlaying: (itemId, deadlineMs) => this.#whenPlaying(itemId, deadlineMs),
      sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
      now: () => performance.now(),
    });
  }

  async seek(positionMs: number): Promise<void> {
    const own = await this.#api.ownSession();
    if (!own?.controllable) throw new HostError('no-remote-control', 'the server has no connection to this page');
    await this.#api.seek(own.id, positionMs);
  }

  showButton(view: ButtonView): void {
    this.#button.show(view);
  }

  makeRoom(widthPx: number): void {
    this.#roomPx = widthPx;
    const container = this.#options.window.document.querySelector<HTMLElement>(SELECTORS.container);
    if (container) makeRoom(container, widthPx);
  }

  theme(): { accent: string | null; light: boolean } {
    return readTheme(this.#options.window.document);
  }

  #checkSession(): void {
    const session = this.session();
    if (sameSession(session, this.#session)) return;
    if (session?.serverId !== this.#session?.serverId || session?.userId !== this.#session?.userId) this.#items.clear();
    this.#session = session;
    this.#options.onEvent({ type: 'session', session });
    if (session && session.userName === '') void this.#learnName(session.userId);
  }

  #withName(session: JellyfinSession | null): JellyfinSession | null {
    if (session?.userName !== '') return session;
    return { ...session, userName: this.#names.get(session.userId) ?? '' };
  }

  async userName(): Promise<string> {
    const session = this.session();
    if (session && session.userName === '') await this.#learnName(session.userId);
    return this.session()?.userName ?? '';
  }

  /** The page's cached user may be missing right after sign-in; an unreachable server just leaves the name empty. */
  async #learnName(userId: string): Promise<void> {
    const name = await this.#api.userName().catch(() => '');
    if (name === '' || this.#options.signal.aborted) return;
    this.#names.set(userId, name);
    this.#checkSession();
  }

  #onVideo(video: HTMLVideoElement | null, sinceMs: number): void {
    const { onEvent } = this.#options;
    this.#checkSession();
    this.#playing?.lifetime.abort();
    const wasKnown = this.media() !== null;
    this.#playing = null;
    if (video) this.#button.start();
    else this.#button.stop();
    onEvent({ type: 'video', video });
    if (wasKnown) onEvent({ type: 'media', media: null });
    if (!video) return;
    this.makeRoom(this.#roomPx);
    const lifetime = new AbortController();
    const now = new NowPlaying(video, this.#nowPlayingEdges(), sinceMs, this.#items, lifetime.signal);
    this.#playing = { now, lifetime };
    now.begin();
  }

  #nowPlayingEdges() {
    const { onEvent } = this.#options;
    return {
      lookUp: (itemId: string) => this.#api.item(itemId),
      askAround: async () => this.#itemOfOsd() ?? (await this.#api.ownSession())?.nowPlayingId ?? null,
      onMedia: (media: Media | null) => {
        onEvent({ type: 'media', media });
        this.#onMedia.dispatchEvent(new Event('change'));
      },
      now: () => performance.now(),
      setTimer: (run: () => void, delayMs: number) => {
        const timer = setTimeout(run, delayMs);
        return () => clearTimeout(timer);
      },
    };
  }

  #itemOfOsd(): string | null {
    const rating = this.#options.window.document.querySelector<HTMLElement>(SELECTORS.osdRating);
    const itemId = rating?.dataset.id;
    return itemId ? plainId(itemId) : null;
  }

  #whenPlaying(itemId: string, deadlineMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const done = new AbortController();
      const finish = (playing: boolean): void => {
        done.abort();
        resolve(playing);
      };
      const look = (): void => {
        if (this.media()?.itemId === itemId) finish(true);
      };
      const timer = setTimeout(() => finish(false), deadlineMs);
      done.signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
      this.#onMedia.addEventListener('change', look, { signal: done.signal });
      this.#options.signal.addEventListener('abort', () => finish(false), { signal: done.signal });
      look();
    });
  }
}
