import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_WAIT_MS, GATE_MEDIA_DEADLINE_MS, MAX_HOLDS, MAX_WAIT_MS } from '../../shared/limits.ts';
import { MEMBER_STATES, type QueueAction } from '../../shared/protocol.ts';
import { isNewer, positionAt } from '../../shared/timeline.ts';
import { FILM, TestRoom } from '../testing/rooms.ts';
import { type RoomInput, wakeAtMs } from './room.ts';
import { isConnected } from './state.ts';

const member = fc.constantFrom('m0', 'm1', 'm2', 'm3', 'm4');
const positionMs = fc.double({ min: 0, max: 700_000, noNaN: true });
const path = fc.option(fc.integer({ min: 0, max: 5000 }));
/** How far behind the room's `seq` what a member says is: mostly not at all. */
const lag = fc.oneof(
  { weight: 3, arbitrary: fc.constant(0) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 2 }) },
);

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
    ended: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('go-on' as const) }),
  fc.record({ kind: fc.constant('wait' as const), waitMs: fc.constantFrom(0, 1000, DEFAULT_WAIT_MS, MAX_WAIT_MS) }),
);

const queueAction: fc.Arbitrary<QueueAction> = fc.oneof(
  fc.record({
    kind: fc.constant('queue-add' as const),
    media: fc.integer({ min: 1, max: 9 }).map((n) => ({ ...FILM, itemId: `${n}`.repeat(32), runtimeMs: n * 2000 })),
  }),
  fc.record({
    kind: fc.constant('queue-vote' as const),
    entry: fc.constantFrom('q1', 'q2', 'q3'),
    up: fc.boolean(),
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
      // As often in sync as anything else, or hardly anybody might ever hold the film.
      state: fc.oneof(fc.constant('in-sync' as const), fc.constantFrom(...MEMBER_STATES)),
      deliveryMs: path,
      startMs: path,
    }),
  },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('queue'), member, action: queueAction }) },
  { weight: 3, arbitrary: fc.record({ type: fc.constant('ready'), member, lag }) },
  {
    weight: 4,
    arbitrary: fc.record({ type: fc.constant('stall'), member, lag, behindMs: fc.integer({ min: -3000, max: 6000 }) }),
  },
) as fc.Arbitrary<Move>;

type Move =
  | { type: 'join' | 'leave' | 'drop' | 'resume'; member: string; grant: boolean }
  | { type: 'command'; member: string; lag: number; action: Extract<RoomInput, { type: 'command' }>['action'] }
  | Omit<Extract<RoomInput, { type: 'status' }>, 'offsetMs' | 'errorMs' | 'reason'>
  | { type: 'queue'; member: string; action: QueueAction }
  | { type: 'ready'; member: string; lag: number }
  | { type: 'stall'; member: string; lag: number; behindMs: number };

/** @returns the input that a relay would really make of the move now, or null: it never feeds a room strangers' words. */
function toInput(room: TestRoom, made: Move): RoomInput | null {
  const person = room.person(made.member);
  if (made.type === 'join') {
    const by = made.grant
      ? ({ kind: 'grant' } as const)
      : ({ kind: 'invite', jti: 'i', uses: 1000, exp: 2_000_000_000, by: null } as const);
    return person ? null : { type: 'join', member: made.member, name: 'N', verified: true, seat: 's', by };
  }
  if (!person) return null;
  if (made.type === 'resume')
    return {
      type: 'resume',
      member: person.id,
      seat: person.seat ?? 's',
      seatNo: person.seatNo,
      nextSeat: `${person.seat}+`,
    };
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
      return { ...made, reason: null, offsetMs: null, errorMs: null };
    case 'queue':
      return { type: 'manage', member: person.id, id: 'm', action: made.action };
    case 'ready':
      return { type: 'ready', member: person.id, seq: Math.max(0, room.timeline.seq - made.lag) };
    case 'stall': {
      const positionMs = Math.max(0, positionAt(room.timeline, room.nowMs) - made.behindMs);
      return { type: 'stall', member: person.id, seq: Math.max(0, room.timeline.seq - made.lag), positionMs };
    }
    default:
      throw new Error('no such move');
  }
}

/** @returns a room before anybody has come, or one that watches in sync: left to chance, most would never get there. */
function startOf(kind: 'empty' | 'watching'): TestRoom {
  const room = new TestRoom();
  if (kind === 'empty') return room;
  for (const id of ['m0', 'm1', 'm2']) room.join(id).status(id, 'in-sync');
  return room.command('m0', { kind: 'media', media: FILM, positionMs: 0, play: true });
}

