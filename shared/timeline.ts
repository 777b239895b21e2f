import type { Timeline } from './protocol.ts';

/**
 * Where the film is at an instant (PROTOCOL.md T-01).
 * @param timeline the room's timeline.
 * @param atMs an instant on the relay's clock, in ms.
 * @returns the media position in ms; constant unless playing, and never before the start of a scheduled play.
 */
export function positionAt(timeline: Timeline, atMs: number): number {
  if (timeline.phase !== 'playing') return timeline.positionMs;
  return timeline.positionMs + timeline.rate * Math.max(0, atMs - timeline.atMs);
}

/**
 * The same motion written from a later instant (PROTOCOL.md T-02).
 * @param timeline the room's timeline. @param atMs the new anchor on the relay's clock, in ms.
 */
export function reanchor(timeline: Timeline, atMs: number): Timeline {
  return { ...timeline, positionMs: positionAt(timeline, atMs), atMs };
}

/** Total order of timelines: a re-seeded room's epoch beats any sequence number (PROTOCOL.md T-03). */
export function isNewer(candidate: Timeline, than: Timeline): boolean {
  if (candidate.epoch !== than.epoch) return candidate.epoch > than.epoch;
  return candidate.seq > than.seq;
}
