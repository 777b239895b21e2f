import { type FakeBrowser, FakePromise } from './fake-browser.ts';

/** Where browsers differ, all within the standard or seen. */
export interface Habits {
  /** The end is one task that pauses and tells (the standard), or pauses at once and tells later (Chromium). */
  endsInOneTask: boolean;
  /** A load that resets the rate queues a `ratechange`. */
  tellsRateOnLoad: boolean;
  /** `currentSrc` names the new source only after `emptied` has been heard. */
  namesSourceLate: boolean;
  /** May start without a click. */
  autoplayAllowed: boolean;
}

export interface FakeSource {
  src: string;
  durationS: number;
  /** Where it begins by itself: `#t=` in the address, or hls.js. */
  startS: number;
}

/** Who caused an event. */
export type Author = 'own' | 'person' | 'page' | 'media';

interface ElementTask {
  author: Author;
  /** The events it tells, or what it does before it does so. */
  names: readonly string[];
  run?: () => void;
}

const EMPTY = 0;
const LOADING = 2;
const NO_SOURCE = 3;
const TIMEUPDATE_MS = 250;
const BUFFER_S = 30;
const LAST_STEP_S = 0.2;

/** HTMLMediaElement as the HTML standard has it: attributes change at once, events are tasks, a load drops those that wait. */
export class FakeVideo extends EventTarget {
  static readonly HAVE_CURRENT_DATA = 2;
  static readonly HAVE_FUTURE_DATA = 3;
  static readonly HAVE_METADATA = 1;
  static readonly NETWORK_EMPTY = EMPTY;

  autoplay = true;
  isConnected = true;
  preservesPitch = true;
  currentSrc = '';
  duration = Number.NaN;
  defaultPlaybackRate = 1;
  networkState = EMPTY;
  readyState = 0;
  paused = true;
  seeking = false;
  /** Whoever is writing now; its events carry the name. */
  author: Author = 'page';
  /** Hears each event after all others have, with its author. */
  onDelivered: (name: string, author: Author) => void = () => undefined;
  /** Hears each load: the events that waited are gone. */
  onLoad: () => void = () => undefined;
  /** Hears each change of rate. */
  onRate: (rate: number, author: Author) => void = () => undefined;
  autoplayAllowed: boolean;
  private readonly browser: FakeBrowser;
  private readonly habits: Habits;
  private queue: ElementTask[] = [];
  private pendingPlays: FakePromise[] = [];
  private source: FakeSource | null = null;
  private positionS = 0;
  private rate = 1;
  private canAutoplay = true;
  private hasStarted = false;
  private sinceTimeupdateMs = 0;

  constructor(browser: FakeBrowser, habits: Habits) {
    super();
    this.browser = browser;
    this.habits = habits;
    this.autoplayAllowed = habits.autoplayAllowed;
  }

  override addEventListener(name: string, listener: (event: Event) => void, options?: AddEventListenerOptions): void {
    const guarded = (event: Event): void => {
      try {
        listener(event);
        this.browser.checkpoint();
      } catch (error) {
        this.browser.thrown.push(error);
      }
    };
    super.addEventListener(name, guarded, options);
  }

  get buffered(): { length: number; start(): number; end(): number } {
    const { positionS } = this;
    return { length: 1, start: () => Math.max(0, positionS - BUFFER_S), end: () => positionS + BUFFER_S };
  }

  get ended(): boolean {
    return this.readyState > 0 && this.positionS >= this.duration;
  }

  get playbackRate(): number {
    return this.rate;
  }

  set playbackRate(rate: number) {
    if (rate === this.rate) return;
    this.rate = rate;
    this.tell('ratechange');
    this.onRate(rate, this.author);
  }

  get currentTime(): number {
    return this.positionS;
  }

  set currentTime(positionS: number) {
    // Before metadata it is where to begin; jellyfin-web's sources say that themselves.
    if (this.readyState > 0) this.seek(positionS);
  }

  /** @returns how many of the element's tasks wait. */
  get waiting(): readonly ElementTask[] {
    return this.queue;
  }

  play(): FakePromise {
    const promise = new FakePromise(this.browser);
    if (!this.autoplayAllowed) {
      promise.reject('NotAllowedError');
      return promise;
    }
    this.pendingPlays.push(promise);
    this.canAutoplay = false;
    if (this.ended) this.seek(0);
    if (this.paused) this.start();
    return promise;
  }

  pause(): void {
    this.canAutoplay = false;
    if (this.paused) return;
    this.paused = true;
    this.queue.push({ author: this.author, names: ['timeupdate', 'pause'], run: () => this.abortPlays() });
  }

  /** The load algorithm, by a new `src` (or its removal). */
  load(source: FakeSource | null): void {
    this.queue = [];
    this.onLoad();
    this.abortPlays();
    if (this.networkState === LOADING) this.tell('abort');
    if (this.networkState !== EMPTY) {
      this.tell('emptied');
      Object.assign(this, { readyState: 0, paused: true, seeking: false, duration: Number.NaN });
      if (this.positionS !== 0) this.tell('timeupdate');
      this.positionS = 0;
    }
    if (this.rate !== this.defaultPlaybackRate && this.habits.tellsRateOnLoad) this.tell('ratechange');
    this.rate = this.defaultPlaybackRate;
    Object.assign(this, { canAutoplay: true, hasStarted: false, source, networkState: NO_SOURCE });
    const select = (): void => this.select(source);
    if (this.habits.namesSourceLate) this.queue.push({ author: 'page', names: [], run: select });
    else this.browser.queueMicrotask(select);
  }

