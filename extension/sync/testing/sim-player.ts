import type { Media } from '../../../shared/protocol.ts';
import type { Gesture, PlayerSignal, Reading } from '../io.ts';
import type { Agenda } from './agenda.ts';

export interface SimLatency {
  warmMs: number;
  coldMs: number;
  seekMs: number;
  pausedSeekMs: number;
}

/** What was measured: Chromium 156 (sync.md section 0), and Firefox 153 with the same probe. */
export const CHROMIUM: SimLatency = { warmMs: 4, coldMs: 80, seekMs: 95, pausedSeekMs: 15 };

export const FIREFOX: SimLatency = { warmMs: 2, coldMs: 5, seekMs: 22, pausedSeekMs: 20 };

/** A media element with its page, in virtual time: starts late, seeks take time, the next item replaces the first. */
export class SimPlayer {
  private readonly agenda: Agenda;
  private readonly latency: SimLatency;
  private readonly localNow: () => number;
  /** Relative error of the media clock, e.g. 50e-6. */
  private readonly skew: number;
  private position = { ms: 0, atMs: 0, moving: false };
  private paused = true;
  private seeking = false;
  private cold = true;
  private readyState = 4;
  private rate = 1;
  private exact = true;
  private cancelMove: () => void = () => undefined;
  media: Media | null = null;
  durationMs = 3_600_000;
  /** Frames per second in which the clock moves (Firefox); 0: smoothly (Chromium). */
  quantisedFps = 0;
  autoplayAllowed = true;
  kind: Reading['kind'] = 'direct';
  /** What of the film is at hand after the position, and how fast more of it comes, in media ms for each ms. */
  private supply = { aheadMs: 20_000, atMs: 0, atPositionMs: 0, fill: 1 };
  onSignal: (signal: PlayerSignal) => void = () => undefined;
  onGesture: (gesture: Gesture) => void = () => undefined;
  onMedia: (media: Media | null) => void = () => undefined;

  constructor(agenda: Agenda, localNow: () => number, latency: SimLatency = CHROMIUM, skew = 0) {
    this.agenda = agenda;
    this.localNow = localNow;
    this.latency = latency;
    this.skew = skew;
  }

  /** What is on the screen, in media ms. */
  positionMs(): number {
    const { ms, atMs, moving } = this.position;
    const movedMs = moving ? (this.agenda.now() - atMs) * this.rate * (1 + this.skew) : 0;
    return Math.min(this.durationMs, ms + movedMs);
  }

  isMoving(): boolean {
    return this.position.moving;
  }

  read(): Reading | null {
    if (!this.media) return null;
    return {
      atMs: this.localNow(),
      positionMs: this.shownMs(),
      durationMs: this.durationMs,
      paused: this.paused,
      seeking: this.seeking,
      rate: this.rate,
      readyState: this.readyState,
      bufferedAheadMs: this.bufferedAheadMs(),
      kind: this.kind,
    };
  }

  /** What `currentTime` says: exact right after a seek, else the start of the frame that is shown. */
  private shownMs(): number {
    const ms = this.positionMs();
    if (this.quantisedFps === 0 || this.exact) return ms;
    const frameMs = 1000 / this.quantisedFps;
    return Math.floor(ms / frameMs) * frameMs;
  }

  /** The page plays an item: loads, starts by itself as jellyfin-web does, and only then says what it is. */
  load(media: Media, positionMs: number): void {
    const replaced = this.media !== null;
    this.halt(positionMs);
    this.media = media;
    this.readyState = 0;
    this.paused = true;
    this.rate = 1;
    this.cold = true;
    if (replaced) this.onSignal('source-changed');
    this.agenda.after(180, () => {
      this.readyState = 4;
      if (this.autoplayAllowed) this.play();
      this.onSignal(this.autoplayAllowed ? 'loaded' : 'autoplay-blocked');
      this.onMedia(media);
    });
  }

  leave(): void {
    this.halt(0);
    this.media = null;
    this.onSignal('gone');
    this.onMedia(null);
  }

  play(): void {
    if (!this.paused) return;
    if (!this.autoplayAllowed) {
      this.agenda.after(1, () => this.onSignal('autoplay-blocked'));
      return;
    }
    this.paused = false;
    if (!this.seeking) this.moveAfter(this.cold ? this.latency.coldMs : this.latency.warmMs);
  }

  pause(): void {
    this.halt(this.positionMs());
    this.paused = true;
  }

  seek(positionMs: number): void {
    this.halt(positionMs);
    this.seeking = true;
    this.exact = true;
    this.cold = true;
    if (this.paused) {
      this.cancelMove = this.agenda.after(this.latency.pausedSeekMs, () => {
        this.seeking = false;
        if (!this.paused) this.moveAfter(this.latency.coldMs);
      });
    } else {
      this.moveAfter(this.latency.seekMs);
    }
  }

  setRate(rate: number): void {
    this.anchor();
    this.rate = rate;
  }

  /** What a person does; the event reaches the engine a task later. */
  user(gesture: Gesture): void {
    if (gesture.type === 'play') {
      this.autoplayAllowed = true;
      this.play();
    } else if (gesture.type === 'pause') {
      this.pause();
    } else if (gesture.type === 'seek') {
      this.seek(gesture.positionMs);
    } else if (gesture.type === 'rate') {
      this.setRate(gesture.rate);
    }
    const seen = gesture.type === 'pause' ? { ...gesture, positionMs: this.positionMs() } : gesture;
    this.agenda.after(1, () => this.onGesture(seen));
  }

  /** From now on so much is at hand, and more comes at this share of the film's own speed. */
  feed(aheadMs: number, fill: number): void {
    this.supply = { aheadMs, atMs: this.agenda.now(), atPositionMs: this.positionMs(), fill };
  }

  private bufferedAheadMs(): number {
    const { aheadMs, atMs, atPositionMs, fill } = this.supply;
    if (fill === 1) return aheadMs;
    return Math.max(0, aheadMs + (this.agenda.now() - atMs) * fill - (this.positionMs() - atPositionMs));
  }

  /** The network gives nothing for a while. */
  stall(forMs: number): void {
    this.halt(this.positionMs());
    this.readyState = 2;
    this.onSignal('stalled');
    this.agenda.after(forMs, () => {
      this.readyState = 4;
      if (!this.paused) this.moveAfter(0);
    });
  }

  /** Plays to the end: the element pauses itself and loses its source, and the page goes on to the next item, or leaves. */
  finish(next: Media | null, afterMs: number): void {
    this.halt(this.durationMs);
    this.paused = true;
    this.onSignal('ended');
    if (next) {
      this.readyState = 0;
      this.onSignal('source-changed');
    }
    this.agenda.after(afterMs, () => (next ? this.load(next, 0) : this.leave()));
  }

  private moveAfter(delayMs: number): void {
    this.cancelMove();
    this.cancelMove = this.agenda.after(delayMs, () => {
      this.seeking = false;
      this.cold = false;
      this.exact = false;
      this.position = { ms: this.position.ms, atMs: this.agenda.now(), moving: true };
      this.onSignal('flowing');
    });
  }

  private anchor(): void {
    this.position = { ...this.position, ms: this.positionMs(), atMs: this.agenda.now() };
  }

  private halt(positionMs: number): void {
    this.cancelMove();
    this.seeking = false;
    this.position = { ms: Math.max(0, positionMs), atMs: this.agenda.now(), moving: false };
  }
}
