import type { Agenda, Entry } from './agenda.ts';
import { Buffer, type Supply } from './buffer.ts';
import { type Browser, Glitches, MediaClock, type Pitch } from './media-clock.ts';
import type { Random } from './random.ts';

export type StreamKind = 'direct' | 'hls' | 'progressive-transcode';

/** What the element and its page tell; each comes in a task of its own. `gone` and the like do not happen here. */
export type PlayerEvent = 'loaded' | 'playing' | 'canplay' | 'waiting' | 'seeked' | 'pause';

/** This device's usual start latencies in ms; single starts lie around them. */
export interface StartLatency {
  warmMs: number;
  coldMs: number;
  seekMs: number;
  spreadMs: number;
}

export interface PlayerSpec {
  browser: Browser;
  kind: StreamKind;
  mediaSkew: number;
  latency: StartLatency;
  durationMs: number;
  /** Until a film that was opened can play, in ms; a transcode restarts for every seek and takes this long again. */
  loadMs: readonly [number, number];
  /** Until media comes from a place that was not at hand. */
  fetchMs: readonly [number, number];
  bufferMostMs: number;
  /** In order of time; the first from 0. */
  supply: readonly Supply[];
  /** Times at which a piece comes late although the network is fast. */
  hiccups: readonly { atMs: number; lastsMs: number }[];
}

/** The first piece after a seek or load, in media ms. */
const FIRST_PIECE_MS: Record<StreamKind, number> = { direct: 2_000, hls: 3_000, 'progressive-transcode': 2_000 };
/** After running dry it goes on with this much at hand, in media ms. */
const RESUME_AHEAD_MS: Record<StreamKind, number> = { direct: 1_000, hls: 3_000, 'progressive-transcode': 1_000 };
/** A task later. */
const EVENT_DELAY_MS = 0.5;
/** `seeked` of a seek while playing and of a paused one, within what is at hand (sync.md section 0). */
const SEEKED_MS = [8, 27] as const;
const PAUSED_SEEK_MS = [5, 20] as const;
const OUTLIER_SHARE = 0.02;
const OUTLIER_MS = 120;

/** A write of the algorithm under test. */
export type Write = { atMs: number; type: 'seek' } | { atMs: number; type: 'rate'; rate: number; before: number };

/** A media element with its page and its network, in virtual time. Times in ms. */
export class SimPlayer {
  readonly writes: Write[] = [];
  /** When it could play for the first time; null until then. */
  canPlaySinceMs: number | null = null;
  onEvent: (event: PlayerEvent) => void = () => undefined;
  readonly spec: PlayerSpec;
  private readonly agenda: Agenda;
  private readonly random: Random;
  private readonly clock: MediaClock;
  private readonly buffer: Buffer;
  private phase: 'empty' | 'loading' | 'loaded' = 'empty';
  private isPaused = true;
  private isSeeking = false;
  private stalled = false;
  private cold = true;
  private starting: Entry | null = null;
  private landing: Entry | null = null;
  private dry: Entry | null = null;

  constructor(agenda: Agenda, spec: PlayerSpec, random: Random, noise: Random, glitches: Random) {
    this.agenda = agenda;
    this.spec = spec;
    this.random = random;
    this.buffer = new Buffer(spec.bufferMostMs, spec.supply[0]?.fill ?? 1);
    this.clock = new MediaClock(agenda, spec.browser, spec.mediaSkew, noise, new Glitches(glitches), () =>
      this.onSpeed(),
    );
    for (const { fromMs, fill } of spec.supply) agenda.at(fromMs, () => this.onSpeed(fill));
    for (const { atMs, lastsMs } of spec.hiccups) agenda.at(atMs, () => this.hiccup(lastsMs));
  }

  get paused(): boolean {
    return this.isPaused;
  }

  get seeking(): boolean {
    return this.isSeeking;
  }

  get isLoaded(): boolean {
    return this.phase === 'loaded';
  }

  get rate(): number {
    return this.clock.rate;
  }

  /** Is a picture moving on the screen? */
  get isMoving(): boolean {
    return this.clock.isMoving;
  }

  get readyState(): number {
    if (this.phase !== 'loaded' || this.isSeeking) return 1;
    return this.stalled ? 2 : 4;
  }

  /** The truth. */
  positionMs(): number {
    return this.clock.positionMs();
  }

  /** `currentTime`, in ms. */
  currentTimeMs(): number {
    return this.clock.shownMs();
  }

  bufferedAheadMs(): number {
    return this.phase === 'loaded' ? this.buffer.aheadMs(this.agenda.now()) : 0;
  }

  /** A page with the film open, as it waits for its person: loaded and paused. */
  preload(positionMs: number): void {
    this.phase = 'loaded';
    this.canPlaySinceMs = this.agenda.now();
    this.clock.place(positionMs);
    this.buffer.restart(this.agenda.now(), FIRST_PIECE_MS[this.spec.kind]);
  }

  /** Opens the film. The page starts it by itself as jellyfin-web does, and then says `loaded` and `playing`. */
  load(positionMs: number): void {
    this.reset(positionMs);
    this.phase = 'loading';
    this.isPaused = true;
    this.landing = this.agenda.after(this.random.between(this.spec.loadMs), () => this.begun());
  }

  play(): void {
    if (!this.isPaused || this.phase === 'empty') return;
    this.isPaused = false;
    if (this.phase === 'loading' || this.isSeeking || this.stalled) return;
    this.start(this.cold ? this.latencyMs('cold') : this.latencyMs('warm'));
  }

