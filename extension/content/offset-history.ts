import type { OffsetSample } from '../overlay/model.ts';

/** How far back the little plots show, in ms. */
export const HISTORY_MS = 120_000;
/** At most one sample in this time is kept, so a history is never longer than 121 samples. */
const SAMPLE_MS = 1_000;

export type OffsetHistory = readonly OffsetSample[];

/**
 * Adds what a member said of its offset and forgets what is older than two minutes; of two in one second the later counts.
 * @param atMs when it was heard, on this page's monotonic clock. @param offsetMs null while it cannot tell: a gap.
 */
export function addOffset(history: OffsetHistory, atMs: number, offsetMs: number | null): OffsetHistory {
  const second = Math.floor(atMs / SAMPLE_MS);
  const kept = history.filter((sample) => {
    const isSameSecond = Math.floor(sample.atMs / SAMPLE_MS) === second;
    return !isSameSecond && atMs - sample.atMs <= HISTORY_MS;
  });
  return [...kept, { atMs, offsetMs }];
}
