import type { Timeline } from '../../shared/protocol.ts';
import { positionAt } from '../../shared/timeline.ts';
import { type ClockEstimate, estimateClock } from './clock.ts';
import { SEEK_THRESHOLD_MS } from './constants.ts';
import type { EngineState, Room } from './state.ts';

/** The room's timeline in this page's time. */
export interface Target {
  timeline: Timeline;
  clock: ClockEstimate;
  /** Local ms at which the timeline takes effect. */
  startAtMs: number;
  /** Where the film should be at a local instant, in ms. */
  positionAt(localMs: number): number;
  /** How fast it should go at a local instant. */
  rateAt(localMs: number): number;
  /** The element already moves as the timeline wants before it takes effect (a scheduled change of rate). */
  continuous: boolean;
}

/** @param nowMs local ms. @returns the target, or null while there is no room or the relay's clock is not known. */
export function targetOf(state: EngineState, nowMs: number): Target | null {
  const clock = estimateClock(state.clock, nowMs);
  if (!state.room || !clock) return null;
  const { room } = state;
  const { timeline, before } = room;
  const effective = (localMs: number): Timeline => timelineAt(room, localMs + clock.offsetMs);
  return {
    timeline,
    clock,
    startAtMs: timeline.atMs - clock.offsetMs,
    positionAt: (localMs) => {
      const at = effective(localMs);
      const nudgeMs = at.phase === 'playing' ? state.nudgeMs : 0;
      return Math.max(0, positionAt(at, localMs + clock.offsetMs) + nudgeMs);
    },
    rateAt: (localMs) => effective(localMs).rate,
    continuous: before !== null,
  };
}

/** @returns the timeline that is in force at an instant on the relay's clock, in ms. */
export const timelineAt = ({ timeline, before }: Room, relayMs: number): Timeline =>
  before !== null && relayMs < timeline.atMs ? before : timeline;

/**
 * What goes on until a new timeline takes effect: the old motion, when the new one carries on where it will be.
 * @returns null when there is nothing to carry on.
 */
export function motionBefore(room: Room | null, next: Timeline): Timeline | null {
  const old = room?.timeline;
  // Another epoch may be another relay, whose clock has nothing to do with the old one's.
  if (old?.epoch !== next.epoch) return null;
  if (old.phase !== 'playing' || next.phase !== 'playing' || next.atMs < old.atMs) return null;
  return Math.abs(positionAt(old, next.atMs) - next.positionMs) <= SEEK_THRESHOLD_MS ? old : null;
}

/** Names the timeline a motion was planned for; a re-sent one has the same name. */
export const timelineKey = (timeline: Timeline): string =>
  `${timeline.epoch}:${timeline.seq}:${timeline.phase}:${timeline.atMs}:${timeline.positionMs}:${timeline.rate}`;
