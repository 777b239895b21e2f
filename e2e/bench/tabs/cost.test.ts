import { describe, expect, it } from 'vitest';
import { type CpuProfile, costOf } from './cost.ts';

const isOurs = (url: string): boolean => url.startsWith('ours:');
const frame = (functionName: string, url = '') => ({ functionName, url });

/** One look each ms; a page's function calls ours, which calls one of the browser's. */
function profileOf(stack: readonly number[]): CpuProfile {
  return {
    nodes: [
      { id: 1, callFrame: frame('(root)'), children: [2, 3] },
      { id: 2, callFrame: frame('(idle)') },
      { id: 3, callFrame: frame('onTimer', 'page:x.js'), children: [4] },
      { id: 4, callFrame: frame('tick', 'ours:content.js'), children: [5] },
      { id: 5, callFrame: frame('get currentTime') },
    ],
    samples: stack,
    timeDeltas: stack.map(() => 1000),
  };
}

describe('the cost of our script', () => {
  it('holds what it calls, and not what calls it', () => {
    const looks = [...Array<number>(96).fill(2), 3, 4, 5, 2, 2];
    const cost = costOf(profileOf(looks), isOurs);
    expect(cost.percentOfCore).toBeCloseTo(2, 6);
    expect(cost.longestMs).toBeCloseTo(2, 6);
    expect(cost.longTasks).toBe(0);
  });

  it('counts a busy stretch over 50 ms once, and only with us in it', () => {
    const busy = Array<number>(60).fill(3);
    expect(costOf(profileOf([2, ...busy, 2]), isOurs).longTasks).toBe(0);
    expect(costOf(profileOf([2, ...busy, 4, 3, 4, 2, 4, 2]), isOurs).longTasks).toBe(1);
  });
});
