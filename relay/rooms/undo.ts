import { MAX_POSITION_MS, UNDO_MERGE_MS } from '../../shared/limits.ts';
import type { Media, Timeline } from '../../shared/protocol.ts';
import { positionAt } from '../../shared/timeline.ts';
import type { RoomState } from './state.ts';

/** Where the film was before it was last moved (PROTOCOL.md R-15). */
export interface Undo {
  media: Media;
  positionMs: number;
  rate: number;
  /** Whose seek it takes back, and when that was: the next of several in a row does not replace it. Null: not to be merged. */
  seek: { by: string; atMs: number } | null;
}

/** @returns where the film is, as it can be said on the wire, in media ms; null without one. @param nowMs relay clock. */
export function placeOf(timeline: Timeline, nowMs: number): number | null {
  if (!timeline.media) return null;
  return Math.min(positionAt(timeline, nowMs), timeline.media.runtimeMs ?? MAX_POSITION_MS, MAX_POSITION_MS);
}

/** @returns what takes back what is about to happen. @param before the room until now. @param by whose seek it is; null if none. */
export function undoOf({ timeline, undo }: RoomState, by: string | null, nowMs: number): Undo | null {
  const { media, rate } = timeline;
  const positionMs = placeOf(timeline, nowMs);
  if (!media || positionMs === null) return null;
  const seek = by === null ? null : { by, atMs: nowMs };
  if (!undo || by === null || !isSameRow(undo, by, nowMs)) return { media, positionMs, rate, seek };
  return { media: undo.media, positionMs: undo.positionMs, rate: undo.rate, seek };
}

/** Who goes ten seconds on five times in a row has skipped fifty, and wants them back at once. */
const isSameRow = ({ seek }: Undo, member: string, nowMs: number): boolean =>
  seek !== null && seek.by === member && nowMs - seek.atMs <= UNDO_MERGE_MS;
