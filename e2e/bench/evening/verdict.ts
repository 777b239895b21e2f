/** What an evening's recordings say: who was where at each end, what stopped whom, and who came back how soon. PURE. */
import { clockOffsets } from '../../support/offsets.ts';
import type { Track } from '../../support/sampler.ts';
import type { BrowserKind } from '../../support/seats.ts';
import { pairsOf, spread } from '../tabs/figures.ts';
import { type ClockHealth, healthOf, LEAST_STEP_MS, unquantised } from '../tabs/media-clock.ts';
import { settleMs } from '../tabs/settle.ts';
import type { Episode, Evening, Mishap } from './evening.ts';

/** The issue's own bound on how far apart two may be. */
export const MOST_APART_MS = 40;
/** An episode's end is what was seen so long before. */
const END_WINDOW_MS = 30_000;
/** From an episode's end on, the pages stop and open what comes next. */
const CHANGE_MS = 15_000;
/** Who was away comes back in so long, and may then be put right once. */
const RETURN_MS = 15_000;

/** How far apart the members were at an episode's end. */
export interface EndFigures {
  key: string;
  behind: string[];
  /** Over all pairs, in ms. */
  p50: number;
  p95: number;
  worstPair: number;
  samples: number;
}

/** A player that stopped or jumped when nobody had asked for it. */
export interface Disturbance {
  who: number;
  type: string;
  /** Into the evening. */
  atMs: number;
}

export interface Verdict {
  ends: EndFigures[];
  disturbances: Disturbance[];
  /** Seconds from the mishap's end until all were within 40 ms for a second; null: never. */
  returns: { what: Mishap['what']; who: number; seconds: number | null }[];
  health: ClockHealth[];
}

export function verdictOf(evening: Evening, kinds: readonly BrowserKind[]): Verdict {
  const tracks = evening.tracks.map((track, index) => (kinds[index] === 'firefox' ? unquantised(track) : track));
  const atEnd = (atMs: number): boolean => evening.episodes.some((episode) => isAtEnd(episode, atMs));
  return {
    ends: evening.episodes.map((episode) => endOf(episode, tracks)),
    disturbances: disturbancesOf(evening),
    returns: evening.mishaps.map((mishap) => ({
      what: mishap.what,
      who: mishap.who,
      seconds: returnOf(mishap, evening, tracks),
    })),
    health: tracks.map((track, index) => healthOf(track, atEnd, LEAST_STEP_MS[kinds[index] ?? 'chromium'])),
  };
}

const isAtEnd = ({ endMs }: Episode, atMs: number): boolean => atMs >= endMs - END_WINDOW_MS && atMs < endMs;

function endOf(episode: Episode, tracks: readonly Track[]): EndFigures {
  const pairs = pairsOf(tracks.length).map(([a, b]) => {
    const [one, other] = [tracks[a], tracks[b]];
    const offsets = one && other ? clockOffsets(one, other) : [];
    return offsets.filter(({ atMs }) => isAtEnd(episode, atMs)).map(({ offsetMs }) => offsetMs);
  });
  const { p50, p95, count } = spread(pairs.flat());
  // A pair that never played side by side has no number, and that is the worst.
  const worst = pairs.map((offsets) => (offsets.length === 0 ? Number.POSITIVE_INFINITY : spread(offsets).p95));
  return { key: episode.key, behind: episode.behind, p50, p95, worstPair: Math.max(...worst), samples: count };
}

const STOPS: ReadonlySet<string> = new Set(['pause', 'seeking', 'waiting']);

function disturbancesOf({ tracks, episodes, mishaps }: Evening): Disturbance[] {
  const beginMs = episodes[0]?.fromMs ?? 0;
  const isChange = (atMs: number): boolean =>
    !episodes.some(({ fromMs, endMs }, index) => atMs >= fromMs + (index > 0 ? CHANGE_MS : 0) && atMs < endMs);
  const isOwn = (who: number, atMs: number): boolean =>
    mishaps.some((mishap) => mishap.who === who && atMs >= mishap.atMs && atMs < mishap.overMs + RETURN_MS);
  return tracks.flatMap(({ events }, who) =>
    events
      .filter(({ type, atMs }) => STOPS.has(type) && !isChange(atMs) && !isOwn(who, atMs))
      .map(({ type, atMs }) => ({ who, type, atMs: atMs - beginMs })),
  );
}

function returnOf({ overMs }: Mishap, { episodes }: Evening, tracks: readonly Track[]): number | null {
  const endMs = episodes.find((episode) => episode.endMs > overMs)?.endMs ?? overMs;
  const ms = settleMs(tracks, overMs, endMs);
  return ms === null ? null : ms / 1_000;
}

/** @returns what the evening was to show and did not; empty when all of it held. */
export function faultsOf({ ends, disturbances, returns }: Verdict): string[] {
  return [
    ...ends.flatMap(({ key, behind }) =>
      behind.length > 0 ? [`left behind at the end of ${key}: ${behind.join(', ')}`] : [],
    ),
    ...ends.flatMap(({ key, worstPair }) =>
      worstPair <= MOST_APART_MS ? [] : [`apart by ${worstPair.toFixed(1)} ms (95 %) at the end of ${key}`],
    ),
    ...(disturbances.length > 0 ? [`${disturbances.length} stops or jumps that nobody asked for`] : []),
    ...returns.flatMap(({ what, seconds }) => (seconds === null ? [`not back after the ${what}`] : [])),
  ];
}
