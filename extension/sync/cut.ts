import type { EngineEffect, EngineInput, Reading } from './io.ts';
import { type EngineState, mediaKey } from './state.ts';

/**
 * Another version of the film: the same scene is elsewhere in it, by what its person has said. The engine works in the room's
 * places throughout; what comes from this player and goes to it is put over here.
 */

/** @returns by how much what this player plays has everything later than the room, in ms. */
export const cutMsOf = ({ item, cut }: EngineState): number =>
  cut && item.state === 'known' && mediaKey(item.media) === cut.item ? cut.ms : 0;

/** @returns a look at the player in the room's places. */
export function readingInRoom(reading: Reading | null, cutMs: number): Reading | null {
  if (!reading || cutMs === 0) return reading;
  const { positionMs, durationMs } = reading;
  return { ...reading, positionMs: positionMs - cutMs, durationMs: durationMs === null ? null : durationMs - cutMs };
}

/** @returns what happened, with the places of a person's hand in the room's. */
export function inputInRoom(input: EngineInput, cutMs: number): EngineInput {
  if (cutMs === 0 || input.type !== 'user' || input.event.type === 'rate') return input;
  return { ...input, event: { ...input.event, positionMs: input.event.positionMs - cutMs } };
}

/** @returns what is to be done, with places in this player's own film: nothing is shown before its beginning. */
export function effectInFile(effect: EngineEffect, state: EngineState): EngineEffect {
  if (effect.type !== 'seek' && effect.type !== 'open') return effect;
  const opened = effect.type === 'open' && state.cut?.item === mediaKey(effect.media) ? state.cut.ms : 0;
  const cutMs = effect.type === 'seek' ? cutMsOf(state) : opened;
  return cutMs === 0 ? effect : { ...effect, positionMs: Math.max(0, effect.positionMs + cutMs) };
}
