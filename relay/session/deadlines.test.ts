import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Deadlines, type Due } from './deadlines.ts';

describe('deadlines', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: 0 });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  const begin = () => {
    const over: string[] = [];
    const deadlines = new Deadlines(() => Date.now(), 10_000);
    const add = (name: string): Due => {
      const due = { dueAtMs: 0, due: () => over.push(`${name} ${Date.now()}`) };
      deadlines.add(due);
      return due;
    };
    return { deadlines, over, add };
  };

  it('[R-01] come for each in turn, never early and at most a tenth of a second late, with one timer', () => {
    const { over, add } = begin();
    add('a');
    vi.advanceTimersByTime(4_000);
    add('b');
    vi.advanceTimersByTime(30);
    add('c');
    expect(vi.getTimerCount()).toBe(1);
    vi.advanceTimersByTime(5_969);
    expect(over).toEqual([]);
    vi.advanceTimersByTime(20_001);
    expect(over).toEqual(['a 10000', 'b 14000', 'c 14100']);
    expect(vi.getTimerCount()).toBe(0);
    add('d');
    vi.advanceTimersByTime(10_000);
    expect(over.at(-1)).toBe('d 40000');
  });

  it('never come for what is forgotten', () => {
    const { deadlines, over, add } = begin();
    const [a] = [add('a'), add('b')];
    deadlines.forget(a);
    vi.advanceTimersByTime(20_000);
    expect(over).toEqual(['b 10000']);
  });

  it('that begin while others end are not lost', () => {
    const { deadlines, over, add } = begin();
    deadlines.add({ dueAtMs: 0, due: () => add('later') });
    vi.advanceTimersByTime(20_000);
    expect(over).toEqual(['later 20000']);
  });

  it('never come once all is over', () => {
    const { deadlines, over, add } = begin();
    add('a');
    deadlines.stop();
    expect(vi.getTimerCount()).toBe(0);
    vi.advanceTimersByTime(20_000);
    expect(over).toEqual([]);
  });
});
