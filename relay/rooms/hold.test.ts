import { describe, expect, it } from 'vitest';
import {
  DEFAULT_WAIT_MS,
  GATE_DEADLINE_MS,
  HOLDS_WINDOW_MS,
  MAX_HOLDS,
  STALL_POSITION_TOLERANCE_MS,
} from '../../shared/limits.ts';
import { FILM, TestRoom, watching } from '../testing/rooms.ts';
import { wakeAtMs } from './room.ts';

/** The room at 11 s: the film, which began at 1 s, is at 10 s. */
function watchingForLong(): TestRoom {
  const room = watching();
  room.nowMs = 11_000;
  return room;
}

const stalled = (room: TestRoom, member: string, positionMs = 9000, seq = room.timeline.seq): TestRoom =>
  room.input({ type: 'stall', member, seq, positionMs });

/** Ben stalled at 9 s of the film, and the room holds for him. */
const holding = (): TestRoom => stalled(watchingForLong(), 'ben');

const ready = (room: TestRoom, member: string): TestRoom =>
  room.input({ type: 'ready', member, seq: room.timeline.seq });

describe('a hold', () => {
  it('[T-11] rests everyone on the frame of who stalled until it is ready, then starts with a lead', () => {
    const room = holding();
    expect(room.published('timeline')).toMatchObject([
      {
        cause: 'stall',
        by: 'ben',
        id: null,
        timeline: { phase: 'holding', seq: 2, positionMs: 9000, atMs: 11_000, media: FILM },
        gate: { waitingFor: ['ben'], deadlineAtMs: 11_000 + DEFAULT_WAIT_MS },
      },
    ]);
    for (const [member, seq] of [
      ['ana', 2],
      ['ben', 1],
    ] as const) {
      expect(room.input({ type: 'ready', member, seq }).effects).toEqual([]);
    }
    room.input({ type: 'ready', member: 'ben', seq: 2 }, 14_000);
    expect(room.published('timeline')).toMatchObject([
      { cause: 'ready', gate: null, timeline: { phase: 'playing', seq: 3, positionMs: 9000, atMs: 14_070 } },
    ]);
  });

  it.each([
    ['just behind', 9990, 9990],
    ['as far behind as is believed', 10_000 - STALL_POSITION_TOLERANCE_MS, 10_000 - STALL_POSITION_TOLERANCE_MS],
    ['further behind', 9999 - STALL_POSITION_TOLERANCE_MS, 10_000],
    ['ahead', 10_001, 10_000],
  ])('[T-11] at 10 s of the film, who stalled being %s at %i ms: rests at %i', (_, claimedMs, restMs) => {
    expect(stalled(watchingForLong(), 'ben', claimedMs).timeline.positionMs).toBe(restMs);
  });

  it('[T-11] may come between the plan of a start and the start', () => {
    const room = watchingForLong()
      .command('ana', { kind: 'pause', positionMs: 10_000 })
      .command('ana', { kind: 'play' });
    expect(room.timeline.atMs).toBeGreaterThan(room.nowMs);
    expect(stalled(room, 'ben', 10_000).timeline).toMatchObject({ phase: 'holding', positionMs: 10_000 });
  });

  it('[T-11] of two who stall at once waits for both, no longer than for the first', () => {
    const room = watchingForLong();
    const seq = room.timeline.seq;
    stalled(room, 'ben', 9000, seq);
    room.nowMs += 50;
    stalled(room, 'ana', 9100, seq);
    expect(room.published('timeline')).toMatchObject([
      {
        cause: 'waiting',
        timeline: { seq: 2, positionMs: 9000 },
        gate: { waitingFor: ['ben', 'ana'], deadlineAtMs: 11_000 + DEFAULT_WAIT_MS },
      },
    ]);
    expect(stalled(room, 'ana', 9100, seq).effects).toEqual([]);
    expect(ready(room, 'ben').timeline.phase).toBe('holding');
    expect(ready(room, 'ana').timeline.phase).toBe('playing');
  });

  it('[T-11] also waits for who turns out dry while it lasts', () => {
    const room = stalled(holding(), 'ana');
    expect(room.room.gate?.waitingFor).toEqual(['ben', 'ana']);
  });

  it('[T-11] waits from the start for who is buffering already and has not said so', () => {
    const room = watchingForLong().status('ana', 'buffering');
    room.join('cem').status('cem', 'buffering');
    expect(stalled(room, 'ben').room.gate?.waitingFor).toEqual(['ana', 'ben']);
  });

  it('[T-11] a stall on an older timeline is ignored without an answer', () => {
    const room = watchingForLong().command('ana', { kind: 'rate', rate: 1.5 });
    const before = room.room;
    expect(stalled(room, 'ben', 9000, 1).effects).toEqual([]);
    expect(room.room).toBe(before);
    const later = ready(holding(), 'ben');
    expect(stalled(later, 'ben', 9000, 1).effects).toEqual([]);
    const again = stalled(later, 'ben');
    expect(again.timeline).toMatchObject({ phase: 'holding', seq: 4 });
    expect(stalled(again, 'ana', 9000, 2).effects).toEqual([]);
  });

  it.each(['paused', 'preparing'] as const)('[T-11] there is none while %s', (phase) => {
    const room = watchingForLong();
    if (phase === 'paused') room.command('ana', { kind: 'pause', positionMs: 10_000 });
    else room.command('ana', { kind: 'seek', positionMs: 60_000 });
    expect(stalled(room, 'ben').effects).toEqual([]);
    expect(room.timeline.phase).toBe(phase);
  });
});

