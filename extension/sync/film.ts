import { MAX_POSITION_MS } from '../../shared/limits.ts';
import type { Film } from '../../shared/protocol.ts';
import { positionAt } from '../../shared/timeline.ts';
import { estimateClock } from './clock.ts';
import { timelineAt } from './motion-of.ts';
import type { EngineState } from './state.ts';

/**
 * Where the film will be when a message sent now is at the relay, by the last timeline: also when that relay is gone,
 * so that another one can go on from there (PROTOCOL.md S-06).
 * @param nowMs local ms. @returns null while there is no film, or the relay's clock is not known.
 */
export function filmOf({ room, clock }: EngineState, nowMs: number): Film | null {
  const estimate = estimateClock(clock, nowMs);
  const media = room?.timeline.media;
  if (!media || !estimate) return null;
  const relayMs = nowMs + estimate.offsetMs + estimate.roundTripMs / 2;
  const positionMs = Math.min(positionAt(timelineAt(room, relayMs), relayMs), MAX_POSITION_MS);
  const { epoch, seq, phase, rate } = room.timeline;
  return { epoch, seq, phase, positionMs, rate, media };
}
