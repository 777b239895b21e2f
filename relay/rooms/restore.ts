import { CLOSE } from '../../shared/close-codes.ts';
import { MAX_LEAD_MS, MAX_POSITION_MS } from '../../shared/limits.ts';
import type { Timeline } from '../../shared/protocol.ts';
import { isAhead } from '../../shared/standing.ts';
import type { SnapshotClaims } from '../auth/claims.ts';
import { hasToGo, unite, withBans } from './bans.ts';
import { announceMember, type RoomEffect } from './effects.ts';
import { announceTimeline, type Step } from './gate.ts';
import { mergeInvites } from './invites.ts';
import { expel } from './people.ts';
import { tellQueue } from './queue.ts';
import { crown, heirOf } from './roles.ts';
import { type FilmNow, type FilmStanding, invitesIn, knowsMore, useOf } from './snapshot.ts';
import { findPerson, isConnected, NO_HOLDS, NOBODY, type Person, type RoomState, UNHEARD } from './state.ts';

export interface Restore {
  /** Who brought the snapshot. */
  member: string;
  snapshot: SnapshotClaims;
  /** How the film moves. */
  film: FilmNow;
  /** How long the seats of those who are not back yet are kept. */
  graceMs: number;
}

/**
 * Takes a room up again from what a member kept of it, or leaves it as it is when the snapshot is not newer
 * (PROTOCOL.md S-04, S-05).
 * @param nowMs relay clock.
 */
export function restore(room: RoomState, input: Restore, nowMs: number): Step {
  const { member, snapshot, film } = input;
  switch (useOf(room, snapshot, member, film)) {
    case 'room':
      return restoreRoom(room, input, nowMs);
    case 'place':
      return restorePlace(room, input, nowMs);
    case 'film':
      return restoreFilm(room, film, nowMs);
    case 'none':
      return { room, effects: [] };
  }
}

function restoreRoom(room: RoomState, { snapshot, film, graceMs }: Restore, nowMs: number): Step {
  const people = snapshot.people.map((kept): Person => {
    const here = findPerson(room, kept.id);
    return here ? { ...here, ...rolesOf(kept) } : absent(kept, nowMs + graceMs);
  });
  const bans = unite(snapshot.bans, room.house.bans);
  // Who came in while the newer state was not known stays; who had left by then, or was put out, goes.
  const named = new Set(people.map(({ id }) => id));
  const others = room.people.filter(({ id }) => !named.has(id));
  const came = others.filter((person) => isConnected(person) && !room.seed?.members.includes(person.id));
  const all = [...people, ...came].filter((person) => !hasToGo(bans, person));
  const stay = new Set(all.map(({ id }) => id));
  const gone = room.people.filter(({ id }) => !stay.has(id));
  const restored: RoomState = {
    ...room,
    timeline: restoredTimeline(Math.max(snapshot.epoch, room.timeline.epoch), film, nowMs),
    gate: null,
    undo: null,
    waitMs: snapshot.waitMs,
    queue: restoredQueue(snapshot),
    house: { rules: snapshot.rules, handedOver: snapshot.handedOver, bans },
    people: withOneHost(all),
    invites: mergeInvites(invitesIn(snapshot), room.invites),
    emptySinceMs: all.length === 0 ? nowMs : null,
    serial: Math.max(room.serial, snapshot.serial),
    seed: {
      epoch: snapshot.epoch,
      serial: snapshot.serial,
      film: standingOfFilm(film),
      heard: { epoch: snapshot.epoch, serial: snapshot.serial },
      members: [...named],
      over: false,
    },
  };
  return { room: restored, effects: room.people.some(isConnected) ? tell(restored, gone) : [] };
}

function restoredQueue({ queue, people }: SnapshotClaims): RoomState['queue'] {
  const nameOf = (place: number): string | null => people[place]?.id ?? null;
  const entries = queue.entries.map((entry) => ({
    ...entry,
    by: entry.by === null ? null : nameOf(entry.by),
    votes: entry.votes.flatMap((place) => nameOf(place) ?? []),
  }));
  return { entries, next: queue.next };
}

/** What those who are there already hear of it. */
function tell(room: RoomState, gone: readonly Person[]): RoomEffect[] {
  return [
    ...gone.flatMap((person): RoomEffect[] => [
      goodbye(room, person),
      { type: 'publish', message: { type: 'left', member: person.id, by: null } },
    ]),
    ...room.people.map(announceMember),
    { type: 'publish', message: { type: 'rules', by: null, rules: room.house.rules } },
    tellQueue(room, null, null),
    announceTimeline(room, 'welcome', null, null),
  ];
}

