import * as v from 'valibot';
import { CUT_LIMIT_MS } from '../overlay/model.ts';

/** Where somebody's own version of a film has everything later, or earlier, than the others', as they have said. */
export interface Cuts {
  /** @param item as `mediaKey` names it. @returns how much later, in ms; 0 when nothing was said. */
  of(item: string): number;
  choose(item: string, ms: number): void;
}

/** Of this many items, newest last. */
const MOST_ITEMS = 50;

const CutsSchema = v.array(
  v.object({
    item: v.string(),
    ms: v.pipe(v.number(), v.minValue(-CUT_LIMIT_MS), v.maxValue(CUT_LIMIT_MS)),
  }),
);

/** @param stored what was kept last, or anything: what cannot be read is forgotten. @param save keeps it for another day. */
export function createCuts(stored: unknown, save: (kept: object) => void): Cuts {
  const read = v.safeParse(CutsSchema, stored);
  let kept = read.success ? read.output : [];
  return {
    of: (item) => kept.find((cut) => cut.item === item)?.ms ?? 0,
    choose: (item, ms) => {
      const others = kept.filter((cut) => cut.item !== item);
      kept = ms === 0 ? others : [...others.slice(1 - MOST_ITEMS), { item, ms }];
      save(kept);
    },
  };
}
