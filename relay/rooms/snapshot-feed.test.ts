import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MAX_SNAPSHOT_LENGTH } from '../../shared/limits.ts';
import { parseRelayMessage, type Snapshot } from '../../shared/protocol.ts';
import { TestRoom } from '../testing/rooms.ts';
import { issueSnapshot } from './snapshot.ts';
import { SnapshotFeed } from './snapshot-feed.ts';
import { type RoomState, updatePerson } from './state.ts';

const HALF_AN_HOUR_MS = 30 * 60_000;

/** A feed whose clock is the test's, and what it gave to everyone. @param tokenLength by how many people there are. */
function openFeed(people: number, tokenLength: (people: number) => number = () => 100) {
  const given: Snapshot[] = [];
  const room = new TestRoom();
  for (let i = 0; i < people; i++) room.join(`m${i}`);
  let state: RoomState = room.room;
  const feed = new SnapshotFeed({
    current: () => state,
    issue: (nowMs) => {
      const next = issueSnapshot(state, nowMs, 0);
      state = next.room;
      return next.snapshot;
    },
    sign: (claims) => 'x'.repeat(tokenLength(claims.people.length)),
    tell: (text) => {
      const message = parseRelayMessage(text);
      if (message.type === 'snapshot') given.push(message.snapshot);
    },
    nowMs: () => Date.now(),
  });
  const set = (change: (room: RoomState) => RoomState): void => {
    state = change(state);
  };
  return { feed, given, set };
}

const serials = (given: readonly Snapshot[]): number[] => given.map(({ serial }) => serial);

describe('snapshots of a room', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: 1_000_000 });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('[S-01] come at once after what they alone hold, and not after anything else', () => {
    const { feed, given } = openFeed(2);
    feed.took('none');
    expect(given).toEqual([]);
    feed.took('room');
    feed.took('none');
    expect(serials(given)).toEqual([1]);
    expect(feed.newest()).toEqual(given[0]);
  });

  it.each([
    [5, 250],
    [10, 250],
    [50, 1_250],
  ])('[S-01] in a room of %d come no more than once in %d ms, the last after the last change', (people, gapMs) => {
    const { feed, given } = openFeed(people);
    for (let i = 0; i < 100; i++) feed.took('room');
    expect(given).toHaveLength(1);
    vi.advanceTimersByTime(gapMs - 1);
    expect(given).toHaveLength(1);
    feed.took('film');
    vi.advanceTimersByTime(1);
    expect(serials(given)).toEqual([1, 2]);
    vi.advanceTimersByTime(HALF_AN_HOUR_MS - 1);
    expect(given).toHaveLength(2);
  });

  it('[S-01] say how the film moves ten seconds later, however often it was touched meanwhile', () => {
    const { feed, given } = openFeed(2);
    for (let i = 0; i < 99; i++) {
      feed.took('film');
      vi.advanceTimersByTime(100);
    }
    expect(given).toEqual([]);
    vi.advanceTimersByTime(100);
    expect(serials(given)).toEqual([1]);
    vi.advanceTimersByTime(HALF_AN_HOUR_MS - 1);
    expect(given).toHaveLength(1);
  });

  it('[S-01] wait for nobody when the room changes while the film waits', () => {
    const { feed, given } = openFeed(2);
    feed.took('film');
    feed.took('room');
    expect(serials(given)).toEqual([1]);
    vi.advanceTimersByTime(HALF_AN_HOUR_MS - 1);
    expect(given).toHaveLength(1);
  });

  it('[S-01] wait until somebody is there to keep them', () => {
    const { feed, given, set } = openFeed(1);
    set((room) => updatePerson(room, 'm0', { presence: { state: 'dropped', untilMs: 0 } }));
    feed.took('room');
    expect(given).toEqual([]);
    set((room) => updatePerson(room, 'm0', { presence: { state: 'connected' } }));
    feed.took('none');
    expect(serials(given)).toEqual([1]);
    feed.took('film');
    set((room) => updatePerson(room, 'm0', { presence: { state: 'dropped', untilMs: 0 } }));
    vi.advanceTimersByTime(HALF_AN_HOUR_MS - 1);
    expect(given).toHaveLength(1);
    set((room) => updatePerson(room, 'm0', { presence: { state: 'connected' } }));
    feed.took('none');
    expect(serials(given)).toEqual([1, 2]);
  });

  it('[S-02] are renewed after half an hour', () => {
    const { feed, given } = openFeed(2);
    feed.took('room');
    vi.advanceTimersByTime(HALF_AN_HOUR_MS - 1);
    feed.took('none');
    expect(serials(given)).toEqual([1]);
    vi.advanceTimersByTime(1);
    feed.took('none');
    expect(serials(given)).toEqual([1, 2]);
  });

  it('[S-03] are not tried again for as many members as did not fit', () => {
    const tokenLength = vi.fn((people: number) => (people > 2 ? MAX_SNAPSHOT_LENGTH + 1 : MAX_SNAPSHOT_LENGTH));
    const { feed, given, set } = openFeed(3, tokenLength);
    feed.took('room');
    vi.advanceTimersByTime(HALF_AN_HOUR_MS);
    feed.took('room');
    expect(given).toEqual([]);
    expect(tokenLength).toHaveBeenCalledTimes(1);
    set((room) => ({ ...room, people: room.people.slice(1) }));
    vi.advanceTimersByTime(HALF_AN_HOUR_MS);
    feed.took('room');
    expect(given).toHaveLength(1);
  });

  it('[S-09] that still wait go out when the relay stops, and only those', () => {
    const { feed, given } = openFeed(2);
    feed.flush();
    expect(given).toEqual([]);
    feed.took('film');
    feed.flush();
    feed.flush();
    expect(serials(given)).toEqual([1]);
  });

  it('[S-05] count the one that the room was opened from', () => {
    const { feed, given } = openFeed(2);
    const kept: Snapshot = { epoch: 3, serial: 7, token: 'a-token-of-some-length' };
    feed.adopt(kept);
    expect(given).toEqual([kept]);
    expect(feed.newest()).toEqual(kept);
  });
});