/** Time passes, and the room's timer goes off when the room asked for it, as in the registry. */
function passTime(room: TestRoom, ms: number): void {
  const untilMs = room.nowMs + ms;
  for (let dueMs = wakeAtMs(room.room); dueMs !== null && dueMs <= untilMs; dueMs = wakeAtMs(room.room)) {
    const before = room.timeline;
    room.input({ type: 'tick' }, dueMs);
    if (room.effects.some(({ type }) => type === 'forget')) break;
    checkInvariants(room, before);
  }
  room.nowMs = untilMs;
}

/** Starts that the queue made, also those that no move did. */
const starts = { byQueue: 0 };

function checkInvariants(room: TestRoom, before: TestRoom['timeline']): void {
  starts.byQueue += room.published('timeline').filter(({ cause }) => cause === 'queue').length;
  const { timeline, room: state, nowMs } = room;
  expect(timeline === before || isNewer(timeline, before)).toBe(true);
  for (const { timeline: published } of room.published('timeline'))
    expect(published.seq).toBeLessThanOrEqual(timeline.seq);
  for (const atMs of [nowMs, nowMs + 1e6]) expect(Number.isFinite(positionAt(timeline, atMs))).toBe(true);
  expect(timeline.positionMs).toBeGreaterThanOrEqual(0);
  expect(timeline.atMs).toBeLessThanOrEqual(nowMs + 2400);
  expect(state.people.filter(({ role }) => role === 'host')).toHaveLength(state.people.length > 0 ? 1 : 0);
  expect(state.gate !== null).toBe(timeline.phase === 'preparing' || timeline.phase === 'holding');
  if (state.gate) expect(state.gate.deadlineAtMs).toBeGreaterThan(nowMs);
  if (timeline.phase === 'holding') expect(state.gate?.deadlineAtMs).toBe(timeline.atMs + state.waitMs);
  for (const { heldAtMs } of state.people) expect(heldAtMs.length).toBeLessThanOrEqual(MAX_HOLDS);
  checkHoldBegins(room, before);
  for (const id of state.gate?.waitingFor ?? []) {
    const person = room.person(id);
    expect(person !== undefined && isConnected(person)).toBe(true);
  }
  if (state.gate?.waitingFor.length === 0) expect(state.gate.soonestAtMs).toBeGreaterThan(nowMs);
  expect(state.emptySinceMs === null).toBe(state.people.length > 0);
}

/** A hold only stops what plays, and never shows anybody what they have not seen yet. */
function checkHoldBegins({ timeline, nowMs }: TestRoom, before: TestRoom['timeline']): void {
  if (timeline.phase !== 'holding' || before.phase === 'holding') return;
  expect(before.phase).toBe('playing');
  expect(timeline.positionMs).toBeLessThanOrEqual(positionAt(before, nowMs));
}

/** Without `size` almost all would be ten moves long. */
const journey = fc.array(fc.tuple(move, fc.nat(4000)), { minLength: 1, maxLength: 120, size: 'max' });

describe('a room, whatever happens to it', () => {
  it('[peer R-26][T-03][T-08][T-11][T-12][M-05] seq rises, positions are finite, one host, no gate waits for the absent or too long', () => {
    let holds = 0;
    starts.byQueue = 0;
    fc.assert(
      fc.property(fc.constantFrom('empty', 'watching'), journey, (start, moves) => {
        const room = startOf(start);
        for (const [made, afterMs] of moves) {
          passTime(room, afterMs);
          const input = toInput(room, made);
          if (!input) continue;
          const before = room.timeline;
          room.input(input);
          checkInvariants(room, before);
          holds += room.published('timeline').filter(({ cause }) => cause === 'stall').length;
        }
      }),
      { numRuns: 300 },
    );
    // Moves that never lead to a hold would prove nothing about holds.
    expect(holds).toBeGreaterThan(50);
    // A few dozen as a rule, four once.
    expect(starts.byQueue).toBeGreaterThan(0);
  });

  it('[T-09] every gate and hold ends by its deadline if nobody opens another', () => {
    fc.assert(
      fc.property(fc.constantFrom('empty', 'watching'), journey, (start, moves) => {
        const room = startOf(start);
        for (const [made, afterMs] of moves) {
          passTime(room, afterMs);
          const input = toInput(room, made);
          if (input) room.input(input);
        }
        // What comes next would open one.
        room.room = { ...room.room, queue: { ...room.room.queue, entries: [] } };
        passTime(room, Math.max(GATE_MEDIA_DEADLINE_MS, room.room.waitMs));
        expect(room.room.gate).toBeNull();
        expect(['paused', 'playing']).toContain(room.timeline.phase);
      }),
      { numRuns: 200 },
    );
  });
});