describe('who may hold', () => {
  it.each(['joining', 'background', 'away', 'other-item', 'item-missing', 'autoplay-blocked'] as const)(
    '[T-12] not a member who is %s',
    (state) => {
      const room = watchingForLong().status('ben', state);
      expect(stalled(room, 'ben').effects).toEqual([]);
    },
  );

  it('[peer R-34][T-12] not a newcomer that was never in sync, until it is', () => {
    const room = watchingForLong().join('cem').status('cem', 'catching-up');
    expect(stalled(room, 'cem').effects).toEqual([]);
    room.status('cem', 'in-sync').status('cem', 'buffering');
    expect(stalled(room, 'cem').room.gate?.waitingFor).toEqual(['cem']);
  });

  it.each([
    [
      'came back on a new page',
      { type: 'resume', member: 'ben', seat: 'ben-seat-1', seatNo: 1, nextSeat: 'ben-seat-2' },
    ],
    [
      'looked at another item',
      { type: 'status', member: 'ben', state: 'other-item', ...{ reason: null, offsetMs: null, errorMs: null } },
    ],
  ] as const)('[T-12] not who %s, before it is in sync again', (_, input) => {
    const room = watchingForLong();
    room.input(input.type === 'status' ? { ...input, deliveryMs: 1, startMs: 1 } : input).status('ben', 'catching-up');
    expect(stalled(room, 'ben').effects).toEqual([]);
    expect(stalled(room.status('ben', 'in-sync'), 'ben').timeline.phase).toBe('holding');
  });

  it.each(['deadline', 'go-on', 'play', 'wait'] as const)(
    '[T-12] not who was gone on without (%s), before it is in sync again',
    (end) => {
      const room = holding().status('ben', 'buffering');
      if (end === 'deadline') room.input({ type: 'tick' }, wakeAtMs(room.room) ?? 0);
      else if (end === 'wait')
        room.command('ana', { kind: 'wait', waitMs: 0 }).command('ana', { kind: 'wait', waitMs: 9 });
      else room.command('ana', { kind: end });
      expect(room.timeline.phase).toBe('playing');
      expect(stalled(room, 'ben').effects).toEqual([]);
      expect(stalled(room.status('ben', 'in-sync'), 'ben').timeline.phase).toBe('holding');
    },
  );

  it('[T-12] not who was late for a seek', () => {
    const room = ready(watchingForLong().command('ana', { kind: 'seek', positionMs: 60_000 }), 'ana');
    room.input({ type: 'tick' }, room.nowMs + GATE_DEADLINE_MS).status('ben', 'buffering');
    expect(stalled(room, 'ben').effects).toEqual([]);
    expect(stalled(room, 'ana').timeline.phase).toBe('holding');
  });

  it('[T-12] the same member only so often in so long a time', () => {
    const room = watchingForLong();
    const firstMs = room.nowMs;
    for (let count = 0; count < MAX_HOLDS; count++) {
      room.nowMs += 10_000;
      expect(stalled(room, 'ben').timeline.phase).toBe('holding');
      ready(room, 'ben');
    }
    room.nowMs += 10_000;
    expect(stalled(room, 'ben').effects).toEqual([]);
    expect(stalled(room, 'ana').room.gate?.waitingFor).toEqual(['ana']);
    expect(stalled(room, 'ben').effects).toEqual([]);
    ready(room, 'ana');
    room.nowMs = firstMs + 10_000 + HOLDS_WINDOW_MS - 1;
    expect(stalled(room, 'ben').effects).toEqual([]);
    room.nowMs += 1;
    expect(stalled(room, 'ben').timeline.phase).toBe('holding');
  });

  it('[T-12] alone one holds up nobody, so it may always', () => {
    const room = watchingForLong().status('ana', 'away').status('ben', 'background');
    for (let count = 0; count <= MAX_HOLDS; count++) {
      expect(stalled(room, 'ben').timeline.phase).toBe('holding');
      room.input({ type: 'tick' }, room.nowMs + DEFAULT_WAIT_MS);
    }
    expect(room.person('ben')?.heldAtMs).toEqual([]);
    expect(stalled(room.status('ben', 'joining'), 'ben').effects).toEqual([]);
  });
});

