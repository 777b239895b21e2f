import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { interleavings, worlds } from './testing/fuzz-ops.ts';
import { expectSound, inFakeBrowser, play, toldBy } from './testing/fuzz-play.ts';

const SEED = Number(process.env.OSP_FUZZ_SEED ?? Date.now() % 2 ** 31);
const RUNS = 10_000;
const RUNS_WITHOUT_GESTURES = 5_000;
/** Of each kind of gesture, so many at least must have been of the sort that has to be told. */
const LEAST_DUE = 500;

inFakeBrowser();

/**
 * `Gestures` says which gestures must be told and why the rest may stay untold; `LEAST_DUE` keeps those from becoming all.
 */
describe(`the player, over ${RUNS} random interleavings (seed ${SEED})`, () => {
  it('never takes for a person what it wrote itself, or what the page and the media do', { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(worlds, interleavings(0), (world, ops) => {
        const run = play(world, ops);
        expect(toldBy(run)).toEqual([]);
        expectSound(run, world);
      }),
      { numRuns: RUNS_WITHOUT_GESTURES, seed: SEED },
    );
  });

  it('loses no gesture, and tells none twice', { timeout: 60_000 }, () => {
    const due = { play: 0, pause: 0, seek: 0, rate: 0 };
    let made = 0;
    let told = 0;
    fc.assert(
      fc.property(worlds, interleavings(4), (world, ops) => {
        const run = play(world, ops);
        expectSound(run, world);
        made += run.gestures.made.length;
        told += toldBy(run).length;
        for (const { kind, verdict } of run.gestures.made) if (verdict === 'due') due[kind] += 1;
      }),
      { numRuns: RUNS, seed: SEED },
    );
    process.stdout.write(
      `player: ${RUNS} interleavings, seed ${SEED} (OSP_FUZZ_SEED): ${made} gestures, ${told} told, due ${JSON.stringify(due)}\n`,
    );
    for (const count of Object.values(due)) expect(count).toBeGreaterThan(LEAST_DUE);
  });
});
