import { describe, expect, it } from 'vitest';
import { createCuts } from './cuts.ts';

describe('where one’s own version of a film is another one', () => {
  it('is kept for each film, and forgotten when it is the same again', () => {
    let kept: unknown;
    const save = (now: object): void => {
      kept = now;
    };
    const cuts = createCuts(undefined, save);
    expect(cuts.of('s/a')).toBe(0);
    cuts.choose('s/a', 12_500);
    cuts.choose('s/b', -4_000);
    expect([createCuts(kept, save).of('s/a'), createCuts(kept, save).of('s/b')]).toEqual([12_500, -4_000]);
    cuts.choose('s/a', 0);
    expect(createCuts(kept, save).of('s/a')).toBe(0);
    expect(kept).toHaveLength(1);
  });

  it('is kept of the last fifty films', () => {
    const cuts = createCuts([], () => undefined);
    for (let film = 0; film < 60; film += 1) cuts.choose(`s/${film}`, 1_000);
    expect([cuts.of('s/9'), cuts.of('s/10'), cuts.of('s/59')]).toEqual([0, 1_000, 1_000]);
  });

  it.each([[undefined], [null], ['x'], [[{ item: 's/a', ms: 1e12 }]], [[{ item: 's/a', ms: 'late' }]]])(
    'what cannot be read is forgotten: %j',
    (stored) => {
      expect(createCuts(stored, () => undefined).of('s/a')).toBe(0);
    },
  );
});