describe('the end of a hold', () => {
  it.each(['drop', 'leave'] as const)('[T-08] comes when the one waited for is gone (%s)', (type) => {
    expect(holding().input({ type, member: 'ben' }).timeline).toMatchObject({ phase: 'playing', positionMs: 9000 });
  });

  it.each(['joining', 'away', 'other-item', 'item-missing', 'autoplay-blocked'] as const)(
    '[T-08] comes when the one waited for turns out %s',
    (state) => {
      expect(holding().status('ben', state).timeline.phase).toBe('playing');
    },
  );

  it.each(['buffering', 'catching-up', 'background'] as const)('[T-08] does not come when it is %s', (state) => {
    expect(holding().status('ben', state).room.gate?.waitingFor).toEqual(['ben']);
  });

  it('[T-09] comes by its deadline', () => {
    const room = holding();
    const deadlineMs = 11_000 + DEFAULT_WAIT_MS;
    expect(wakeAtMs(room.room)).toBe(deadlineMs);
    expect(room.input({ type: 'tick' }, deadlineMs - 1).effects).toEqual([]);
    room.input({ type: 'tick' }, deadlineMs);
    expect(room.published('timeline')).toMatchObject([
      { cause: 'deadline', gate: null, timeline: { phase: 'playing', positionMs: 9000, atMs: deadlineMs + 70 } },
    ]);
  });

  it.each(['go-on', 'play'] as const)('[T-14][R-13] comes with %s, without those waited for', (kind) => {
    const room = holding().command('ana', { kind });
    expect(room.published('timeline')).toMatchObject([
      { cause: kind, by: 'ana', gate: null, timeline: { phase: 'playing', seq: 3, positionMs: 9000, atMs: 11_070 } },
    ]);
  });

  it('[T-14] go-on ends a gate too, and changes nothing but seq when nobody is waited for', () => {
    const room = watchingForLong()
      .command('ana', { kind: 'seek', positionMs: 60_000 })
      .command('ben', { kind: 'go-on' });
    expect(room.timeline).toMatchObject({ phase: 'playing', positionMs: 60_000, seq: 3 });
    const before = room.timeline;
    room.nowMs += 500;
    expect(room.command('ben', { kind: 'go-on' }).timeline).toEqual({ ...before, seq: 4 });
  });

  it('[R-13] comes with a pause, on the frame that is held', () => {
    const room = holding().command('ana', { kind: 'pause', positionMs: 9400 });
    expect(room.timeline).toMatchObject({ phase: 'paused', positionMs: 9000 });
    expect(room.room.gate).toBeNull();
  });

  it.each([
    ['seek', { kind: 'seek', positionMs: 60_000 }],
    ['new item', { kind: 'media', media: { ...FILM, itemId: 'c'.repeat(32) }, positionMs: 60_000, play: true }],
  ] as const)('[R-13] comes with a %s, for which everybody is waited for', (_, action) => {
    const room = holding().command('ana', action);
    expect(room.timeline).toMatchObject({ phase: 'preparing', positionMs: 60_000 });
    expect(room.room.gate?.waitingFor).toEqual(['ana', 'ben']);
    expect(room.input({ type: 'ready', member: 'ben', seq: 2 }).effects).toEqual([]);
  });

  it('[R-13] does not come with a new speed, and ready for before it counts', () => {
    const room = holding().command('ana', { kind: 'rate', rate: 1.5 });
    expect(room.timeline).toMatchObject({ phase: 'holding', rate: 1.5, positionMs: 9000, seq: 3 });
    room.input({ type: 'ready', member: 'ben', seq: 2 });
    expect(room.timeline).toMatchObject({ phase: 'playing', rate: 1.5, positionMs: 9000 });
  });
});

