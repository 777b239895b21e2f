/** What an evening's recordings say: how far apart the members were, how soon together, and what it took. PURE. */
import { clockOffsets, type Offset, percentile, pictureOffsets, settled as steadyOf } from '../../support/offsets.ts';
import type { Track } from '../../support/sampler.ts';
import type { BrowserKind } from '../../support/seats.ts';
import { type Path, unseenMs } from './conditions.ts';
import { type ClockHealth, healthOf, LEAST_STEP_MS, unquantised } from './media-clock.ts';
import type { Evening, Performed } from './play.ts';
import { settleMs } from './settle.ts';

/** Absolute offsets of pairs in ms. */
export interface Spread {
  count: number;
  p50: number;
  p95: number;
  p99: number;
}

/** One pair's offsets in steady play. */
export interface PairFigures {
  members: [number, number];
  /** How far apart the paths alone put them, signed, in ms. */
  unseenMs: number;
  clock: Offset[];
  picture: Offset[];
}

/** What each member did in steady play, summed over the members. */
export interface Deeds {
  rateChangesOver3Percent: number;
  pitchSwitches: number;
  seeks: number;
}

export interface Settles {
  /** Seconds from the press to all within 40 ms for a second; null when that did not come before the next command. */
  play: (number | null)[];
  seek: (number | null)[];
  /** From the moment the joiner's film could play. */
  join: (number | null)[];
  /** The same from the press on the link. */
  joinFromLink: (number | null)[];
}

export interface Figures {
  pairs: PairFigures[];
  settles: Settles;
  deeds: Deeds;
  /** `pause`, `seeking` and `waiting` of those who were there, while another came. */
  disturbedByJoin: number;
  health: ClockHealth[];
}

/** Steady play begins this long after the last command or join. */
const STEADY_AFTER_MS = 10_000;
const LARGE_RATE_CHANGE = 0.03;
/** A join can disturb the others until it is settled. */
const JOIN_WATCH_MS = 10_000;

export function figuresOf(evening: Evening, kinds: readonly BrowserKind[], paths: readonly Path[]): Figures {
  const tracks = evening.tracks.map((track, index) => (kinds[index] === 'firefox' ? unquantised(track) : track));
  const commandsMs = evening.performed.flatMap((done) => [done.atMs, playableAt(done, tracks) ?? done.atMs]);
  // Those who are there at the beginning have only just joined.
  const unsteadyMs = [Math.min(...tracks.flatMap(({ clock }) => clock[0]?.atMs ?? [])), ...commandsMs];
  const isSteady = (atMs: number): boolean => !unsteadyMs.some((at) => atMs >= at && atMs < at + STEADY_AFTER_MS);
  const pairs = pairsOf(tracks.length).map(([a, b]): PairFigures => {
    const [one, other] = [tracks[a], tracks[b]];
    const [path, otherPath] = [paths[a], paths[b]];
    if (!one || !other || !path || !otherPath) throw new Error('a member without recording or path');
    return {
      members: [a, b],
      unseenMs: unseenMs(path) - unseenMs(otherPath),
      clock: steadyOf(clockOffsets(one, other), unsteadyMs, STEADY_AFTER_MS),
      picture: steadyOf(pictureOffsets(one, other), unsteadyMs, STEADY_AFTER_MS),
    };
  });
  return {
    pairs,
    settles: settlesOf(evening.performed, tracks),
    deeds: deedsOf(tracks, isSteady),
    disturbedByJoin: disturbances(evening.performed, tracks),
    health: tracks.map((track, index) => healthOf(track, isSteady, LEAST_STEP_MS[kinds[index] ?? 'chromium'])),
  };
}

/** @returns the spread of what the pairs' offsets are in size. */
export function spreadOf(pairs: readonly PairFigures[], of: 'clock' | 'picture'): Spread {
  return spread(pairs.flatMap((pair) => pair[of].map(({ offsetMs }) => offsetMs)));
}

/** @returns what a perfect engine would have shown at the same moments: the paths alone. */
export function floorOf(pairs: readonly PairFigures[]): Spread {
  return spread(pairs.flatMap((pair) => pair.clock.map(() => pair.unseenMs)));
}

