import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GATE_MEDIA_DEADLINE_MS } from '../../shared/limits.ts';
import { MEMBER_STATES } from '../../shared/protocol.ts';
import { isNewer, positionAt } from '../../shared/timeline.ts';
import { FILM, TestRoom } from '../testing/rooms.ts';
import type { RoomInput } from './room.ts';
import { isConnected } from './state.ts';

const member = fc.constantFrom('m0', 'm1', 'm2', 'm3', 'm4');
const positionMs = fc.double({ min: 0, max: 700_000, noNaN: true });
const path = fc.option(fc.integer({ min: 0, max: 5000 }));
/** How far behind the room's `seq` what a member says is. */
const lag = fc.nat(2);

const action = fc.oneof(
  fc.record({ kind: fc.constant('play' as const) }),
  fc.record({ kind: fc.constant('pause' as const), positionMs }),
  fc.record({ kind: fc.constant('seek' as const), positionMs }),
  fc.record({ kind: fc.constant('rate' as const), rate: fc.constantFrom(0.25, 1, 1.5, 4) }),
  fc.record({
    kind: fc.constant('media' as const),
    media: fc.constantFrom(FILM, { ...FILM, itemId: 'c'.repeat(32), runtimeMs: null }),
    positionMs,
    play: fc.boolean(),
  }),
);

const move = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.record({ type: fc.constantFrom('join', 'leave', 'drop', 'resume'), member, grant: fc.boolean() }),
  },
  { weight: 4, arbitrary: fc.record({ type: fc.constant('command'), member, lag, action }) },
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant('status'),
      member,
      state: fc.constantFrom(...MEMBER_STATES),
      deliveryMs: path,
      startMs: path,
    }),
  },
  { weight: 3, arbitrary: fc.record({ type: fc.constant('ready'), member, lag }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('tick') }) },
) as fc.Arbitrary<Move>;

type Move =
  | { type: 'join' | 'leave' | 'drop' | 'resume'; member: string; grant: boolean }
  | { type: 'command'; member: string; lag: number; action: Extract<RoomInput, { type: 'command' }>['action'] }
  | Omit<Extract<RoomInput, { type: 'status' }>, 'offsetMs' | 'errorMs'>
  | { type: 'ready'; member: string; lag: number }
  | { type: 'tick' };

/** @returns the input that a relay would really make of the move now, or null: it never feeds a room strangers' words. */
function toInput(room: TestRoom, made: Move): RoomInput | null {
  if (made.type === 'tick') return made;
  const person = room.person(made.member);
  if (made.type === 'join') {
    const by = made.grant ? ({ kind: 'grant' } as const) : ({ kind: 'invite', jti: 'i', uses: 1000 } as const);
    return person ? null : { type: 'join', member: made.member, name: 'N', verified: true, seat: 's', by };
  }
  if (!person) return null;
  if (made.type === 'resume')
    return { type: 'resume', member: person.id, seat: person.seat, nextSeat: `${person.seat}+` };
  if (!isConnected(person)) return null;
  switch (made.type) {
    case 'leave':
    case 'drop':
      return { type: made.type, member: person.id };
    case 'command':
      return {
        type: 'command',
        member: person.id,
        id: 'c',
        base: Math.max(0, room.timeline.seq - made.lag),
        action: made.action,
      };
    case 'status':
      return { ...made, offsetMs: null, errorMs: null };
    case 'ready':
      return { type: 'ready', member: person.id, seq: Math.max(0, room.timeline.seq - made.lag) };
    default:
      throw new Error('no such move');
  }
}

function checkInvariants(room: TestRoom, before: TestRoom['timeline']): void {
  const { timeline, room: state, nowMs } = room;
  expect(timeline === before || isNewer(timeline, before)).toBe(true);
  for (const { timeline: published } of room.published('timeline'))
    expect(published.seq).toBeLessThanOrEqual(timeline.seq);
  for (const atMs of [nowMs, nowMs + 1e6]) expect(Number.isFinite(positionAt(timeline, atMs))).toBe(true);
  expect(timeline.positionMs).toBeGreaterThanOrEqual(0);
  expect(timeline.atMs).toBeLessThanOrEqual(nowMs + 2400);
  expect(state.people.filter(({ role }) => role === 'host')).toHaveLength(state.people.length > 0 ? 1 : 0);
  expect(state.gate !== null).toBe(timeline.phase === 'preparing');
  for (const id of state.gate?.waitingFor ?? []) {
    const person = room.person(id);
    expect(person !== undefined && isConnected(person)).toBe(true);
  }
  expect(state.gate?.waitingFor).not.toEqual([]);
  expect(state.emptySinceMs === null).toBe(state.people.length > 0);
}

/** Without `size` almost all would be ten moves long. */
const journey = fc.array(fc.tuple(move, fc.nat(4000)), { minLength: 1, maxLength: 120, size: 'max' });

describe('a room, whatever happens to it', () => {
  it('[T-03][T-08][M-05] seq rises, positions are finite, one host, no gate waits for the absent', () => {
    fc.assert(
      fc.property(journey, (moves) => {
        const room = new TestRoom();
        for (const [made, afterMs] of moves) {
          const input = toInput(room, made);
          if (!input) continue;
          const before = room.timeline;
          room.input(input, room.nowMs + afterMs);
          checkInvariants(room, before);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('[T-09] every gate ends by its deadline if nobody opens another', () => {
    fc.assert(
      fc.property(journey, (moves) => {
        const room = new TestRoom();
        for (const [made, afterMs] of moves) {
          const input = toInput(room, made);
          if (input) room.input(input, room.nowMs + afterMs);
        }
        room.input({ type: 'tick' }, room.nowMs + GATE_MEDIA_DEADLINE_MS);
        expect(room.room.gate).toBeNull();
        expect(room.timeline.phase).not.toBe('preparing');
      }),
      { numRuns: 200 },
    );
  });
});
