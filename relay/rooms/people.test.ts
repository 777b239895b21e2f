import { describe, expect, it } from 'vitest';
import { BLIP_MS, EMPTY_ROOM_MS, MAX_MEMBERS, SEAT_GRACE_MS } from '../../shared/limits.ts';
import { TestRoom, watching } from '../testing/rooms.ts';
import { wakeAtMs } from './room.ts';
import { type Person, publicMember } from './state.ts';

const byInvite = (member: string, uses: number) =>
  ({
    type: 'join',
    member,
    name: member,
    verified: false,
    seat: 's',
    by: { kind: 'invite', jti: 'x', uses, exp: 2_000_000_000, by: null },
  }) as const;

describe('joining', () => {
  it('[peer R-34][M-02] changes nothing for anybody else', () => {
    const room = watching();
    const before = room.timeline;
    room.join('cem');
    expect(room.timeline).toBe(before);
    expect(room.effects.map((effect) => effect.type)).toEqual(['publish', 'welcome']);
    expect(room.published('member')).toMatchObject([{ member: { id: 'cem', state: 'joining', role: 'guest' } }]);
  });

  it('[M-06] an invite works as often as it says', () => {
    const room = watching().input(byInvite('c1', 2)).input(byInvite('c2', 2)).input(byInvite('c3', 2));
    expect(room.effects).toMatchObject([{ type: 'refuse', code: 'invite-used-up' }]);
    expect(room.person('c3')).toBeUndefined();
  });

  it('[B-02] the room holds so many and no more', () => {
    const room = new TestRoom();
    for (let count = 0; count < MAX_MEMBERS; count++) room.join(`m${count}`);
    expect(room.join('late').effects).toMatchObject([{ type: 'refuse', code: 'room-full' }]);
  });
});

describe('status', () => {
  it('[M-08] tells the others why a member is not in step, until it takes its seat back', () => {
    const status = {
      state: 'catching-up',
      reason: 'gave-up',
      offsetMs: 900,
      errorMs: 2,
      deliveryMs: 1,
      startMs: 1,
    } as const;
    const room = watching().input({ type: 'status', member: 'ben', ...status });
    expect(room.published('member')).toMatchObject([{ member: { id: 'ben', reason: 'gave-up' } }]);
    room.input({ type: 'resume', member: 'ben', seat: 'ben-seat-1', seatNo: 1, nextSeat: 'n2' });
    expect(room.published('member')).toMatchObject([{ member: { id: 'ben', state: 'joining', reason: null } }]);
  });
});

describe('hosts', () => {
  const hosts = (room: TestRoom): string[] =>
    room.room.people.filter(({ role }) => role === 'host').map(({ id }) => id);

  it('[peer R-26][M-05] keep the role through a drop, and pass it on when gone for good', () => {
    const room = watching().join('cem').input({ type: 'drop', member: 'ana' });
    expect(hosts(room)).toEqual(['ana']);
    room.input({ type: 'tick' }, room.nowMs + SEAT_GRACE_MS);
    expect(hosts(room)).toEqual(['ben']);
    expect(room.published('left')).toMatchObject([{ member: 'ana' }]);
    expect(room.published('member')).toMatchObject([{ member: { id: 'ben', role: 'host' } }]);
  });

  it('[peer R-26][M-05] are replaced by somebody who is there', () => {
    const room = watching().join('cem').input({ type: 'drop', member: 'ben' }).input({ type: 'leave', member: 'ana' });
    expect(hosts(room)).toEqual(['cem']);
  });

  it('[M-05] step back for who holds the grant', () => {
    const room = watching().input({ type: 'leave', member: 'ana' }).join('ana2', 'grant');
    expect(hosts(room)).toEqual(['ana2']);
    expect(room.published('member').map(({ member }) => [member.id, member.role])).toEqual([
      ['ben', 'guest'],
      ['ana2', 'host'],
    ]);
  });
});

