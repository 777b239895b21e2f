import {
  createLedger,
  type ElementEvent,
  type ElementState,
  expectEnd,
  expectPausedChange,
  expectRate,
  expectSeek,
  type Finding,
  foreseeSeek,
  type Ledger,
  noticeLoad,
  observe,
  resetLedger,
  settleEvent,
  settleLanding,
  settleLedger,
  settleLoadStart,
} from './expected-events.ts';
import type { Pitch, Player, PlayerEvent, PlayerReading } from './player.ts';
import { type Stream, streamOf } from './stream.ts';

export interface PlayerDeps {
  /** Seeks as the page itself would; for streams whose element cannot. Rejects when it could not. */
  seekThroughServer(positionMs: number): Promise<void>;
  onEvent(event: PlayerEvent): void;
  /** `performance.now()` */
  now(): number;
  /** Whether anybody has clicked or typed on this page: without that, browsers start nothing that can be heard. */
  wasTouched(): boolean;
}

/**
 * A progressive transcode seeks by a new source of the same item; until that has loaded this is where it goes, in media ms.
 * `asked`: we did. `page`: the page did, for a person. `unclear`: the old source is gone, the new one not yet named.
 */
type Restart = { by: 'asked' | 'page' | 'unclear'; positionMs: number };

/** A new source of the same transcode this near to the old place is a change of quality or a retry, not a seek. */
const SAME_PLACE_MS = 3_000;
/** The element pauses itself at its end; positions this near count as the end, in ms. */
const AT_END_MS = 300;
/** A change of state whose event has not come after this long was made without one; the element is right. */
const LOST_EVENT_MS = 500;
const LEDGER_EVENTS: readonly ElementEvent[] = ['play', 'pause', 'seeking', 'ratechange'];

/**
 * Binds the page's video element until `signal` aborts; then its rate and pitch are as they were found.
 * An element that already plays is reported as `loaded` right after.
 */
export function attachPlayer(video: HTMLVideoElement, deps: PlayerDeps, signal: AbortSignal): Player {
  return new VideoPlayer(video, deps, signal);
}

class VideoPlayer implements Player {
  private readonly video: HTMLVideoElement;
  private readonly deps: PlayerDeps;
  private readonly signal: AbortSignal;
  private ledger: Ledger;
  /** Since when the element rests or plays against the ledger, in ms. */
  private differsSinceMs: number | null = null;
  private restart: Restart | null = null;
  /** What is loaded; null before the first frame. */
  private source: Stream | null = null;

  constructor(video: HTMLVideoElement, deps: PlayerDeps, signal: AbortSignal) {
    this.video = video;
    this.deps = deps;
    this.signal = signal;
    const running = video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA && (video.currentTime > 0 || !video.paused);
    this.ledger = createLedger(running ? 'settled' : 'loading', this.elementState());
    this.listen();
    if (running) queueMicrotask(() => this.emit({ type: 'loaded' }));
    else if (video.readyState >= HTMLMediaElement.HAVE_FUTURE_DATA) this.noticeUnstarted();
  }

  private listen(): void {
    const { video, signal } = this;
    const pitch = video.preservesPitch;
    for (const name of LEDGER_EVENTS) video.addEventListener(name, () => this.settle(name), { signal });
    video.addEventListener('seeked', () => this.onSeeked(), { signal });
    video.addEventListener('emptied', () => this.onEmptied(), { signal });
    video.addEventListener('loadstart', () => this.onLoadStart(), { signal });
    video.addEventListener('playing', () => this.onPlaying(), { signal });
    video.addEventListener('canplay', () => this.onCanPlay(), { signal });
    video.addEventListener('canplaythrough', () => this.noticeUnstarted(), { signal });
    video.addEventListener('waiting', () => this.onWaiting(), { signal });
    video.addEventListener('ended', () => this.emit({ type: 'ended' }), { signal });
    video.addEventListener('timeupdate', () => this.observe(), { signal });
    signal.addEventListener('abort', () => {
      video.preservesPitch = pitch;
      const { rate, theirRate } = this.ledger;
      // A rate other than ours is a person's, whose event is still to come: it stays.
      if (theirRate !== null && video.playbackRate === rate) video.playbackRate = theirRate;
    });
  }

  private emit(event: PlayerEvent): void {
    if (!this.signal.aborted) this.deps.onEvent(event);
  }