describe('the wait policy', () => {
  it('[T-13] may be chosen before there is a film', () => {
    const room = new TestRoom().join('ana').command('ana', { kind: 'wait', waitMs: 0 });
    expect(room.published('timeline')).toMatchObject([{ cause: 'wait', waitMs: 0, timeline: { seq: 1, media: null } }]);
  });

  it('[T-13] is told to everyone, and holds are as long', () => {
    const room = watching().command('ben', { kind: 'wait', waitMs: 5000 });
    expect(room.published('timeline')).toMatchObject([
      { cause: 'wait', by: 'ben', waitMs: 5000, timeline: { seq: 2 } },
    ]);
    expect(stalled(room, 'ana').room.gate?.deadlineAtMs).toBe(room.nowMs + 5000);
  });

  it('[T-13] of 0 means that nobody is waited for', () => {
    const room = watchingForLong().command('ana', { kind: 'wait', waitMs: 0 });
    expect(stalled(room, 'ben').effects).toEqual([]);
  });

  it.each([
    [3000, 0],
    [3000, 3000],
    [3000, 2000],
  ])('[T-13] after %i ms of a hold, %i ends it at once', (heldMs, waitMs) => {
    const room = holding();
    room.nowMs += heldMs;
    room.command('ana', { kind: 'wait', waitMs });
    expect(room.published('timeline')).toMatchObject([
      { cause: 'wait', waitMs, gate: null, timeline: { phase: 'playing', seq: 3, positionMs: 9000 } },
    ]);
  });

  it.each([3001, 120_000])('[T-13] after 3000 ms of a hold, %i moves its deadline', (waitMs) => {
    const room = holding();
    room.nowMs += 3000;
    room.command('ana', { kind: 'wait', waitMs });
    expect(room.timeline).toMatchObject({ phase: 'holding', seq: 3 });
    expect(room.room.gate).toMatchObject({ waitingFor: ['ben'], deadlineAtMs: 11_000 + waitMs });
    expect(room.input({ type: 'ready', member: 'ben', seq: 2 }).timeline.phase).toBe('playing');
  });

  it('[T-13] leaves a gate for a seek as it is', () => {
    const room = watchingForLong().command('ana', { kind: 'seek', positionMs: 60_000 });
    const gate = room.room.gate;
    room.command('ana', { kind: 'wait', waitMs: 0 });
    expect(room.timeline.phase).toBe('preparing');
    expect(room.room.gate).toEqual(gate);
    ready(ready(room, 'ana'), 'ben');
    expect(room.timeline.phase).toBe('playing');
  });
});
