import { WAKES_APART_MS } from './constants.ts';
import type { EngineEffect } from './io.ts';

type Wake = Extract<EngineEffect, { type: 'wake' }>;

const order = ({ atMs, to }: Wake): number => (to === 'start' ? atMs - WAKES_APART_MS : atMs);

/**
 * Each step asks anew for all it wants to wake for, so the earliest is enough; a look just before a start would be in its way.
 * @returns the effects with at most one wake, the last.
 */
export function withOneWake(effects: readonly EngineEffect[]): EngineEffect[] {
  const others = effects.filter((effect) => effect.type !== 'wake');
  const [first] = effects.filter((effect) => effect.type === 'wake').sort((a, b) => order(a) - order(b));
  return first ? [...others, first] : others;
}
