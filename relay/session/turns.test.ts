import { setImmediate as afterIo } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Turns } from './turns.ts';

describe('turns', () => {
  it('are taken in order, and the sockets are looked at every few milliseconds', async () => {
    let nowMs = 0;
    const turns = new Turns(() => nowMs);
    const taken: number[] = [];
    const add = (number: number): void =>
      turns.add({
        turn: () => {
          taken.push(number);
          nowMs += 3;
        },
      });
    for (const number of [1, 2, 3]) add(number);
    // What came with them is read first.
    expect(taken).toEqual([]);
    await afterIo();
    expect(taken).toEqual([1, 2]);
    for (const number of [4, 5]) add(number);
    await afterIo();
    expect(taken).toEqual([1, 2, 3, 4]);
    await afterIo();
    expect(taken).toEqual([1, 2, 3, 4, 5]);
    add(6);
    await afterIo();
    expect(taken).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('come to all even when each takes longer than a turn may', async () => {
    let nowMs = 0;
    const turns = new Turns(() => nowMs);
    let taken = 0;
    const slow = {
      turn: (): void => {
        taken += 1;
        nowMs += 50;
      },
    };
    for (let i = 0; i < 3; i++) turns.add(slow);
    for (const wanted of [1, 2, 3, 3]) {
      await afterIo();
      expect(taken).toBe(wanted);
    }
  });
});