  /** Runs the element's next tasks. */
  deliver(count = Number.POSITIVE_INFINITY): void {
    for (let i = 0; i < count; i++) {
      const task = this.queue.shift();
      if (!task) return;
      task.run?.();
      for (const name of task.names) this.fire(name, task.author);
      this.browser.checkpoint();
    }
  }

  /** Media data comes: the next step of loading, of a seek, or out of a stall. None comes before its `loadstart`. */
  receive(): void {
    if (!this.hasStarted) return;
    if (this.seeking) this.land();
    else if (this.readyState === 0) this.receiveMetadata();
    else if (this.readyState < 4) this.becomeReady(this.readyState === 1 ? 2 : 4);
  }

  stall(): void {
    if (this.readyState < 3 || this.seeking || this.ended) return;
    this.readyState = 2;
    if (!this.paused) this.tell('timeupdate', 'waiting');
  }

  /** Time passes. */
  pass(forMs: number): void {
    this.browser.nowMs += forMs;
    if (!this.isMoving()) return;
    this.positionS = Math.min(this.duration, this.positionS + (forMs / 1000) * this.rate);
    this.sinceTimeupdateMs += forMs;
    if (this.sinceTimeupdateMs >= TIMEUPDATE_MS) this.tell('timeupdate');
    if (this.ended) this.end();
  }

  /** Plays undisturbed to its end, unless something was done to it just now. */
  finish(): void {
    if (!this.isMoving() || this.queue.length > 0) return;
    const leftS = this.duration - LAST_STEP_S - this.positionS;
    if (leftS > 0) {
      this.browser.nowMs += (leftS / this.rate) * 1000;
      this.positionS += leftS;
      this.fire('timeupdate', 'media');
    }
    this.browser.nowMs += (1000 * (this.duration - this.positionS)) / this.rate;
    this.positionS = this.duration;
    this.end();
  }

  isMoving(): boolean {
    return !this.paused && this.readyState >= 3 && !this.seeking && !this.ended;
  }

  private tell(...names: string[]): void {
    if (names.includes('timeupdate')) this.sinceTimeupdateMs = 0;
    for (const name of names) this.queue.push({ author: this.author, names: [name] });
  }

  private fire(name: string, author: Author): void {
    if (name === 'loadstart') this.hasStarted = true;
    const before = this.author;
    this.author = 'page';
    this.dispatchEvent(new Event(name));
    this.author = before;
    this.onDelivered(name, author);
  }

  private select(source: FakeSource | null): void {
    if (source !== this.source) return;
    this.networkState = source ? LOADING : EMPTY;
    if (!source) return;
    this.currentSrc = source.src;
    this.queue.push({ author: 'page', names: ['loadstart'] });
  }

  private start(): void {
    this.paused = false;
    this.tell('play', this.readyState >= 3 ? 'playing' : 'waiting');
  }

  private abortPlays(): void {
    for (const promise of this.pendingPlays.splice(0)) promise.reject('AbortError');
  }

  private seek(positionS: number): void {
    const target = Math.min(Math.max(0, positionS), this.duration);
    const isBuffered = Math.abs(target - this.positionS) <= BUFFER_S;
    this.seeking = true;
    this.tell('seeking');
    this.positionS = target;
    if (isBuffered || this.readyState < 2) return;
    if (!this.paused && this.readyState >= 3) this.tell('waiting');
    this.readyState = 1;
  }

  private land(): void {
    this.seeking = false;
    this.tell('timeupdate', 'seeked');
    if (this.readyState >= 3) {
      if (!this.paused) this.tell('playing');
    } else this.becomeReady(4);
    if (this.ended && !this.paused) this.end();
  }

  private receiveMetadata(): void {
    const { source } = this;
    if (!source) return;
    this.duration = source.durationS;
    this.readyState = 1;
    this.tell('durationchange', 'loadedmetadata');
    if (source.startS > 0) this.seek(source.startS);
  }

  private becomeReady(readyState: number): void {
    const before = this.readyState;
    this.readyState = readyState;
    if (before < 2) this.tell('loadeddata');
    if (readyState < 3) return;
    if (before < 3) this.tell('canplay', ...(this.paused ? [] : ['playing']));
    this.tell('canplaythrough');
    if (this.canAutoplay && this.autoplay && this.paused && this.autoplayAllowed) this.start();
  }

  private end(): void {
    if (this.habits.endsInOneTask) {
      this.queue.push({ author: 'media', names: [], run: () => this.endNow() });
      return;
    }
    if (this.paused) return;
    this.paused = true;
    this.tell('timeupdate', 'pause', 'ended');
  }

  private endNow(): void {
    if (!this.ended) return;
    this.fire('timeupdate', 'media');
    if (!this.paused) {
      this.paused = true;
      this.fire('pause', 'media');
    }
    this.fire('ended', 'media');
  }
}
