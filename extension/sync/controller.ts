import type { ActuatorChoice } from './actuator.ts';
import {
  CALM_BELOW_MS,
  CALM_INTERVAL_MS,
  COARSE_TRIM_BEGIN_MS,
  COARSE_TRIM_END_MS,
  COARSE_TRIM_TIME_MS,
  EARLY_SEEK_MS,
  EARLY_SPREAD_MS,
  EARLY_WINDOW_MS,
  EPISODE_BEGIN_MS,
  EPISODE_LONGEST_MS,
  EPISODE_SWITCH_MS,
  EPISODE_TRIM,
  GENTLE_BELOW_MS,
  GENTLE_TRIM,
  HASTY_ABOVE_MS,
  HASTY_TIME_MS,
  HASTY_TRIM,
  INTEGRAL_TIME_MS,
  KEPT_TRIM_BEGIN_MS,
  KEPT_TRIM_END_MS,
  MAX_PACE,
  MAX_SEEK_BACKOFF_MS,
  MAX_TRIM,
  PACE_BELOW_MS,
  SEEK_BACKOFF_MS,
  SEEK_MEDIANS,
  SEEK_QUIET_MS,
  SEEK_THRESHOLD_MS,
  SENSOR_READINGS,
  SLOW_SEEK_MS,
  TRIM_INTERVAL_MS,
  TRIM_LEAST_CHANGE,
  TRIM_SLEW,
  TRIM_STEP,
  TRIM_TIME_MS,
} from './constants.ts';
import type { Pitch } from './io.ts';
import { addReading, type Sensed, sense } from './sensor.ts';

/** Whether automatic seeks may go on. */
export type Seeking = { state: 'allowed'; notBeforeMs: number; backoffMs: number } | { state: 'given-up' };

/** Memory of the controller that keeps a playing element on the timeline. */
export interface Control {
  /** Newest offsets (position minus target, ms), oldest first. */
  offsets: readonly number[];
  /** Last verdict on this browser's media clock. */
  coarse: boolean;
  /** Medians in a row beyond the seek threshold. */
  far: number;
  seeking: Seeking;
  /** What the integral part has learned: this device's pace against the relay's clock, as a share. */
  pace: number;
  /** Relative correction on the rate; minus the pace while there is nothing else to correct. */
  trim: number;
  trimmedAtMs: number;
  /** Local ms when the episode under way ends; null: none. */
  episodeEndsAtMs: number | null;
}

/** At normal speed the pitch may follow a trim, which nobody hears; at a speed that people chose it must not. */
export const pitchFor = (groupRate: number): Pitch => (groupRate === 1 ? 'natural' : 'kept');

/** The largest correction and a margin for the pace on top; further off is a speed that somebody chose. */
const LARGEST_TRIM = 1.2 * EPISODE_TRIM;

/** @returns whether a player's rate is the room's with a correction on it. */
export const isTrimOf = (rate: number, groupRate: number): boolean =>
  rate !== groupRate && Math.abs(rate / groupRate - 1) <= LARGEST_TRIM;

const ALLOWED: Seeking = { state: 'allowed', notBeforeMs: Number.NEGATIVE_INFINITY, backoffMs: SEEK_BACKOFF_MS };

/** @param pace as an earlier session left it. @returns a controller that has seen nothing. */
export const createControl = (pace = 0): Control => ({
  offsets: [],
  coarse: false,
  far: 0,
  seeking: ALLOWED,
  pace,
  trim: -pace,
  trimmedAtMs: Number.NEGATIVE_INFINITY,
  episodeEndsAtMs: null,
});

/** Forgets the readings (after a start, seek, stall or new timeline) but not the pace, nor how often it has sought. */
export const forgetOffsets = (control: Control): Control => ({
  ...control,
  offsets: [],
  far: 0,
  trim: -control.pace,
  episodeEndsAtMs: null,
});

/** A new timeline or the person's wish: seeking may begin anew. */
export const allowSeeks = (control: Control): Control => ({ ...control, seeking: ALLOWED });

/** Adds one reading's offset in ms. */
export const observe = (control: Control, offsetMs: number): Control => ({
  ...control,
  offsets: addReading(control.offsets, offsetMs),
});

