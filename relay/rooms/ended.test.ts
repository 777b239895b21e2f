import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RESUME_TTL_MS } from '../../shared/limits.ts';
import { isAhead, type Standing } from '../../shared/standing.ts';
import { Ended } from './ended.ts';

const standing = fc.record({ epoch: fc.integer({ min: 1, max: 3 }), serial: fc.integer({ min: 0, max: 3 }) });
const note = fc.record({ id: fc.constantFrom('a', 'b', 'c', 'd', 'e'), at: standing, afterMs: fc.nat(RESUME_TTL_MS) });

describe('rooms that have ended', () => {
  it('[S-08] are the newest so many ends, each by its newest state, for as long as a snapshot lives', () => {
    fc.assert(
      fc.property(fc.array(note, { maxLength: 40 }), fc.integer({ min: 1, max: 4 }), standing, (notes, most, asked) => {
        const ended = new Ended(most);
        const said: { id: string; at: Standing; atMs: number }[] = [];
        let nowMs = 0;
        for (const { id, at, afterMs } of notes) {
          nowMs += afterMs;
          ended.note(id, at, nowMs);
          said.push({ id, at, atMs: nowMs });
          for (const each of ['a', 'b', 'c', 'd', 'e', '']) {
            const last = said.slice(-most).findLast((one) => one.id === each);
            const isOver = last !== undefined && nowMs < last.atMs + RESUME_TTL_MS && !isAhead(asked, last.at);
            expect(ended.has(each, asked, nowMs)).toBe(isOver);
          }
        }
      }),
    );
  });
});
