import type { Agenda, Entry } from './agenda.ts';
import type { Random } from './random.ts';

/** Whether the pitch follows the rate (`preservesPitch = false`) or is kept by stretching time. */
export type Pitch = 'natural' | 'kept';

export type Browser = 'chromium' | 'firefox';

/** How the audio gets its speed: as it is, by another sample rate, or stretched in time. */
type Mode = 'through' | 'resampled' | 'stretched';

/** Chromium, measured (sync.md section 0). A rate is heard after the audio that is on its way already, in ms. */
const RATE_DELAY_MS = 75;
/** Stretching nearer to 1 than this does nothing at all. */
const DEAD_ZONE = 0.00104;
/** What going over to stretching and back does to the media clock, in ms. */
const INTO_STRETCH_MS = [-24, -18] as const;
const OUT_OF_STRETCH_MS = [-3.6, 3.1] as const;
/** Error of the slope while stretched, drawn for each time. */
const STRETCH_SLOPE_ERROR = 1.2e-4;
const WORST_STRETCH_SLOPE_ERROR = 2.5e-4;
const RESAMPLED_SLOPE_ERROR = 1e-5;
/** Noise of `currentTime`, standard deviation in ms. */
const NOISE_MS = 0.05;
const STRETCHED_NOISE_MS = 2.9;
/** Single readings that are far off: about five a minute, for up to 16 ms, by 10 to 40 ms. */
const GLITCH_EVERY_MS = 12_000;
const GLITCH_LASTS_MS = [1, 16] as const;
const GLITCH_SIZE_MS = [10, 40] as const;
/** Firefox says the start of the frame on screen. */
const FIREFOX_FRAME_MS = 1000 / 24;

interface Heard {
  rate: number;
  mode: Mode;
  slope: number;
}

const AS_IT_IS: Heard = { rate: 1, mode: 'through', slope: 1 };

/** Where a media element is and how fast it goes: the truth, and what `currentTime` says. Times in ms. */
export class MediaClock {
  private readonly agenda: Agenda;
  private readonly browser: Browser;
  private readonly skew: number;
  private readonly random: Random;
  private readonly glitches: Glitches;
  private readonly onSpeed: () => void;
  private anchor = { ms: 0, atMs: 0 };
  private moving = false;
  private heard: Heard = AS_IT_IS;
  private commanded: { rate: number; pitch: Pitch } = { rate: 1, pitch: 'kept' };
  private onItsWay: Entry[] = [];

  /** @param skew of the sound card against true time. @param onSpeed called after each change of `speed`. */
  constructor(agenda: Agenda, browser: Browser, skew: number, random: Random, glitches: Glitches, onSpeed: () => void) {
    this.agenda = agenda;
    this.browser = browser;
    this.skew = skew;
    this.random = random;
    this.glitches = glitches;
    this.onSpeed = onSpeed;
  }

  /** Media ms for each ms of true time; 0 when it stands. */
  get speed(): number {
    return this.moving ? this.heard.slope * (1 + this.skew) : 0;
  }

  get isMoving(): boolean {
    return this.moving;
  }

  get rate(): number {
    return this.commanded.rate;
  }

  /** What is heard and seen. */
  positionMs(): number {
    return this.anchor.ms + (this.agenda.now() - this.anchor.atMs) * this.speed;
  }

  /** `currentTime` in ms. */
  shownMs(): number {
    const ms = this.positionMs();
    if (!this.moving) return ms;
    if (this.browser === 'firefox') return Math.floor(ms / FIREFOX_FRAME_MS) * FIREFOX_FRAME_MS;
    const noiseMs = this.heard.mode === 'stretched' ? STRETCHED_NOISE_MS : NOISE_MS;
    return ms + this.random.normal(noiseMs) + this.glitches.at(this.agenda.now());
  }

  /** Puts it somewhere, standing. */
  place(ms: number): void {
    this.moving = false;
    this.anchor = { ms, atMs: this.agenda.now() };
    this.hearAllNow();
  }

  halt(): void {
    this.place(this.positionMs());
  }

  run(fromMs: number): void {
    this.hearAllNow();
    this.anchor = { ms: fromMs, atMs: this.agenda.now() };
    this.moving = true;
    this.onSpeed();
  }

  setRate(rate: number, pitch: Pitch): void {
    this.commanded = { rate, pitch };
    if (this.moving) this.onItsWay.push(this.agenda.after(RATE_DELAY_MS, () => this.hear(rate, pitch)));
    else this.hearAllNow();
  }

  /** What stands begins anew with the last rate asked for. */
  private hearAllNow(): void {
    for (const entry of this.onItsWay) this.agenda.cancel(entry);
    this.onItsWay = [];
    const { rate, pitch } = this.commanded;
    const mode = modeOf(rate, pitch, this.browser);
    if (rate !== this.heard.rate || mode !== this.heard.mode) this.heard = this.hearing(rate, mode);
    this.onSpeed();
  }

  private hear(rate: number, pitch: Pitch): void {
    const mode = modeOf(rate, pitch, this.browser);
    const stepMs = this.switchMs(this.heard.mode, mode);
    this.anchor = { ms: this.positionMs() + stepMs, atMs: this.agenda.now() };
    this.heard = this.hearing(rate, mode);
    this.onSpeed();
  }

  private hearing(rate: number, mode: Mode): Heard {
    if (mode === 'through') return AS_IT_IS;
    if (mode === 'resampled') return { rate, mode, slope: rate * (1 + this.random.normal(RESAMPLED_SLOPE_ERROR)) };
    const drawn = this.random.normal(STRETCH_SLOPE_ERROR);
    const error = Math.max(-WORST_STRETCH_SLOPE_ERROR, Math.min(WORST_STRETCH_SLOPE_ERROR, drawn));
    return { rate, mode, slope: rate * (1 + error) };
  }

  private switchMs(from: Mode, to: Mode): number {
    if (this.browser === 'firefox' || from === to) return 0;
    if (to === 'stretched') return this.random.between(INTO_STRETCH_MS);
    return from === 'stretched' ? this.random.between(OUT_OF_STRETCH_MS) : 0;
  }
}

function modeOf(rate: number, pitch: Pitch, browser: Browser): Mode {
  if (rate === 1) return 'through';
  if (pitch === 'natural') return 'resampled';
  return browser === 'chromium' && Math.abs(rate - 1) < DEAD_ZONE ? 'through' : 'stretched';
}

/** When `currentTime` lies, and by how much: the same moments however often it is read. */
export class Glitches {
  private readonly random: Random;
  private next = { fromMs: 0, untilMs: 0, byMs: 0 };

  constructor(random: Random) {
    this.random = random;
    this.plan(0);
  }

  /** @param nowMs true time; must not go back. */
  at(nowMs: number): number {
    while (nowMs >= this.next.untilMs) this.plan(this.next.untilMs);
    return nowMs >= this.next.fromMs ? this.next.byMs : 0;
  }

  private plan(afterMs: number): void {
    const { random } = this;
    const fromMs = afterMs + random.exponential(GLITCH_EVERY_MS);
    const byMs = random.between(GLITCH_SIZE_MS) * (random.chance(0.5) ? 1 : -1);
    this.next = { fromMs, untilMs: fromMs + random.between(GLITCH_LASTS_MS), byMs };
  }
}