export interface ControlSituation {
  nowMs: number;
  /** Local ms since which the element has moved undisturbed. */
  steadySinceMs: number;
  /** This motion began with a start or stall that a seek right after would hide behind. */
  early: boolean;
  /** It has only just begun to move, in company: an offset may be worked off at a rate that would be heard later on. */
  fresh: boolean;
  /** From here on a seek is worth it on this stream. */
  seekThresholdMs: number;
  /** What a seek while playing is expected to lose, in ms. */
  seekLatencyMs: number;
  /** Whether the target can be shown without loading. */
  buffered: boolean;
  /** Whether the timeline is in force, so that a correction means something. */
  trimmable: boolean;
  /** What rates do in this browser, as far as it is known. */
  actuator: ActuatorChoice;
  pitch: Pitch;
}

export type Correction =
  | { type: 'none' }
  | { type: 'seek' }
  /** The rate times 1 + trim from now on; look again at `untilMs` at the latest. */
  | { type: 'trim'; trim: number; pitch: Pitch; untilMs: number | null };

interface Decision {
  control: Control;
  correction: Correction;
}

const NONE: Correction = { type: 'none' };

/**
 * Decides on a correction after a reading (sync.md section 3e). Far off: one compensated seek, with growing pauses
 * between, then none until somebody asks; where seeks are slow, one episode of 3 %. Near: a trim of at most 0.5 % (right after a
 * start 2 %), exact and without a step when the pitch follows the rate, made of the offset and of the pace learned from it.
 */
export function correct(control: Control, s: ControlSituation): Decision {
  if (control.episodeEndsAtMs !== null) return duringEpisode(control, s);
  const sensed = sense(control.offsets);
  if (!sensed) return { control, correction: NONE };
  const size = Math.abs(sensed.offsetMs);
  const far = size > farFrom(s) ? control.far + 1 : 0;
  const next = { ...control, far, coarse: sensed.coarse };
  const surely = far >= SEEK_MEDIANS && s.nowMs - s.steadySinceMs >= SEEK_QUIET_MS;
  if (surely && isEpisode(size, s)) return beginEpisode(next, sensed, s);
  if (isEarlySeek(sensed, control.offsets, s)) {
    // Hidden, and counted by the motion: no reason to wait longer with the next.
    return { control: forgetOffsets(next), correction: { type: 'seek' } };
  }
  if (surely && size > s.seekThresholdMs) {
    const sought = afterSeek(next, s.nowMs);
    if (sought) return { control: sought, correction: { type: 'seek' } };
  }
  const trims = s.actuator.type === 'trim' || s.actuator.type === 'unknown';
  if (!s.trimmable || !trims) return { control: next, correction: NONE };
  return trimFor(next, sensed, s);
}

/** It moves at the timeline's pace: what it is off by now it will be off by in a second. */
const evenly = (offsets: readonly number[]): boolean => {
  const newest = offsets.slice(-SENSOR_READINGS);
  return Math.max(...newest) - Math.min(...newest) <= EARLY_SPREAD_MS;
};

function isEarlySeek({ offsetMs, coarse }: Sensed, offsets: readonly number[], s: ControlSituation): boolean {
  const soon = s.early && s.nowMs - s.steadySinceMs <= EARLY_WINDOW_MS;
  return (
    soon &&
    !coarse &&
    evenly(offsets) &&
    s.buffered &&
    s.seekLatencyMs < SLOW_SEEK_MS &&
    Math.abs(offsetMs) > EARLY_SEEK_MS
  );
}

/** Beyond this something more than a trim is wanted. */
function farFrom({ actuator, seekLatencyMs }: ControlSituation): number {
  if (actuator.type === 'episodes') return actuator.deadBandMs;
  return seekLatencyMs < SLOW_SEEK_MS || actuator.type === 'seek-only' ? SEEK_THRESHOLD_MS : EPISODE_BEGIN_MS;
}

const isEpisode = (size: number, s: ControlSituation): boolean =>
  (s.actuator.type === 'episodes' || (s.seekLatencyMs >= SLOW_SEEK_MS && s.pitch === 'natural')) &&
  s.trimmable &&
  size <= Math.max(s.seekThresholdMs, 2 * s.seekLatencyMs) &&
  size / EPISODE_TRIM <= EPISODE_LONGEST_MS;

/** Entering the stretched mode loses a piece of the film, which the length of the episode makes up for. */
function beginEpisode(control: Control, { offsetMs }: Sensed, s: ControlSituation): Decision {
  const trim = offsetMs > 0 ? -EPISODE_TRIM : EPISODE_TRIM;
  const switchMs = s.actuator.type === 'episodes' ? -s.actuator.stepMs : EPISODE_SWITCH_MS;
  const lostMs = offsetMs > 0 ? -switchMs : switchMs;
  const untilMs = s.nowMs + Math.max(0, Math.abs(offsetMs) + lostMs) / EPISODE_TRIM;
  const next = { ...forgetOffsets(control), trim, trimmedAtMs: s.nowMs, episodeEndsAtMs: untilMs };
  return { control: next, correction: { type: 'trim', trim, pitch: 'kept', untilMs } };
}

