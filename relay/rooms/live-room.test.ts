import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MEMBER_NEWS_GAP_MS } from '../../shared/limits.ts';
import { parseRelayMessage, type RelayMessage } from '../../shared/protocol.ts';
import type { Socket } from '../server/port.ts';
import { FILM } from '../testing/rooms.ts';
import { LiveRoom } from './live-room.ts';
import { emptyRoom } from './state.ts';

const socket: Socket = {
  send: () => 'sent',
  close: () => undefined,
  subscribe: () => undefined,
  unsubscribe: () => undefined,
};

/** A room whose clock is the test's, and what it told everyone. */
function openRoom(): { room: LiveRoom; told: RelayMessage[]; forgotten: string[] } {
  const told: RelayMessage[] = [];
  const forgotten: string[] = [];
  const room = new LiveRoom(emptyRoom('room', Date.now()), {
    nowMs: () => Date.now(),
    publish: (_, text) => {
      const message = parseRelayMessage(text) as RelayMessage;
      // Those have their own tests.
      if (message.type !== 'snapshot') told.push(message);
    },
    refused: () => undefined,
    signSnapshot: () => 'a-token-that-is-long-enough',
    ended: () => undefined,
    forget: (id) => forgotten.push(id),
  });
  return { room, told, forgotten };
}

const join = (room: LiveRoom, member: string): void =>
  room.input(
    { type: 'join', member, name: member, verified: true, seat: `${member}-1`, by: { kind: 'grant' } },
    { socket, seatToken: 'a-seat-token-of-some-length', version: 1, identityMs: null },
  );

const say = (room: LiveRoom, member: string, state: 'in-sync' | 'buffering' | 'catching-up'): void =>
  room.input({ type: 'status', member, state, reason: null, offsetMs: 0, errorMs: 1, deliveryMs: 1, startMs: 1 });

const news = (told: readonly RelayMessage[]): string[] =>
  told.map((message) => (message.type === 'member' ? `${message.member.id} ${message.member.state}` : message.type));

describe('a live room', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: 1_000_000 });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('[M-09] tells the first news of members at once, and the newest of each together after that', () => {
    const { room, told } = openRoom();
    join(room, 'ana');
    join(room, 'ben');
    vi.advanceTimersByTime(2 * MEMBER_NEWS_GAP_MS);
    told.length = 0;
    say(room, 'ana', 'in-sync');
    expect(news(told)).toEqual(['ana in-sync']);
    say(room, 'ana', 'buffering');
    say(room, 'ben', 'in-sync');
    say(room, 'ana', 'catching-up');
    vi.advanceTimersByTime(MEMBER_NEWS_GAP_MS - 1);
    expect(told).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(news(told)).toEqual(['ana in-sync', 'ben in-sync', 'ana catching-up']);
    vi.advanceTimersByTime(10 * MEMBER_NEWS_GAP_MS);
    expect(told).toHaveLength(3);
  });

  it('[M-09] tells it before whatever was decided later, and nothing of who has left', () => {
    const { room, told } = openRoom();
    join(room, 'ana');
    join(room, 'ben');
    vi.advanceTimersByTime(2 * MEMBER_NEWS_GAP_MS);
    say(room, 'ana', 'in-sync');
    told.length = 0;
    say(room, 'ben', 'in-sync');
    const action = { kind: 'media', media: FILM, positionMs: 0, play: false } as const;
    room.input({ type: 'command', member: 'ana', id: 'c', base: 0, action });
    expect(news(told)).toEqual(['ben in-sync', 'timeline']);
    told.length = 0;
    say(room, 'ben', 'buffering');
    room.leave('ben', socket);
    vi.advanceTimersByTime(10 * MEMBER_NEWS_GAP_MS);
    expect(news(told)[0]).toBe('left');
    expect(news(told).some((line) => line.startsWith('ben'))).toBe(false);
  });

  it('[M-04][M-07] wakes for the seats of the dropped and for its own end, and for nothing after that', () => {
    const { room, told, forgotten } = openRoom();
    join(room, 'ana');
    room.socketClosed('ana', socket);
    vi.advanceTimersByTime(119_000);
    expect(news(told)).not.toContain('left');
    vi.advanceTimersByTime(1_100);
    expect(news(told)).toContain('left');
    expect(forgotten).toEqual([]);
    vi.advanceTimersByTime(300_000);
    expect(forgotten).toEqual(['room']);
    room.stop();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('[peer R-24][A-05] knows the seat that a member was given last, and takes no other for it', () => {
    const { room } = openRoom();
    join(room, 'ana');
    const token = 'a-token-of-some-length';
    room.seatGiven(token, { member: 'ana', jti: 'ana-1' }, 7);
    expect(room.seatShown(token)).toMatchObject({ room: 'room', member: 'ana', jti: 'ana-1', no: 1, until: 7 });
    room.seatGiven(token, { member: 'ana', jti: 'ana-1' }, undefined);
    room.input(
      { type: 'resume', member: 'ana', seat: 'ana-1', seatNo: 1, nextSeat: 'ana-2' },
      { socket, seatToken: 'another', version: 1, identityMs: null },
    );
    expect(room.seatShown(token)).toBeNull();
  });

  it('[M-04] sets one timer for a crowd that drops and comes back, and does nothing when it goes off', () => {
    const { room, told } = openRoom();
    for (const member of ['ana', 'ben']) join(room, member);
    vi.advanceTimersByTime(10_000);
    told.length = 0;
    for (const member of ['ana', 'ben']) room.socketClosed(member, socket);
    for (const member of ['ana', 'ben']) {
      room.input(
        { type: 'resume', member, seat: `${member}-1`, seatNo: 1, nextSeat: `${member}-2` },
        { socket, seatToken: 'another', version: 1, identityMs: null },
      );
    }
    expect(vi.getTimerCount()).toBe(1);
    vi.advanceTimersByTime(10_000);
    expect(vi.getTimerCount()).toBe(0);
    expect(told).toEqual([]);
  });
});