describe('seats', () => {
  const resume = (seat: string, nextSeat: string) =>
    ({ type: 'resume', member: 'ben', seat, seatNo: 1, nextSeat }) as const;

  const back = resume('ben-seat-1', 'n2');

  it('[M-04] are kept for a while', () => {
    const room = watching().input({ type: 'drop', member: 'ben' });
    const goneAtMs = room.nowMs;
    expect(wakeAtMs(room.room)).toBe(goneAtMs + BLIP_MS);
    room.input({ type: 'tick' }, goneAtMs + BLIP_MS);
    expect(room.published('member')).toMatchObject([{ member: { id: 'ben', connected: false } }]);
    expect(wakeAtMs(room.room)).toBe(goneAtMs + SEAT_GRACE_MS);
    room.input(back, goneAtMs + SEAT_GRACE_MS - 1);
    expect(room.effects).toContainEqual({ type: 'welcome', member: 'ben', resumed: true });
    expect(room.published('member')).toMatchObject([{ member: { id: 'ben', connected: true, state: 'joining' } }]);
    expect(room.person('ben')).toMatchObject({ presence: { state: 'connected' } });
    expect(wakeAtMs(room.room)).toBeNull();
  });

  it('[M-04] nobody is told of who is back in a moment, a newcomer neither', () => {
    const room = watching();
    const before = publicMember(room.person('ben') as Person);
    room.input({ type: 'drop', member: 'ben' }, room.nowMs + 500);
    expect(room.effects).toEqual([]);
    expect(publicMember(room.person('ben') as Person)).toEqual(before);
    room.input(back, room.nowMs + BLIP_MS - 1);
    expect(room.effects).toEqual([{ type: 'welcome', member: 'ben', resumed: true }]);
    expect(publicMember(room.person('ben') as Person)).toEqual(before);
    expect(wakeAtMs(room.room)).toBeNull();
  });

  it('[M-04][T-12] who is back in a moment may hold the others up once it has said that it is in sync', () => {
    const room = watching().input({ type: 'drop', member: 'ben' }).input(back);
    const seq = room.timeline.seq;
    room.input({ type: 'stall', member: 'ben', seq, positionMs: 0 });
    expect(room.timeline.phase).toBe('playing');
    room.status('ben', 'in-sync').input({ type: 'stall', member: 'ben', seq, positionMs: 0 });
    expect(room.timeline.phase).toBe('holding');
  });

  it('[M-04] are given up when the relay slept meanwhile', () => {
    const room = watching().input({ type: 'drop', member: 'ben' });
    room.input({ type: 'tick' }, room.nowMs + SEAT_GRACE_MS);
    expect(room.published('left')).toMatchObject([{ member: 'ben' }]);
  });

  it('[M-04] close the old socket when taken back while it is open', () => {
    expect(watching().input(resume('ben-seat-1', 'n2')).effects[0]).toEqual({
      type: 'close',
      member: 'ben',
      code: 4409,
      reason: 'seat-taken',
    });
  });

  it('[A-05] work once, but once more while the new one may have been lost', () => {
    const room = watching().input(resume('ben-seat-1', 'n2')).input(resume('ben-seat-1', 'n3'));
    expect(room.effects.at(-1)).toMatchObject({ type: 'welcome' });
    expect(room.input(resume('n2', 'n4')).effects).toMatchObject([{ type: 'refuse', code: 'token-invalid' }]);
    room.input({ type: 'confirm-seat', member: 'ben' });
    expect(room.input(resume('ben-seat-1', 'n4')).effects).toMatchObject([{ type: 'refuse' }]);
    expect(room.input(resume('n3', 'n5')).effects.at(-1)).toMatchObject({ type: 'welcome' });
  });

  it('[M-01] are not taken by a public id', () => {
    expect(watching().input(resume('ben', 'n2')).effects).toMatchObject([{ type: 'refuse', code: 'token-invalid' }]);
  });

  it('[M-04] are gone with their member', () => {
    const room = watching().input({ type: 'leave', member: 'ben' }).input(resume('ben-seat-1', 'n2'));
    expect(room.effects).toMatchObject([{ type: 'refuse', code: 'token-invalid' }]);
  });
});

describe('how the stream comes', () => {
  it('[M-13] is told to the others as long as it is known', () => {
    const says = { type: 'status', member: 'ben', state: 'in-sync', reason: null, offsetMs: 0, errorMs: 1 } as const;
    const status = { ...says, deliveryMs: 40, startMs: 10 };
    const room = watching().input({ ...status, delivery: 'transcode' });
    expect(room.published('member')[0]?.member).toMatchObject({ id: 'ben', delivery: 'transcode' });
    for (const unsaid of [{}, { delivery: null }])
      expect(room.input({ ...status, ...unsaid }).published('member')[0]?.member).not.toHaveProperty('delivery');
  });
});

describe('empty rooms', () => {
  it('[peer R-20][M-07] are forgotten after a while, unless somebody comes', () => {
    const room = watching().input({ type: 'leave', member: 'ana' }).input({ type: 'leave', member: 'ben' });
    const dueMs = room.nowMs + EMPTY_ROOM_MS;
    expect(wakeAtMs(room.room)).toBe(dueMs);
    expect(room.input({ type: 'tick' }, dueMs - 1).effects).toEqual([]);
    expect(room.input({ type: 'tick' }, dueMs).effects).toEqual([{ type: 'forget' }]);
    room.join('cem');
    expect(wakeAtMs(room.room)).toBeNull();
  });
});