function duringEpisode(control: Control, s: ControlSituation): Decision {
  if (s.nowMs < (control.episodeEndsAtMs ?? 0)) return { control, correction: NONE };
  const next = { ...forgetOffsets(control), trimmedAtMs: s.nowMs };
  return { control: next, correction: { type: 'trim', trim: next.trim, pitch: s.pitch, untilMs: null } };
}

/** An automatic seek was made: the next one waits longer, unless the last was long ago. @returns null when none is due. */
function afterSeek(control: Control, nowMs: number): Control | null {
  const { seeking } = control;
  if (seeking.state === 'given-up' || nowMs < seeking.notBeforeMs) return null;
  const calm = nowMs - seeking.notBeforeMs > MAX_SEEK_BACKOFF_MS;
  const waitMs = calm ? SEEK_BACKOFF_MS : seeking.backoffMs;
  const next: Seeking =
    waitMs > MAX_SEEK_BACKOFF_MS
      ? { state: 'given-up' }
      : { state: 'allowed', notBeforeMs: nowMs + waitMs, backoffMs: waitMs * 2 };
  return { ...forgetOffsets(control), seeking: next };
}

function trimFor(control: Control, sensed: Sensed, s: ControlSituation): Decision {
  const sinceMs = s.nowMs - control.trimmedAtMs;
  const calm = Math.abs(sensed.offsetMs) < CALM_BELOW_MS;
  if (sinceMs < (calm ? CALM_INTERVAL_MS : TRIM_INTERVAL_MS)) return { control, correction: NONE };
  const pace = s.pitch === 'natural' ? learnPace(control, sensed, Math.min(sinceMs, 1_000)) : control.pace;
  const { timeMs, limit, slew } = gainsFor(sensed, s);
  const wanted = isWorthwhile(control, sensed, s.pitch) ? -sensed.offsetMs / timeMs : 0;
  const aimed = within(wanted, limit) - pace;
  const slewed = control.trim + within(aimed - control.trim, slew);
  const trim = Math.round(slewed / TRIM_STEP) * TRIM_STEP;
  const next = { ...control, pace, trimmedAtMs: s.nowMs };
  if (Math.abs(trim - control.trim) < TRIM_LEAST_CHANGE) return { control: next, correction: NONE };
  return { control: { ...next, trim }, correction: { type: 'trim', trim, pitch: s.pitch, untilMs: null } };
}

const within = (value: number, limit: number): number => Math.max(-limit, Math.min(limit, value));

/** How hard to pull: the time constant in ms, the largest trim, and the largest change of it at once. */
function gainsFor({ offsetMs, coarse }: Sensed, s: ControlSituation): { timeMs: number; limit: number; slew: number } {
  const size = Math.abs(offsetMs);
  if (s.fresh && !coarse && s.pitch === 'natural' && size > HASTY_ABOVE_MS) {
    return { timeMs: HASTY_TIME_MS, limit: HASTY_TRIM, slew: HASTY_TRIM };
  }
  const limit = size < GENTLE_BELOW_MS ? GENTLE_TRIM : MAX_TRIM;
  return { timeMs: coarse ? COARSE_TRIM_TIME_MS : TRIM_TIME_MS, limit, slew: s.fresh ? HASTY_TRIM : TRIM_SLEW };
}

/** The resampler is exact at any size; stretching and frame-quantised clocks get a dead zone with hysteresis. */
function isWorthwhile(control: Control, { offsetMs, coarse }: Sensed, pitch: Pitch): boolean {
  if (pitch === 'natural' && !coarse) return true;
  const active = Math.abs(control.trim + control.pace) > TRIM_LEAST_CHANGE;
  const [begin, end] = coarse ? [COARSE_TRIM_BEGIN_MS, COARSE_TRIM_END_MS] : [KEPT_TRIM_BEGIN_MS, KEPT_TRIM_END_MS];
  return Math.abs(offsetMs) > (active ? end : begin);
}

/** The integral part of the controller; stands still while a large offset is worked off, which would wind it up. */
function learnPace(control: Control, { offsetMs, coarse }: Sensed, elapsedMs: number): number {
  if (Math.abs(offsetMs) > PACE_BELOW_MS || coarse) return control.pace;
  return within(control.pace + (offsetMs / TRIM_TIME_MS) * (elapsedMs / INTEGRAL_TIME_MS), MAX_PACE);
}
