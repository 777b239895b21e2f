import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_NAME_LENGTH } from '../../shared/limits.ts';
import { watching } from '../testing/rooms.ts';
import { distinctName } from './names.ts';

describe('names that look the same', () => {
  it.each([
    ['Ana', 'ana'],
    ['Ana', 'Аna'],
    ['Ana', 'An\u200ba'],
    ['Ana', '\u202eAna'],
    ['Ana', 'Ａｎａ'],
    ['Ana', '𝐀𝐧𝐚'],
    ['Ana Bell', 'Ana\u00a0 Bell'],
    ['Lisa', 'lisa'],
    ['Ian', 'lan'],
    ['Bob', 'B0b'],
    ['BEN', 'ВЕN'],
    ['Tom', 'Torn'],
    ['Renée', 'Rene\u0301e'],
    ['Strauß', 'STRAUSS'],
  ])('[M-11] %j and %j get a number', (first, later) => {
    expect(distinctName(later, [first])).toBe(`${later} (2)`);
    expect(distinctName(first, [later])).toBe(`${first} (2)`);
  });

  it.each([
    ['Ana', 'Anna'],
    ['Renée', 'Renee'],
    ['Оля', 'Ольга'],
    ['山田', '山本'],
    ['Ana', 'Ana (2)'],
  ])('[M-11] %j and %j stay as they are', (first, later) => {
    expect(distinctName(later, [first])).toBe(later);
  });

  it('[M-11] count up, and a number that somebody has chosen is not given again', () => {
    expect(distinctName('Ana', ['ana', 'Ana (2)', 'АNA (3)'])).toBe('Ana (4)');
  });

  it('[M-11] never become longer than a name may be, nor the same as another', () => {
    const name = fc.oneof(
      fc.string({ unit: 'binary', minLength: 1, maxLength: MAX_NAME_LENGTH }),
      fc.constant('😀'.repeat(32)),
    );
    fc.assert(
      fc.property(fc.array(name, { minLength: 1, maxLength: 12 }), (names) => {
        const shown: string[] = [];
        for (const one of [...names, ...names]) {
          const distinct = distinctName(one.slice(0, MAX_NAME_LENGTH), shown);
          expect(distinct.length).toBeLessThanOrEqual(MAX_NAME_LENGTH);
          expect(distinctName(distinct, shown)).toBe(distinct);
          shown.push(distinct);
        }
      }),
    );
  });

  it('[M-11] are told apart as somebody comes in', () => {
    const by = { kind: 'invite', jti: 'i', uses: 100, exp: 2_000_000_000, by: null } as const;
    const room = watching().input({ type: 'join', member: 'x', name: 'АNA', verified: false, seat: 's', by });
    expect(room.person('x')?.name).toBe('АNA (2)');
    expect(room.person('ana')?.name).toBe('ana');
  });
});
