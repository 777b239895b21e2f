import type { Deed } from './algorithms/algorithm.ts';
import type { Random } from './world/random.ts';
import { FILM_MS, MEMBERS } from './world/world.ts';

/** Something a person does, ms after the beginning. The late one joins by itself. */
export interface Act {
  atMs: number;
  by: number;
  deed: Deed | 'join';
  positionMs: number;
}

/** The four come in within this time, then somebody starts the film. */
export const GATHER_MS = 10_000;
const PAUSED_MS = [4_000, 20_000] as const;
const SPREAD_MS = [0, 8_000] as const;
/** Between the first start and the end; with it ten commands: four starts, three pauses, three seeks. */
const MIDDLE = ['pause', 'seek', 'join', 'pause', 'seek', 'pause', 'seek'] as const;

/** With less time one command would come before the one before it is over. */
export const LEAST_PARTY_MS = 240_000;

/** @returns what happens in a party of `forMs`, in order: the same for every algorithm. */
export function writeScript(random: Random, forMs: number): Act[] {
  const anybody = (): number => Math.floor(random.between([0, MEMBERS]));
  const acts: Act[] = [{ atMs: GATHER_MS, by: anybody(), deed: 'play', positionMs: 0 }];
  const gapMs = (forMs - GATHER_MS) / (MIDDLE.length + 1);
  for (const [i, deed] of MIDDLE.entries()) {
    const atMs = GATHER_MS + gapMs * (i + 1) - random.between(SPREAD_MS);
    const positionMs = random.between([0.05, 0.7]) * FILM_MS;
    acts.push({ atMs, by: deed === 'join' ? MEMBERS : anybody(), deed, positionMs });
    const again = { atMs: atMs + random.between(PAUSED_MS), by: anybody() };
    if (deed === 'pause') acts.push({ ...again, deed: 'play', positionMs: 0 });
  }
  return acts;
}
