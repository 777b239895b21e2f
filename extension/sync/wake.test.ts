import { describe, expect, it } from 'vitest';
import type { EngineEffect } from './io.ts';
import { withOneWake } from './wake.ts';

const look = (atMs: number): EngineEffect => ({ type: 'wake', atMs, to: 'look' });
const start = (atMs: number): EngineEffect => ({ type: 'wake', atMs, to: 'start' });

describe('the one wake of a step', () => {
  it.each<[string, EngineEffect[], EngineEffect[]]>([
    ['none', [{ type: 'play' }], [{ type: 'play' }]],
    ['the earliest', [look(30), { type: 'pause' }, look(20)], [{ type: 'pause' }, look(20)]],
    ['a look long before a start', [start(100), look(80)], [look(80)]],
    ['not a look just before a start', [look(95), start(100)], [start(100)]],
  ])('is %s', (_name, effects, left) => {
    expect(withOneWake(effects)).toEqual(left);
  });
});