  pause(): void {
    if (this.isPaused) return;
    this.isPaused = true;
    // Of a start that was broken off one cannot know whether the next is cold (measured in Chromium).
    if (this.starting && this.cold) this.cold = this.random.chance(0.5);
    this.agenda.cancel(this.starting);
    this.starting = null;
    this.clock.halt();
    this.emit('pause');
  }

  seek(positionMs: number): void {
    if (this.phase !== 'loaded' && !this.isSeeking) return;
    this.writes.push({ atMs: this.agenda.now(), type: 'seek' });
    const targetMs = Math.max(0, Math.min(this.spec.durationMs, positionMs));
    if (this.spec.kind === 'progressive-transcode') this.restartAt(targetMs);
    else this.seekWithin(targetMs);
  }

  setRate(rate: number, pitch: Pitch): void {
    this.writes.push({ atMs: this.agenda.now(), type: 'rate', rate, before: this.clock.rate });
    this.clock.setRate(rate, pitch);
  }

  private seekWithin(targetMs: number): void {
    const nowMs = this.agenda.now();
    const byMs = targetMs - this.clock.positionMs();
    const wasPlaying = !this.isPaused;
    const atHand = this.buffer.reaches(nowMs, byMs);
    this.reset(targetMs);
    this.isSeeking = true;
    const dataMs = atHand ? 0 : this.random.between(this.spec.fetchMs);
    if (atHand) this.buffer.step(nowMs, byMs);
    else this.buffer.restart(nowMs + dataMs, FIRST_PIECE_MS[this.spec.kind]);
    const elementMs = this.random.between(wasPlaying ? SEEKED_MS : PAUSED_SEEK_MS);
    this.landing = this.agenda.after(dataMs + elementMs, () => {
      this.isSeeking = false;
      this.emit('seeked');
      if (this.isPaused) this.emit('canplay');
      else this.start(wasPlaying ? this.latencyMs('seek') - elementMs : this.latencyMs('cold'));
    });
  }

  /** The page asks the server for another transcode from there, and plays it when it comes. */
  private restartAt(targetMs: number): void {
    this.reset(targetMs);
    this.isSeeking = true;
    this.isPaused = true;
    this.buffer.restart(Number.POSITIVE_INFINITY, 0);
    this.landing = this.agenda.after(this.random.between(this.spec.loadMs), () => this.begun());
  }

  private begun(): void {
    this.phase = 'loaded';
    this.isSeeking = false;
    this.isPaused = false;
    this.canPlaySinceMs ??= this.agenda.now();
    this.buffer.restart(this.agenda.now(), FIRST_PIECE_MS[this.spec.kind]);
    this.emit('loaded');
    this.start(this.latencyMs('cold'));
  }

  private reset(positionMs: number): void {
    this.agenda.cancel(this.starting);
    this.agenda.cancel(this.landing);
    this.agenda.cancel(this.dry);
    this.starting = null;
    this.stalled = false;
    this.cold = true;
    this.clock.place(positionMs);
  }

  private start(latencyMs: number): void {
    this.agenda.cancel(this.starting);
    this.emit('playing');
    this.starting = this.agenda.after(Math.max(0, latencyMs), () => {
      this.starting = null;
      this.cold = false;
      this.clock.run(this.clock.positionMs() + Math.max(0, -latencyMs));
    });
  }

  private latencyMs(kind: 'warm' | 'cold' | 'seek'): number {
    const { warmMs, coldMs, seekMs, spreadMs } = this.spec.latency;
    if (kind === 'warm' && this.random.chance(OUTLIER_SHARE)) return OUTLIER_MS;
    const usual = { warm: warmMs, cold: coldMs, seek: seekMs }[kind];
    return usual + Math.max(-2 * spreadMs, Math.min(2 * spreadMs, this.random.normal(spreadMs)));
  }

  /** The film or the network goes at another speed: when does it run dry? */
  private onSpeed(fill?: number): void {
    const nowMs = this.agenda.now();
    this.buffer.settle(nowMs, this.clock.speed, fill);
    this.agenda.cancel(this.dry);
    this.dry = null;
    if (this.stalled) this.planRefill(nowMs);
    else if (this.clock.isMoving) this.planDry(nowMs);
  }

  private planDry(nowMs: number): void {
    const inMs = this.buffer.emptyInMs(nowMs);
    if (Number.isFinite(inMs)) this.dry = this.agenda.after(inMs, () => this.stall());
  }

  private planRefill(nowMs: number): void {
    const inMs = this.buffer.reachesInMs(nowMs, RESUME_AHEAD_MS[this.spec.kind]);
    if (Number.isFinite(inMs)) this.dry = this.agenda.after(inMs, () => this.refilled());
  }

  private stall(): void {
    this.stalled = true;
    this.emit('waiting');
    this.clock.halt();
  }

  private refilled(): void {
    this.stalled = false;
    if (this.isPaused) this.emit('canplay');
    else this.start(this.latencyMs(this.cold ? 'cold' : 'warm'));
  }

  /** The piece that comes next is late by itself. */
  private hiccup(lastsMs: number): void {
    if (!this.clock.isMoving) return;
    this.stalled = true;
    this.emit('waiting');
    this.clock.halt();
    this.agenda.cancel(this.dry);
    this.dry = this.agenda.after(lastsMs, () => this.refilled());
  }

  private emit(event: PlayerEvent): void {
    this.agenda.after(EVENT_DELAY_MS, () => this.onEvent(event));
  }
}
