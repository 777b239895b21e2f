import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_LEAD_MS, SEAT_GRACE_MS } from '../../shared/limits.ts';
import { isAhead } from '../../shared/standing.ts';
import type { SnapshotClaims } from '../auth/claims.ts';
import { DAWN_MS, issue, restoring } from '../testing/kept.ts';
import { FILM, TestRoom, watching } from '../testing/rooms.ts';
import { usesOf } from './invites.ts';
import { changeOf, type FilmNow, filmNow, useOf } from './snapshot.ts';
import { isConnected, type RoomState } from './state.ts';

/** Another process: its clock starts anew. @param change what is said of the film. */
const reopened = (snapshot: SnapshotClaims, change: Partial<FilmNow> = {}, nowMs = 5): TestRoom =>
  new TestRoom().input(restoring('ana', snapshot, change), nowMs);

const resume = (member: string, seatNo: number, seat = 'x') =>
  ({ type: 'resume', member, seat, seatNo, nextSeat: `${member}-next-${seatNo}` }) as const;

const roles = (room: RoomState): string[] => room.people.map(({ id, role }) => `${id}:${role}`);

describe('what a snapshot says', () => {
  it('[S-02] is the film as of now, the members and what invites were used', () => {
    const room = watching();
    room.nowMs = 4000;
    expect(issue(room)).toEqual({
      room: 'room',
      epoch: 1,
      serial: 1,
      issuedAtMs: DAWN_MS + 4000,
      timeline: { seq: 1, phase: 'playing', positionMs: 3000, rate: 1, startsInMs: 0, media: FILM },
      waitMs: 30_000,
      rules: { control: 'everyone', locked: false },
      handedOver: false,
      queue: { entries: [], next: 1 },
      bans: [],
      people: [
        { id: 'ana', name: 'ana', role: 'host', below: 'co-host', verified: true, seatNo: 1 },
        { id: 'ben', name: 'ben', role: 'guest', verified: true, seatNo: 1 },
      ],
      invites: [['i', null, 100, 1, 2_000_000_000, false]],
      invitesVoidUntil: 0,
    });
  });

  it('[S-01] holds alone who is in the room, and members know without it how the film moves', () => {
    const room = watching();
    const before = room.room;
    const changes = (change: (room: TestRoom) => TestRoom) => {
      const next = watching();
      next.room = before;
      return changeOf(before, change(next).room);
    };
    expect(changes((next) => next.command('ana', { kind: 'pause', positionMs: 0 }))).toBe('film');
    expect(changes((next) => next.command('ana', { kind: 'wait', waitMs: 0 }))).toBe('room');
    expect(changes((next) => next.join('cem'))).toBe('room');
    expect(changes((next) => next.input({ type: 'leave', member: 'ana' }))).toBe('room');
    expect(changes((next) => next.status('ana', 'buffering'))).toBe('none');
    expect(changes((next) => next.input({ type: 'drop', member: 'ana' }))).toBe('none');
    expect(changes((next) => next.input({ ...resume('ana', 1), seat: 'ana-seat-1' }))).toBe('none');
  });
});

