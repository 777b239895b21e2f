/** How soon all members are together after something happened. PURE. */
import type { ClockSample, Track } from '../../support/sampler.ts';

/** Together: all play, and no two are further apart than this in the film. */
const WITHIN_MS = 40;
/** They must stay together this long. */
const FOR_MS = 1_000;
const STEP_MS = 10;
/** Moments between samples further apart than this are unknown. */
const MAX_GAP_MS = 150;

/**
 * @param fromMs the press. @param untilMs the next one.
 * @returns ms from the press until all play within 40 ms and stay so for a second; null when that does not come.
 */
export function settleMs(tracks: readonly Track[], fromMs: number, untilMs: number): number | null {
  const lastMs = Math.min(untilMs, ...tracks.map(({ clock }) => clock.at(-1)?.atMs ?? 0));
  const cursors = tracks.map(({ clock }) => new Cursor(clock));
  let sinceMs: number | null = null;
  for (let atMs = fromMs; atMs <= lastMs; atMs += STEP_MS) {
    const places = cursors.map((cursor) => cursor.at(atMs));
    const isTogether = places.every((place) => place !== null) && Math.max(...places) - Math.min(...places) < WITHIN_MS;
    if (!isTogether) sinceMs = null;
    else sinceMs ??= atMs;
    if (sinceMs !== null && atMs - sinceMs >= FOR_MS) return sinceMs - fromMs;
  }
  return null;
}

/** Reads a clock's samples forwards in time. */
class Cursor {
  readonly #samples: readonly ClockSample[];
  #next = 0;

  constructor(samples: readonly ClockSample[]) {
    this.#samples = samples;
  }

  /** @param atMs not before that of the last call. @returns the position; null when it did not play then, or nobody looked. */
  at(atMs: number): number | null {
    while ((this.#samples[this.#next]?.atMs ?? Number.POSITIVE_INFINITY) < atMs) this.#next += 1;
    const before = this.#samples[this.#next - 1];
    const after = this.#samples[this.#next];
    if (!before?.playing || !after?.playing || after.atMs - before.atMs > MAX_GAP_MS) return null;
    const share = (atMs - before.atMs) / (after.atMs - before.atMs);
    return before.positionMs + share * (after.positionMs - before.positionMs);
  }
}
