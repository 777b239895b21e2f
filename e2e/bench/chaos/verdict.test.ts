import { describe, expect, it } from 'vitest';
import type { ChaosFigures } from './run.ts';
import { verdict } from './verdict.ts';

const GOOD: ChaosFigures = {
  seed: 1,
  rooms: 12,
  members: 40,
  faults: { kill: 2 },
  roomsDiffering: 0,
  lostSeats: 0,
  doubleHosts: 0,
  lateReturns: 0,
  starvedFaults: 3,
  graceLooks: 100,
  graceWrong: 0,
  intruders: 10,
  intrudersIn: 0,
  backP50Ms: 800,
  backMaxMs: 2_400,
  positionErrorP50Ms: 1,
  positionErrorMaxMs: 20,
  commands: 200,
};

describe('the end of a chaos run', () => {
  it('is well when nothing was wrong and something happened', () => {
    expect(verdict(GOOD)).toEqual([]);
    expect(verdict({ ...GOOD, graceLooks: null, graceWrong: null })).toEqual([]);
  });

  it.each([
    ['roomsDiffering', 1],
    ['lostSeats', 1],
    ['doubleHosts', 2],
    ['lateReturns', 1],
    ['graceWrong', 1],
    ['intrudersIn', 1],
    ['commands', 0],
    ['intruders', 0],
    ['backMaxMs', null],
  ] as const)('is not well with %s %s', (name, value) => {
    expect(verdict({ ...GOOD, [name]: value })).toEqual([expect.stringContaining(name)]);
  });
});