/** @returns what the engine adds to the paths, for better or worse. */
export function ownErrorOf(pairs: readonly PairFigures[]): Spread {
  return spread(pairs.flatMap((pair) => pair.clock.map(({ offsetMs }) => offsetMs - pair.unseenMs)));
}

/** @returns the spread of their sizes. */
export function spread(offsetsMs: readonly number[]): Spread {
  const sizes = offsetsMs.map(Math.abs).sort((a, b) => a - b);
  const at = (share: number): number => percentile(sizes, share);
  return { count: sizes.length, p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}

/** @returns each two of so many. */
export const pairsOf = (members: number): [number, number][] =>
  Array.from({ length: members }, (_, a) =>
    Array.from({ length: members - a - 1 }, (_gap, b): [number, number] => [a, a + b + 1]),
  ).flat();

function settlesOf(performed: readonly Performed[], tracks: readonly Track[]): Settles {
  const settles: Settles = { play: [], seek: [], join: [], joinFromLink: [] };
  const seconds = (ms: number | null): number | null => (ms === null ? null : ms / 1000);
  for (const [index, done] of performed.entries()) {
    const untilMs = performed[index + 1]?.atMs ?? Number.POSITIVE_INFINITY;
    const { who, what } = done.command;
    if (what === 'pause') continue;
    if (what === 'join') {
      const canPlayMs = playableAt(done, tracks);
      settles.join.push(canPlayMs === null ? null : seconds(settleMs(tracks, canPlayMs, untilMs)));
      settles.joinFromLink.push(seconds(settleMs(tracks, done.atMs, untilMs)));
      continue;
    }
    const pressMs = tracks[who]?.events.find(({ type, atMs }) => type === 'click' && atMs >= done.atMs)?.atMs;
    settles[what].push(pressMs === undefined ? null : seconds(settleMs(present(tracks, done), pressMs, untilMs)));
  }
  return settles;
}

/** Those who were there when the command was given. */
const present = (tracks: readonly Track[], { atMs }: Performed): Track[] =>
  tracks.filter(({ clock }) => (clock[0]?.atMs ?? Number.POSITIVE_INFINITY) < atMs);

/** @returns when the joiner's film could first play; null for other commands, or when it never could. */
function playableAt({ command, atMs }: Performed, tracks: readonly Track[]): number | null {
  if (command.what !== 'join') return null;
  const ready = tracks[command.who]?.events.find((event) => event.type === 'canplay' && event.atMs >= atMs);
  return ready?.atMs ?? null;
}

function deedsOf(tracks: readonly Track[], isSteady: (atMs: number) => boolean): Deeds {
  const deeds: Deeds = { rateChangesOver3Percent: 0, pitchSwitches: 0, seeks: 0 };
  for (const { clock, events } of tracks) {
    for (const [index, sample] of clock.entries()) {
      const before = clock[index - 1];
      if (!before?.playing || !sample.playing || !isSteady(sample.atMs)) continue;
      if (Math.abs(sample.rate - before.rate) > LARGE_RATE_CHANGE) deeds.rateChangesOver3Percent += 1;
      if (sample.pitchKept !== before.pitchKept) deeds.pitchSwitches += 1;
    }
    deeds.seeks += events.filter(({ type, atMs }) => type === 'seeking' && isSteady(atMs)).length;
  }
  return deeds;
}

function disturbances(performed: readonly Performed[], tracks: readonly Track[]): number {
  const joins = performed.filter(({ command }) => command.what === 'join');
  return joins.reduce((sum, join) => {
    const endMs = (playableAt(join, tracks) ?? join.atMs) + JOIN_WATCH_MS;
    const others = tracks.filter((_, index) => index !== join.command.who).flatMap(({ events }) => events);
    const bad = others.filter(
      ({ type, atMs }) => ['pause', 'seeking', 'waiting'].includes(type) && atMs >= join.atMs && atMs < endMs,
    );
    return sum + bad.length;
  }, 0);
}
