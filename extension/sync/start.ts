import { LATE_START_MS, MAX_START_WAIT_MS, PREROLL_GROWTH, PREROLL_MARGIN_MS } from './constants.ts';
import type { Reading } from './io.ts';
import type { EngineState } from './state.ts';

export interface StartSituation {
  nowMs: number;
  /** Where the paused element is, in ms. */
  positionMs: number;
  stream: Reading['kind'];
  /** The timeline in local time: it is at `anchorMs` at `startAtMs` and moves with `rate` from then on. */
  anchorMs: number;
  startAtMs: number;
  rate: number;
  /** Learned time from play() to moving, in ms. */
  latencyMs: number;
  /** Pre-rolls already done for this start. */
  prerolls: number;
}

/**
 * Whether to seek in place before the next start. An element that has moved since its last seek starts anything from 30 ms
 * early to 35 late, after its clock has leapt ahead by 120 and waited there, and one whose start was broken off takes 0 or
 * 80 ms; after a paused seek it takes the same within 15 (measured in Chromium). A Firefox clock is exact only then.
 * Alone nobody sees the difference, and a transcode would begin anew.
 */
export const startsBetterSought = ({ others }: EngineState, { kind }: Reading): boolean =>
  others > 0 && kind !== 'progressive-transcode';

/** Chromium takes a seek to the very place where it stands for done (`seeked` within 1 ms) and starts as if there were none. */
const ELSEWHERE_MS = 0.2;

/** @returns where to seek so that the element really seeks and still shows what is at `positionMs`. */
export const soughtPlace = (positionMs: number, reading: Reading): number =>
  Math.abs(reading.positionMs - positionMs) < ELSEWHERE_MS ? positionMs + ELSEWHERE_MS : positionMs;

export type StartPlan =
  /** Call play() at this local instant. */
  | { type: 'play-at'; atMs: number }
  /** Too late or too far off: seek there, paused, and plan again when it has landed. */
  | { type: 'preroll'; positionMs: number };

/**
 * Plans a start. An error of the paused position is absorbed by starting sooner or later, which nobody sees; only when
 * that does not fit, the element is put where the timeline will be in a moment and started when it gets there.
 */
export function planStart(s: StartSituation): StartPlan {
  const dueMs = s.startAtMs + (s.positionMs - s.anchorMs) / s.rate;
  const atMs = dueMs - s.latencyMs;
  const aheadMs = prerollAheadMs(s);
  const earliestMs = Math.max(s.nowMs, s.startAtMs - s.latencyMs);
  // Seeking a transcode costs seconds, and its page plays the new source at once: being ahead is worth waiting for.
  const waits = s.prerolls > 0 || s.stream === 'progressive-transcode';
  const patienceMs = waits ? Math.max(aheadMs, MAX_START_WAIT_MS) : MAX_START_WAIT_MS;
  if (atMs >= s.nowMs - LATE_START_MS[s.stream] && atMs - earliestMs <= patienceMs) return { type: 'play-at', atMs };
  const meetMs = Math.max(s.startAtMs, s.nowMs + aheadMs);
  return { type: 'preroll', positionMs: s.anchorMs + s.rate * (meetMs - s.startAtMs) };
}

/** How far ahead of now a pre-roll aims, in ms: the latency, a margin for the paused seek, more after each miss. */
function prerollAheadMs(s: StartSituation): number {
  return s.latencyMs + PREROLL_MARGIN_MS[s.stream] * PREROLL_GROWTH ** s.prerolls;
}
