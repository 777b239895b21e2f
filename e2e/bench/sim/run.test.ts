import { describe, expect, it } from 'vitest';
import { ALGORITHMS } from './algorithms/all.ts';
import { osp } from './algorithms/osp.ts';
import { syncplay } from './algorithms/syncplay.ts';
import { floorOf, type RunFigures, run } from './run.ts';
import { SCENARIOS, type Scenario } from './scenarios.ts';
import { LEAST_PARTY_MS } from './script.ts';
import { MEMBERS, World } from './world/world.ts';

/** The shortest party that has room for all commands. */
const FOR_MS = LEAST_PARTY_MS;

function scenario(name: string): Scenario {
  const found = SCENARIOS.find((each) => each.name === name);
  if (!found) throw new Error(`no scenario ${name}`);
  return found;
}

/** Without the samples' thousands of lines in a failure. */
const digest = ({ offsetsMs, ...rest }: RunFigures): object => ({
  ...rest,
  samples: offsetsMs.length,
  sum: offsetsMs.reduce((sum, each) => sum + each, 0),
});

// Minutes of virtual time are a second of real time, or ten on a busy machine.
describe('a simulated party', { timeout: 60_000 }, () => {
  it.each(ALGORITHMS)('gives $name the same figures for the same seed', (algorithm) => {
    const [first, again] = [1, 1].map((seed) => digest(run(scenario('mobile'), algorithm, seed, FOR_MS)));
    expect(again).toEqual(first);
  });

  it('is another one with another seed', () => {
    const [one, other] = [1, 2].map((seed) => digest(run(scenario('mobile'), syncplay, seed, FOR_MS)));
    expect(other).not.toEqual(one);
  });

  it('shows our engine no difference when wall clocks are set', () => {
    const [quiet, stepped] = ['broadband', 'clock-steps'].map((name) => digest(run(scenario(name), osp, 3, FOR_MS)));
    expect(stepped).toEqual(quiet);
  });

  it('brings everybody together after each kind of command, the late one included', () => {
    const { settleS, offsetsMs } = run(scenario('broadband'), osp, 1, FOR_MS);
    expect(settleS.play).toHaveLength(4);
    expect(settleS.seek).toHaveLength(3);
    expect(settleS.join).toHaveLength(1);
    expect(Math.max(...settleS.seek, ...settleS.join)).toBeLessThan(5);
    // Ten pairs of five were looked at, in steady play about every fifth of a second.
    expect(offsetsMs.length).toBeGreaterThan(2_000);
  });
});

describe('the floor', () => {
  /** What a ping through the quiet paths of a world says of the relay's clock, minus the truth, in ms. */
  function clockErrors(quiet: Scenario, seed: number): number[] {
    const world = new World(quiet, seed, 1_000);
    const errors: number[] = [];
    for (const { socket, index } of world.members) {
      socket.up(() => {
        const upMs = world.agenda.now();
        socket.down(() => {
          errors[index] = upMs - world.agenda.now() / 2;
        });
      });
    }
    world.agenda.runUntil(1_000);
    return errors;
  }

  it('is what perfect clocks would still differ by, pair by pair', () => {
    const quiet: Scenario = { ...scenario('worldwide'), jitterMs: [0, 0], loss: 0 };
    for (const seed of [1, 2, 3]) {
      const errors = clockErrors(quiet, seed);
      const between = errors.flatMap((a, i) => errors.slice(i + 1).map((b) => Math.abs(a - b)));
      const floors = floorOf(quiet, seed, 1_000);
      expect(floors).toHaveLength(((MEMBERS + 1) * MEMBERS) / 2);
      for (const [i, floor] of floors.entries()) expect(floor).toBeCloseTo(between[i] ?? Number.NaN, 9);
      expect(Math.max(...floors)).toBeGreaterThan(1);
    }
  });

  it('is nothing where both directions are alike, and at most what the bound allows', () => {
    const symmetric = { ...scenario('mobile'), asymmetry: { deviation: 0, bound: 0 } };
    expect(Math.max(...floorOf(symmetric, 1, 1_000))).toBeCloseTo(0, 9);
    const { asymmetry, rttMs } = scenario('broadband');
    for (let seed = 1; seed <= 50; seed++) {
      expect(Math.max(...floorOf(scenario('broadband'), seed, 1_000))).toBeLessThanOrEqual(rttMs[1] * asymmetry.bound);
    }
  });
});
