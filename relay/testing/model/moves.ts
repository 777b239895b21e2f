import fc from 'fast-check';
import { CONTROLS, type Media, ROLES } from '../../../shared/protocol.ts';
import { FILM } from '../rooms.ts';
import type { Item, Move } from './party.ts';

const CHAIRS = 6;
const chair = fc.nat(CHAIRS - 1);
const item = fc.constantFrom<Item>('a', 'b', 'c');
const one = <T extends string>(value: T): fc.Arbitrary<T> => fc.constant(value);

/** Moves of a party, by hand weighted so that it fills, and that those who may do things do them. */
export const MOVES: { weight: number; arbitrary: fc.Arbitrary<Move> }[] = [
  {
    weight: 6,
    arbitrary: fc.oneof(
      fc.record({ type: one('join'), chair, who: one('opener'), way: one('grant') }),
      fc.record({
        type: one('join'),
        chair,
        who: fc.constantFrom(null, null, 'dora', 'emil', 'fay'),
        way: fc.constantFrom('link-a' as const, 'link-b' as const),
      }),
    ),
  },
  { weight: 2, arbitrary: fc.record({ type: fc.constantFrom('leave', 'drop', 'resume', 'resume'), chair }) },
  {
    weight: 3,
    arbitrary: fc.record({
      type: one('command'),
      chair,
      kind: fc.constantFrom('play', 'pause', 'go-on', 'undo', 'undo'),
      isStale: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
    }),
  },
  { weight: 2, arbitrary: fc.record({ type: one('seek'), chair, positionMs: fc.nat(500_000) }) },
  { weight: 2, arbitrary: fc.record({ type: one('media'), chair, item }) },
  { weight: 2, arbitrary: fc.record({ type: one('control'), chair, control: fc.constantFrom(...CONTROLS) }) },
  { weight: 1, arbitrary: fc.record({ type: one('lock'), chair, locked: fc.constantFrom(true, false, false) }) },
  { weight: 3, arbitrary: fc.record({ type: one('role'), chair, other: chair, role: fc.constantFrom(...ROLES) }) },
  { weight: 1, arbitrary: fc.record({ type: one('kick'), chair, other: chair }) },
  { weight: 1, arbitrary: fc.record({ type: one('ask'), chair }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constantFrom('queue-add', 'queue-add', 'queue-remove'), chair, item }) },
];

/** An item without a known end, so that only what somebody does changes it. */
export const mediaOf = (item: Item): Media => ({ ...FILM, itemId: item.repeat(32), runtimeMs: null });