describe('a room that is opened anew', () => {
  it('[S-04] has everybody in place but away, one epoch on, with one host', () => {
    const snapshot = issue(watching());
    const { room } = reopened(snapshot, { positionMs: 3000 });
    expect(roles(room)).toEqual(['ana:host', 'ben:guest']);
    expect(room.people.map(({ presence }) => presence)).toEqual([
      { state: 'dropped', untilMs: 5 + SEAT_GRACE_MS },
      { state: 'dropped', untilMs: 5 + SEAT_GRACE_MS },
    ]);
    expect(room.timeline).toEqual({
      epoch: 2,
      seq: 1,
      phase: 'playing',
      positionMs: 3000,
      rate: 1,
      atMs: 5,
      media: FILM,
    });
    expect(usesOf(room.invites, 'i')).toBe(1);
  });

  it('[S-04][A-05] takes a seat with the number that the snapshot names, or any higher one, once', () => {
    const snapshot = issue(watching());
    for (const [no, isIn] of [
      [0, false],
      [1, true],
      [7, true],
    ] as const) {
      const room = reopened(snapshot).input(resume('ben', no));
      expect(room.effects.some(({ type }) => type === 'welcome')).toBe(isIn);
    }
    const room = reopened(snapshot).input(resume('ben', 3));
    expect(room.person('ben')).toMatchObject({ seat: 'ben-next-3', seatNo: 4 });
    expect(room.input(resume('ben', 4, 'other')).effects[0]).toMatchObject({ type: 'refuse', code: 'token-invalid' });
    expect(room.input(resume('ben', 5, 'newer')).effects.at(-1)).toMatchObject({ type: 'welcome' });
  });

  it('[M-05][M-04] a host who does not come back is followed by the longest-standing who has', () => {
    const room = reopened(issue(watching().join('cem')))
      .input(resume('cem', 1))
      .input(resume('ben', 1));
    room.input({ type: 'tick' }, 5 + SEAT_GRACE_MS - 1);
    expect(roles(room.room)).toEqual(['ana:host', 'ben:guest', 'cem:guest']);
    room.input({ type: 'tick' }, 5 + SEAT_GRACE_MS);
    expect(roles(room.room)).toEqual(['ben:host', 'cem:guest']);
  });

  it('[S-02] keeps a start that was planned', () => {
    const room = watching().command('ana', { kind: 'pause', positionMs: 0 }).command('ana', { kind: 'play' });
    const snapshot = issue(room);
    expect(snapshot.timeline).toMatchObject({ phase: 'playing', startsInMs: room.timeline.atMs - room.nowMs });
    const film = filmNow(snapshot, [], snapshot.timeline.startsInMs, 0);
    expect(film.positionMs).toBe(snapshot.timeline.positionMs);
  });

  it('[S-07] starts a film that was being prepared', () => {
    const snapshot = issue(watching().command('ana', { kind: 'seek', positionMs: 9000 }));
    expect(snapshot.timeline.phase).toBe('preparing');
    const { room } = reopened(snapshot);
    expect(room.timeline).toMatchObject({ phase: 'playing', positionMs: 9000, atMs: 5 + MAX_LEAD_MS });
    expect(room.gate).toBeNull();
  });
});

