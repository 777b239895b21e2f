import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { skewScript } from './skewed-build.ts';

describe('a script by another clock', () => {
  it('reads the offset and the skew, while the page keeps its own', () => {
    const page = { performance: { now: () => 10_000 }, seen: 0 };
    runInNewContext(skewScript('(function(){ seen = performance.now(); })();', { offsetMs: 500, skewPpm: 40 }), page);
    expect(page.seen).toBeCloseTo(10_500.4, 9);
    expect(page.performance.now()).toBe(10_000);
  });

  it('cannot use another clock unnoticed', () => {
    const page = { performance: { now: () => 0, timeOrigin: 1 } };
    const script = skewScript('performance.timeOrigin;', { offsetMs: 0, skewPpm: 0 });
    expect(() => runInNewContext(script, page)).toThrow(/timeOrigin/);
  });
});