  read(): PlayerReading {
    const { video } = this;
    const before = this.deps.now();
    const elementMs = video.currentTime * 1000;
    const atMs = (before + this.deps.now()) / 2;
    this.heedLostEvents(atMs);
    const stream = streamOf(video.currentSrc);
    this.observe();
    const bounded = Number.isFinite(video.duration) && stream.kind !== 'progressive-transcode';
    return {
      atMs,
      positionMs: this.restart?.positionMs ?? elementMs + stream.offsetMs,
      durationMs: bounded ? video.duration * 1000 : null,
      // The ledger's, not the element's: the engine never sees a person's change before its event is attributed.
      paused: this.ledger.paused,
      seeking: video.seeking || this.restart !== null,
      rate: this.ledger.rate,
      readyState: video.readyState,
      bufferedAheadMs: bufferedAheadMs(video),
      kind: stream.kind,
    };
  }

  play(): void {
    const { video } = this;
    this.beforeWrite();
    const { paused, ended } = video;
    const started = video.play();
    this.wrotePaused(paused);
    // Played from its end, an element first seeks to its beginning.
    if (ended && video.seeking) this.ledger = expectSeek(this.ledger, this.elementState());
    started.catch((error: unknown) => {
      // AbortError only says that a pause or a new source came before the first frame: whoever did that knows.
      // By name: in Firefox the error is the page's, and no instance of this script's classes.
      if (hasName(error) && error.name === 'NotAllowedError') this.emit({ type: 'autoplay-blocked' });
    });
  }

  pause(): void {
    this.beforeWrite();
    const { paused } = this.video;
    this.video.pause();
    this.wrotePaused(paused);
  }

  /** The element queues an event only when the call changed something; a refused play() does not. */
  private wrotePaused(wasPaused: boolean): void {
    const { paused, networkState } = this.video;
    // Without a source, the load that brings one drops the event.
    if (paused === wasPaused || networkState === HTMLMediaElement.NETWORK_EMPTY) return;
    this.ledger = expectPausedChange(this.ledger, paused);
    this.differsSinceMs = null;
    this.observe();
  }

  /** Before a write that would hide them: the page's load, the element's own end, and a person's seek. */
  private beforeWrite(): void {
    this.ledger = expectEnd(noticeLoad(this.ledger, this.elementState()), this.elementState());
    if (this.video.seeking) this.take(foreseeSeek(this.ledger, this.elementState()));
  }

  seek(positionMs: number): void {
    const { video } = this;
    const stream = streamOf(video.currentSrc);
    if (stream.kind === 'progressive-transcode') {
      this.seekThroughServer(positionMs);
      return;
    }
    this.beforeWrite();
    video.currentTime = Math.max(0, positionMs) / 1000;
    // Without metadata it only notes where to begin, and no event comes.
    if (video.seeking) this.ledger = expectSeek(this.ledger, this.elementState());
  }

  private seekThroughServer(positionMs: number): void {
    this.restart = { by: 'asked', positionMs };
    this.deps.seekThroughServer(positionMs).catch(() => {
      // The page says what went wrong; here it only means that no new source will come.
      this.restart = null;
    });
  }

  setRate(rate: number, pitch: Pitch): void {
    const { video } = this;
    this.beforeWrite();
    this.settle('ratechange');
    const preserves = pitch === 'kept';
    if (video.preservesPitch !== preserves) video.preservesPitch = preserves;
    video.playbackRate = rate;
    this.ledger = expectRate(this.ledger, video.playbackRate);
  }

  private settle(name: ElementEvent): void {
    if (name === 'play' || name === 'pause') this.differsSinceMs = null;
    this.take(settleEvent(this.ledger, name, this.elementState()));
  }

  private take({ ledger, finding }: { ledger: Ledger; finding: Finding }): void {
    this.ledger = ledger;
    this.observe();
    if (!finding) return;
    const positionMs = this.video.currentTime * 1000 + streamOf(this.video.currentSrc).offsetMs;
    if (finding.type === 'rate') this.emit({ type: 'user-rate', rate: finding.rate });
    else this.emit({ type: `user-${finding.type}`, positionMs });
  }

  private elementState(): ElementState {
    const { video } = this;
    const positionMs = video.currentTime * 1000;
    return {
      atMs: this.deps.now(),
      paused: video.paused,
      seeking: video.seeking,
      rate: video.playbackRate,
      defaultRate: video.defaultPlaybackRate,
      positionMs,
      hasMetadata: video.readyState >= HTMLMediaElement.HAVE_METADATA,
      atEnd: video.ended || positionMs >= video.duration * 1000 - AT_END_MS,
      alive: video.isConnected && video.networkState !== HTMLMediaElement.NETWORK_EMPTY && video.currentSrc !== '',
    };
  }

  private observe(): void {
    this.ledger = observe(this.ledger, this.elementState());
  }

