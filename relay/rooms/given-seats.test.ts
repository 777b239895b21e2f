import { describe, expect, it } from 'vitest';
import { GivenSeats } from './given-seats.ts';

const token = (name: string): string => `header.${name}.${name.padStart(43, '-')}`;

describe('given seats', () => {
  it('[A-05] are known once, to the letter', () => {
    const seats = new GivenSeats();
    seats.note(token('ana-1'), { member: 'ana', jti: 'j', until: 7 }, 1_000);
    const forged = `x${token('ana-1').slice(1)}`;
    expect(seats.take(forged, 0)).toBeNull();
    expect(seats.take(token('ana-2'), 0)).toBeNull();
    expect(seats.take('', 0)).toBeNull();
    expect(seats.take(token('ana-1'), 0)).toMatchObject({ member: 'ana', jti: 'j', until: 7 });
    expect(seats.take(token('ana-1'), 0)).toBeNull();
  });

  it('[A-01] are not known any more when their time is over', () => {
    const seats = new GivenSeats();
    seats.note(token('ana-1'), { member: 'ana', jti: 'j', until: undefined }, 1_000);
    expect(seats.take(token('ana-1'), 1_000)).toBeNull();
  });

  it('are one for each member who is there', () => {
    const seats = new GivenSeats();
    for (const name of ['ana-1', 'ana-2', 'ben-1', 'cem-1']) {
      seats.note(token(name), { member: name.slice(0, 3), jti: name, until: undefined }, 1_000);
      seats.tidy([{ id: 'ana' }, { id: 'ben' }]);
    }
    const known = ['ana-1', 'ana-2', 'ben-1', 'cem-1'].filter((name) => seats.take(token(name), 0));
    expect(known).toEqual(['ana-2', 'ben-1']);
  });
});