describe('which snapshot counts', () => {
  it('[S-05] replaces what an older one brought, tells those who are there, and keeps who came since', () => {
    const old = watching();
    const older = issue(old);
    old.join('cem').command('ana', { kind: 'pause', positionMs: 0 }).input({ type: 'leave', member: 'ben' });
    const newer = issue(old);
    const room = reopened(older).input(resume('ben', 1)).join('dan');
    room.input(restoring('cem', newer));
    expect(roles(room.room)).toEqual(['ana:host', 'cem:guest', 'dan:guest']);
    expect(room.timeline).toMatchObject({ epoch: 3, phase: 'paused' });
    expect(room.published('left')).toEqual([{ type: 'left', member: 'ben', by: null }]);
    expect(room.effects).toContainEqual({ type: 'close', member: 'ben', code: 4401, reason: 'token-invalid' });
    expect(room.published('timeline')).toMatchObject([{ cause: 'welcome', timeline: { epoch: 3 } }]);
  });

  it('[S-05] once the room has gone on, a newer one gives its bearer the place, and no more', () => {
    const old = watching();
    const older = issue(old);
    const newer = issue(old.join('cem').command('ana', { kind: 'rate', rate: 2 }));
    const room = reopened(older).input(resume('ben', 1)).command('ben', { kind: 'pause', positionMs: 0 });
    const own = issue(room);
    room.input(restoring('cem', newer));
    expect(roles(room.room)).toEqual(['ana:host', 'ben:guest', 'cem:guest']);
    expect(room.timeline).toMatchObject({ epoch: 2, phase: 'paused', rate: 1 });
    // Whoever has left since does not come back by the room's own snapshot.
    room.input({ type: 'leave', member: 'cem' }).input({ type: 'leave', member: 'ben' });
    expect(useOf(room.room, { ...own, serial: own.serial }, 'ben', null)).toBe('none');
    expect(useOf(room.room, older, 'ben', null)).toBe('none');
  });

  it('[S-05] a room that lost all its members takes its own newest, and no older one', () => {
    const room = watching();
    const older = issue(room);
    const newest = issue(room.join('cem'));
    for (const member of ['ana', 'ben', 'cem']) room.input({ type: 'drop', member });
    expect(useOf(room.room, newest, 'ben', null)).toBe('none');
    room.input({ type: 'tick' }, room.nowMs + SEAT_GRACE_MS);
    expect(room.room.people).toEqual([]);
    expect(useOf(room.room, older, 'ben', null)).toBe('none');
    expect(useOf(room.room, newest, 'ben', null)).toBe('room');
  });

  it('[S-05][S-06] goes on as a latecomer knows the film to, until somebody has touched it', () => {
    const snapshot = issue(watching());
    const later = restoring('ben', snapshot, { seq: 4, phase: 'paused', positionMs: 7000 });
    const room = reopened(snapshot).input(resume('ana', 1)).input(later, 9);
    expect(room.timeline).toMatchObject({ epoch: 3, seq: 4, phase: 'paused', positionMs: 7000 });
    expect(room.published('timeline')).toMatchObject([{ cause: 'welcome', timeline: { epoch: 3, seq: 4 } }]);
    expect(roles(room.room)).toEqual(['ana:host', 'ben:guest']);
    // The same once more, or an older one, changes nothing.
    expect(room.input(later).effects).toEqual([]);
    expect(room.input(restoring('ben', snapshot, { seq: 3 })).effects).toEqual([]);
    room.command('ana', { kind: 'seek', positionMs: 0 });
    expect(room.input(restoring('ben', snapshot, { seq: 9 })).effects).toEqual([]);
    expect(room.timeline).toMatchObject({ epoch: 3, seq: 5 });
  });

  it('[S-05] a room that was left for another relay has its film back from there, and from its members alone', () => {
    const room = watching();
    const snapshot = issue(room);
    const elsewhere = { epoch: 2, seq: 8, phase: 'paused', positionMs: 7000 } as const;
    expect(room.input(restoring('eve', snapshot, elsewhere)).effects).toEqual([]);
    expect(room.input(restoring('ben', snapshot, { ...elsewhere, epoch: 1 })).effects).toEqual([]);
    expect(room.input(restoring('ben', snapshot, { ...elsewhere, epoch: 2e6 })).effects).toEqual([]);
    room.input(restoring('ben', snapshot, elsewhere), 2000);
    expect(room.timeline).toMatchObject({ epoch: 3, seq: 8, phase: 'paused', positionMs: 7000, atMs: 2000 });
  });

  it('[S-05] a film that went on elsewhere counts also when something that nobody heard of gave this one as high a number', () => {
    const room = watching();
    const snapshot = issue(room);
    room.command('ana', { kind: 'seek', positionMs: 90_000 });
    const { seq } = room.timeline;
    room.input(restoring('ben', snapshot, { epoch: 2, seq, phase: 'paused', positionMs: 7000 }), 2000);
    expect(room.timeline).toMatchObject({ epoch: 3, seq, phase: 'paused', positionMs: 7000 });
    // Once is enough: the next who were there too move nobody.
    expect(
      room.input(restoring('ana', snapshot, { epoch: 2, seq, phase: 'paused', positionMs: 7009 })).effects,
    ).toEqual([]);
  });

  it('[peer R-38][S-05] whatever the order and however often they come, the newest decides', () => {
    const keys = { minLength: 26, maxLength: 26 };
    const action = fc.constantFrom('seek', 'pause', 'play', 'join', 'leave', 'reopen');
    fc.assert(
      fc.property(fc.array(action, { minLength: 1, maxLength: 12 }), fc.array(fc.nat(), keys), (actions, luck) => {
        const issued = historyOf(actions);
        const newest = issued.reduce((best, one) => (isAhead(one, best) ? one : best));
        const drawn = [...issued, ...issued].map((snapshot, i) => ({ snapshot, key: luck[i] ?? 0 }));
        const order = drawn.sort((a, b) => a.key - b.key).map(({ snapshot }) => snapshot);
        const room = new TestRoom();
        for (const snapshot of order) {
          room.input(restoring('m0', snapshot));
          expect(room.room.people.filter(({ role }) => role === 'host').length).toBe(
            room.room.people.length > 0 ? 1 : 0,
          );
        }
        expect(room.room.people.map(({ id }) => id)).toEqual(newest.people.map(({ id }) => id));
        expect(room.timeline).toMatchObject({ seq: newest.timeline.seq, media: newest.timeline.media });
        expect(room.timeline.epoch).toBeGreaterThan(newest.epoch);
        expect(room.room.people.some(isConnected)).toBe(false);
      }),
      { numRuns: 300 },
    );
  });
});

/** The snapshots of a room's life, each after one event; `reopen` is a relay that died and was shown the newest. */
function historyOf(actions: readonly string[]): SnapshotClaims[] {
  let room = new TestRoom()
    .join('m0', 'grant')
    .command('m0', { kind: 'media', media: FILM, positionMs: 0, play: true });
  const issued = [issue(room)];
  for (const [i, action] of actions.entries()) {
    const guest = room.room.people.at(-1)?.id ?? '';
    if (action === 'reopen') {
      room = reopened(issued.at(-1) as SnapshotClaims);
      continue;
    }
    if (action === 'join') room.join(`m${i + 1}`);
    else if (action === 'leave' && room.room.people.length > 1) room.input({ type: 'leave', member: guest });
    else if (action === 'pause' || action === 'seek') room.command('m0', { kind: action, positionMs: 1000 * i });
    else room.command('m0', { kind: 'play' });
    issued.push(issue(room));
  }
  return issued;
}