const goodbye = ({ house }: RoomState, person: Person): RoomEffect =>
  hasToGo(house.bans, person)
    ? { type: 'close', member: person.id, code: CLOSE.policy, reason: 'kicked' }
    : { type: 'close', member: person.id, code: CLOSE.badToken, reason: 'token-invalid' };

/**
 * The room has gone on, but an older snapshot did not know all that this one does: who was put out (PROTOCOL.md P-08), and
 * the bearer's place.
 */
function restorePlace(before: RoomState, { member, snapshot, film, graceMs }: Restore, nowMs: number): Step {
  const { epoch, serial, bans } = snapshot;
  const seed =
    before.seed && isAhead(snapshot, before.seed.heard) ? { ...before.seed, heard: { epoch, serial } } : before.seed;
  const room = withBans({ ...before, seed }, unite(before.house.bans, bans));
  const kept = findPerson(room, member) ? undefined : snapshot.people.find(({ id }) => id === member);
  const place = kept && absent(kept, nowMs + graceMs);
  const seated = place && !hasToGo(room.house.bans, place) ? seat(room, place) : room;
  const banned = seated.people.filter((person) => hasToGo(seated.house.bans, person));
  const step = expel(
    seated,
    banned.map(({ id }) => id),
    null,
    nowMs,
  );
  if (!findPerson(before, member) || !findPerson(step.room, member) || !knowsMore(step.room, film)) return step;
  const moved = restoreFilm(step.room, film, nowMs);
  return { room: moved.room, effects: [...step.effects, ...moved.effects] };
}

const seat = (room: RoomState, place: Person): RoomState => ({
  ...room,
  people: withOneHost([...room.people, place]),
  emptySinceMs: null,
});

type Kept = SnapshotClaims['people'][number];

const rolesOf = ({ role, below }: Kept): Pick<Person, 'role' | 'below'> => ({
  role,
  below: below ?? (role === 'host' ? 'guest' : role),
});

function absent(kept: Kept, untilMs: number): Person {
  const { id, name, verified, seatNo } = kept;
  return {
    id,
    name,
    verified,
    // It comes with the seat: a full room's would be most of a snapshot.
    avatar: null,
    seatNo,
    ...rolesOf(kept),
    presence: { state: 'dropped', untilMs },
    ...UNHEARD,
    deliveryMs: null,
    startMs: null,
    seat: null,
    earlierSeat: null,
    heldAtMs: NO_HOLDS,
    keys: NOBODY,
    invite: null,
    askedAtMs: Number.NEGATIVE_INFINITY,
  };
}

/** The first host stays it; without one it is as if a host had just gone (PROTOCOL.md P-02). */
function withOneHost(people: readonly Person[]): readonly Person[] {
  const host = people.find(({ role }) => role === 'host') ?? heirOf(people);
  return host ? crown(people, host.id) : people;
}

/** The room stays as it is; its film goes on as somebody knows it who came later. */
function restoreFilm(room: RoomState, film: FilmNow, nowMs: number): Step {
  const timeline = restoredTimeline(room.timeline.epoch, film, nowMs);
  const seed = room.seed && { ...room.seed, film: standingOfFilm(film) };
  const restored = { ...room, timeline, gate: null, undo: null, seed };
  return { room: restored, effects: [announceTimeline(restored, 'welcome', null, null)] };
}

const standingOfFilm = ({ epoch, seq }: FilmNow): FilmStanding => ({ epoch, seq });

/** @param epoch the highest that the room is known to have had. */
function restoredTimeline(epoch: number, film: FilmNow, nowMs: number): Timeline {
  const { seq, phase, rate, media } = film;
  const base = { epoch: Math.max(epoch, film.epoch) + 1, seq, rate, media };
  const positionMs = Math.min(film.positionMs, MAX_POSITION_MS);
  switch (phase) {
    case 'paused':
    case 'playing':
      return { ...base, phase, positionMs, atMs: nowMs };
    case 'preparing':
    case 'holding':
      // Those who were waited for are not here yet, so all get the longest lead (S-07).
      return { ...base, phase: 'playing', positionMs, atMs: nowMs + MAX_LEAD_MS };
  }
}