  private heedLostEvents(atMs: number): void {
    if (this.video.paused === this.ledger.paused) {
      this.differsSinceMs = null;
    } else if (this.differsSinceMs === null) {
      this.differsSinceMs = atMs;
    } else if (atMs - this.differsSinceMs > LOST_EVENT_MS) {
      this.ledger = { ...this.ledger, paused: this.video.paused };
    }
  }

  private onEmptied(): void {
    const { video } = this;
    const { source } = this;
    const lastMs = this.ledger.place.positionMs;
    this.ledger = resetLedger(this.ledger, this.elementState());
    if (this.restart?.by === 'asked') return;
    if (source?.kind === 'progressive-transcode') {
      this.restart = { by: 'unclear', positionMs: lastMs + source.offsetMs };
    } else {
      this.emit({ type: 'source-changed', kind: streamOf(video.currentSrc).kind });
    }
  }

  /** The new source has a name: the same transcode from elsewhere is how the page seeks in it. */
  private onLoadStart(): void {
    // A load upon a load drops the `emptied` of the first, and an element without a source has none.
    if (this.ledger.phase !== 'loading') this.onEmptied();
    this.ledger = settleLoadStart(this.ledger, this.elementState());
    const { source, restart } = this;
    if (restart?.by !== 'unclear') return;
    const next = streamOf(this.video.currentSrc);
    if (next.kind !== 'progressive-transcode' || next.path !== source?.path) {
      this.restart = null;
      this.emit({ type: 'source-changed', kind: next.kind });
    } else if (Math.abs(next.offsetMs - restart.positionMs) > SAME_PLACE_MS) {
      this.restart = { by: 'page', positionMs: next.offsetMs };
    }
  }

  /** Loaded, yet neither the page nor the autoplay attribute has started it: the browser wants a click. */
  private noticeUnstarted(): void {
    const { video } = this;
    if (this.ledger.phase !== 'loading' || !video.paused) return;
    this.ledger = settleLedger(this.ledger, 'unstarted', this.elementState());
    // The page's own play was refused unheard. In a party that rests we would else find out only when all start.
    this.loaded(this.deps.wasTouched() ? 'loaded' : 'autoplay-blocked');
  }

  /** @param type blocked in place of loaded, not after it: in between this member would count as being there. */
  private loaded(type: 'loaded' | 'autoplay-blocked' = 'loaded'): void {
    const { restart } = this;
    this.restart = null;
    this.source = streamOf(this.video.currentSrc);
    this.emit({ type });
    if (restart?.by === 'page') this.emit({ type: 'user-seek', positionMs: restart.positionMs });
  }

  private onPlaying(): void {
    const { phase } = this.ledger;
    if (phase === 'settled') {
      this.restart = null;
      this.emit({ type: 'flowing' });
      return;
    }
    if (phase === 'starting' || phase === 'resuming') return;
    this.ledger = { ...this.ledger, phase: 'starting' };
    // The page jumps to the resume position in its own `playing` listener: it is done when this task's turn comes.
    setTimeout(() => this.onStarted(), 0);
  }

  private onStarted(): void {
    if (this.ledger.phase !== 'starting' || this.signal.aborted) return;
    this.ledger = settleLedger(this.ledger, 'resuming', this.elementState());
    if (!this.video.seeking) this.becomeSettled();
  }

  private onSeeked(): void {
    this.ledger = settleLanding(this.ledger, this.elementState());
    if (this.ledger.phase === 'resuming' && !this.video.seeking) this.becomeSettled();
  }

  private becomeSettled(): void {
    this.ledger = { ...settleEvent(this.ledger, 'ratechange', this.elementState()).ledger, phase: 'settled' };
    this.loaded();
    this.emit({ type: 'flowing' });
  }

  private onCanPlay(): void {
    if (this.ledger.phase === 'settled') this.emit({ type: 'flowing' });
    else if (!this.video.autoplay) this.noticeUnstarted();
  }

  private onWaiting(): void {
    const { video } = this;
    if (this.ledger.phase === 'settled' && !video.seeking && !video.paused) this.emit({ type: 'stalled' });
  }
}

const hasName = (error: unknown): error is { name: unknown } =>
  typeof error === 'object' && error !== null && 'name' in error;

/** @returns contiguous media after the position, in ms. */
function bufferedAheadMs(video: HTMLVideoElement): number {
  const { buffered, currentTime } = video;
  for (let i = 0; i < buffered.length; i++) {
    if (buffered.start(i) <= currentTime + 0.1 && currentTime <= buffered.end(i))
      return (buffered.end(i) - currentTime) * 1000;
  }
  return 0;
}
