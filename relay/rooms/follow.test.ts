import { describe, expect, it } from 'vitest';
import { DEFAULT_LEAD_MS } from '../../shared/limits.ts';
import type { Follow, MemberState } from '../../shared/protocol.ts';
import { type TestRoom, watching } from '../testing/rooms.ts';

/** Says how it follows, and how it is doing. */
const says = (
  room: TestRoom,
  member: string,
  follow: Follow,
  state: MemberState = 'in-sync',
  deliveryMs = 40,
): TestRoom =>
  room.input({
    type: 'status',
    member,
    state,
    follow,
    reason: null,
    offsetMs: 0,
    errorMs: 1,
    deliveryMs,
    startMs: 10,
  });

/** Ana and Ben watch since 1 s; it is 11 s now. */
function atTen(): TestRoom {
  const room = watching();
  room.nowMs = 11_000;
  return room;
}

const NOT_WAITED_FOR: Follow[] = ['unwaited', 'loosely', 'free'];

describe('how a member follows', () => {
  it('[M-12] is told to the others, unless it is as everyone does', () => {
    const room = atTen();
    expect(says(room, 'ben', 'free').published('member')[0]?.member).toMatchObject({ id: 'ben', follow: 'free' });
    expect(says(room, 'ben', 'closely').published('member')[0]?.member).not.toHaveProperty('follow');
    room.status('ben', 'in-sync');
    expect(room.person('ben')?.follow).toBe('closely');
  });

  it.each(NOT_WAITED_FOR)('[M-12][T-08] nobody waits at a gate for who follows %s', (follow) => {
    const room = says(atTen(), 'ben', follow).command('ana', { kind: 'seek', positionMs: 60_000 });
    expect(room.room.gate?.waitingFor).toEqual(['ana']);
    room.input({ type: 'ready', member: 'ana', seq: room.timeline.seq }, 11_500);
    expect(room.timeline.phase).toBe('playing');
  });

  it.each(NOT_WAITED_FOR)('[M-12][T-08] a gate lets go who says %s while it is open', (follow) => {
    const room = atTen().command('ana', { kind: 'seek', positionMs: 60_000 });
    expect(room.room.gate?.waitingFor).toEqual(['ana', 'ben']);
    says(room, 'ben', follow, 'buffering');
    expect(room.room.gate?.waitingFor).toEqual(['ana']);
  });

  it.each(NOT_WAITED_FOR)('[M-12][T-12] who follows %s holds nobody up', (follow) => {
    const room = says(atTen(), 'ben', follow);
    room.input({ type: 'stall', member: 'ben', seq: room.timeline.seq, positionMs: 9_000 });
    expect(room.timeline.phase).toBe('playing');
  });

  it('[M-12][T-12] who watches alone may hold, waited for or not; who is free has nothing to hold', () => {
    const held = (follow: Follow): string => {
      const room = says(says(atTen(), 'ana', 'closely', 'away'), 'ben', follow);
      return room.input({ type: 'stall', member: 'ben', seq: room.timeline.seq, positionMs: 9_000 }).timeline.phase;
    };
    expect(['closely', 'unwaited', 'loosely', 'free'].map((follow) => held(follow as Follow))).toEqual([
      'holding',
      'holding',
      'holding',
      'playing',
    ]);
  });

  it("[M-12][T-12] who is not waited for is not alone's to hold up", () => {
    const room = says(atTen(), 'ana', 'unwaited');
    says(room, 'ben', 'closely', 'background');
    room.input({ type: 'stall', member: 'ben', seq: room.timeline.seq, positionMs: 9_000 });
    expect(room.timeline.phase).toBe('playing');
  });

  it('[M-12][T-06] a start is not put off for who is not waited for', () => {
    const leadOf = (follow: Follow): number => {
      const room = says(atTen(), 'ben', follow, 'in-sync', 900);
      room.command('ana', { kind: 'pause', positionMs: 10_000 }).command('ana', { kind: 'play' });
      return room.timeline.atMs - room.nowMs;
    };
    expect(leadOf('closely')).toBeGreaterThan(900);
    expect(leadOf('unwaited')).toBeLessThan(DEFAULT_LEAD_MS);
  });
});
