import type { Avatar } from '../../shared/avatar.ts';
import { CLOSE } from '../../shared/close-codes.ts';
import type { ErrorCode } from '../../shared/errors.ts';
import { BLIP_MS, SEAT_GRACE_MS } from '../../shared/limits.ts';
import { type Identified, isBanned, withBanned, withBans } from './bans.ts';
import { announceMember, type RoomEffect } from './effects.ts';
import { FOLLOWING, pruneGate, type Step, stopWaitingFor } from './gate.ts';
import { closedInvite, countUse, type ShownInvite } from './invites.ts';
import { distinctName } from './names.ts';
import { forgetInQueue, tellQueue } from './queue.ts';
import { announceRoles, crown, heirOf, roleOfNewcomer } from './roles.ts';
import {
  CONNECTED,
  findPerson,
  isConnected,
  NO_HOLDS,
  NOBODY,
  type Person,
  type RoomState,
  UNHEARD,
  updatePerson,
} from './state.ts';

const WHY_CLOSED = {
  'invite-used-up': 'this invite has been used as often as it may',
  'invite-revoked': 'this invite has been taken back',
};

export interface Join {
  /** Public id of the new member, made by the caller. */
  member: string;
  name: string;
  verified: boolean;
  avatar?: Avatar | null;
  /** `jti` of the seat token that the caller has made. */
  seat: string;
  /** Who the newcomer is; left out without an identity. */
  keys?: readonly string[];
  by: { kind: 'grant' } | ({ kind: 'invite' } & ShownInvite);
}

export interface Resume {
  member: string;
  /** `jti` of the seat token that was shown, and of the one that replaces it, which has the next number. */
  seat: string;
  seatNo: number;
  nextSeat: string;
  /** Who the seat was given to, and the invite that brought them. */
  keys?: readonly string[];
  invite?: string | null;
  avatar?: Avatar | null;
}

/** A newcomer. The film and everybody else go on as they are (PROTOCOL.md M-02). */
export function join(room: RoomState, input: Join): Step {
  const { keys = NOBODY } = input;
  const invite = input.by.kind === 'invite' ? input.by.jti : null;
  if (isBanned(room.house.bans, { keys, invite }, null)) return refuse(room, 'kicked', KICKED);
  if (input.by.kind === 'invite' && room.house.rules.locked) return refuse(room, 'room-locked', 'the party is locked');
  if (room.people.length >= room.capacity) return refuse(room, 'room-full', 'the party is full');
  const closed = input.by.kind === 'invite' ? closedInvite(room.invites, input.by) : null;
  if (closed) return refuse(room, closed, WHY_CLOSED[closed]);
  const newcomer: Person = {
    id: input.member,
    name: distinctName(
      input.name,
      room.people.map(({ name }) => name),
    ),
    ...roleOfNewcomer(room, input.by.kind),
    verified: input.verified,
    avatar: input.avatar ?? null,
    presence: CONNECTED,
    ...UNHEARD,
    deliveryMs: null,
    startMs: null,
    seatNo: 1,
    seat: input.seat,
    earlierSeat: null,
    heldAtMs: NO_HOLDS,
    keys,
    invite,
    askedAtMs: Number.NEGATIVE_INFINITY,
  };
  const all = [...room.people, newcomer];
  // A grant is made for whoever opened the room: who stood in as host steps back.
  const people = newcomer.role === 'host' ? crown(all, newcomer.id) : all;
  const invites = input.by.kind === 'invite' ? countUse(room.invites, input.by) : room.invites;
  return {
    room: { ...room, people, invites, emptySinceMs: null },
    effects: [
      ...announceRoles(room.people, people),
      announceMember(newcomer),
      { type: 'welcome', member: newcomer.id, resumed: false },
    ],
  };
}

/** A member takes the seat back, after a drop or from another tab (PROTOCOL.md M-04). */
export function resume(room: RoomState, input: Resume, nowMs: number): Step {
  const person = findPerson(room, input.member);
  const keys = input.keys ?? person?.keys ?? NOBODY;
  const invite = input.invite ?? person?.invite ?? null;
  const shown = { id: input.member, keys, invite };
  if (isBanned(room.house.bans, shown, shown.id)) return turnAway(room, shown, nowMs);
  if (!person || !isSeatOf(person, input)) {
    return refuse(room, 'token-invalid', 'this seat has been taken back elsewhere or given up');
  }
  const evict: RoomEffect[] = isConnected(person)
    ? [{ type: 'close', member: person.id, code: CLOSE.seatTaken, reason: 'seat-taken' }]
    : [];
  // Nobody was told that it went: it goes on as what it was, until it says otherwise.
  const isBlip = person.presence.state === 'missed';
  const next = updatePerson(room, person.id, {
    presence: CONNECTED,
    ...(isBlip ? { footing: UNHEARD.footing } : UNHEARD),
    seatNo: input.seatNo + 1,
    seat: input.nextSeat,
    earlierSeat: input.seat,
    keys,
    invite,
    // A room that was opened anew does not know it.
    avatar: person.avatar ?? input.avatar ?? null,
  });
  // The page behind the seat is a new one and has to load first, so no start waits for it.
  const pruned = stopWaitingFor(next, [person.id], nowMs);
  return {
    room: pruned.room,
    effects: [
      ...evict,
      ...(isBlip ? [] : announce(pruned.room, person.id)),
      ...pruned.effects,
      { type: 'welcome', member: person.id, resumed: true },
    ],
  };
}

/** Whoever was put out while away is known by more than the seat from now on. */
function turnAway(room: RoomState, shown: Identified & { id: string }, nowMs: number): Step {
  const banned = withBans(room, withBanned(room.house.bans, [shown]));
  const gone = findPerson(banned, shown.id) ? remove(banned, shown.id, nowMs) : { room: banned, effects: [] };
  return { room: gone.room, effects: [...gone.effects, ...refuse(room, 'kicked', KICKED).effects] };
}

function isSeatOf(person: Person, { seat, seatNo }: Resume): boolean {
  if (seat === person.seat || seat === person.earlierSeat) return true;
  return person.seat === null ? seatNo >= person.seatNo : seatNo > person.seatNo;
}

/** The member has used the connection that its new seat came over: the seat before it is void (PROTOCOL.md A-05). */
export function confirmSeat(room: RoomState, member: string): Step {
  return { room: updatePerson(room, member, { earlierSeat: null }), effects: [] };
}

/** The socket is gone; the seat is kept for a while, and the others hear of it if it takes longer (PROTOCOL.md M-04). */
export function drop(room: RoomState, member: string, nowMs: number): Step {
  const presence = { state: 'missed', tellAtMs: nowMs + BLIP_MS, untilMs: nowMs + SEAT_GRACE_MS } as const;
  return then({ room: updatePerson(room, member, { presence }), effects: [] }, nowMs);
}

/** Tells of those who have not come back at once. */
export function tellMissed(room: RoomState, nowMs: number): Step {
  const away = room.people.filter(({ presence }) => presence.state === 'missed' && nowMs >= presence.tellAtMs);
  return inTurn(room, away, (before, { id, presence }) => {
    if (presence.state !== 'missed') return { room: before, effects: [] };
    const next = updatePerson(before, id, { presence: { state: 'dropped', untilMs: presence.untilMs } });
    return { room: next, effects: announce(next, id) };
  });
}

/** The member is gone for good; if it was host, the next in line is (PROTOCOL.md P-02). */
export function remove(room: RoomState, member: string, nowMs: number, by: string | null = null): Step {
  const gone = findPerson(room, member);
  const people = room.people.filter((person) => person.id !== member);
  const heir = gone?.role === 'host' ? heirOf(people) : undefined;
  const stay = heir ? crown(people, heir.id) : people;
  const left: RoomEffect = { type: 'publish', message: { type: 'left', member, by } };
  const next = forgetInQueue({ ...room, people: stay, emptySinceMs: stay.length === 0 ? nowMs : null }, member);
  const queue = next.queue === room.queue ? [] : [tellQueue(next, null, null)];
  return then({ room: next, effects: [left, ...announceRoles(people, stay), ...queue] }, nowMs);
}

/** These may not stay; they are gone before the others hear of it (PROTOCOL.md P-06). @param by who wants it. */
export function expel(room: RoomState, members: readonly string[], by: string | null, nowMs: number): Step {
  return inTurn(room, members, (before, member) => {
    const next = remove(before, member, nowMs, by);
    const close: RoomEffect = { type: 'close', member, code: CLOSE.policy, reason: 'kicked' };
    return { room: next.room, effects: [close, ...next.effects] };
  });
}

/** Gives up seats whose owners have been away too long. */
export function removeExpired(room: RoomState, nowMs: number): Step {
  const expired = room.people.filter(({ presence }) => presence.state !== 'connected' && nowMs >= presence.untilMs);
  return inTurn(room, expired, (before, { id }) => remove(before, id, nowMs));
}

/** One step for each, one after the other. */
function inTurn<T>(room: RoomState, each: readonly T[], one: (room: RoomState, item: T) => Step): Step {
  return each.reduce<Step>(
    (before, item) => {
      const next = one(before.room, item);
      return { room: next.room, effects: [...before.effects, ...next.effects] };
    },
    { room, effects: [] },
  );
}

/** What a status says. */
export type StatusChange = Pick<
  Person,
  'state' | 'reason' | 'follow' | 'delivery' | 'offsetMs' | 'errorMs' | 'deliveryMs' | 'startMs'
>;

/** What a member says about its player (PROTOCOL.md M-03). */
export function status(room: RoomState, member: string, change: StatusChange, nowMs: number): Step {
  const footing = footingAfter(change.state, findPerson(room, member)?.footing ?? 'coming');
  const next = updatePerson(room, member, { ...change, footing });
  return then({ room: next, effects: announce(next, member) }, nowMs);
}

/** Once in sync a member is in step, until it follows the film no more (PROTOCOL.md T-12). */
function footingAfter(state: Person['state'], before: Person['footing']): Person['footing'] {
  if (state === 'in-sync') return 'in-step';
  return (before === 'in-step' && FOLLOWING.has(state)) || (before === 'coming' && COMING.has(state)) ? before : 'out';
}

/** On the way to the film, or held up before it. */
const COMING: ReadonlySet<Person['state']> = new Set([...FOLLOWING, 'joining', 'autoplay-blocked']);

function announce(room: RoomState, member: string): RoomEffect[] {
  const person = findPerson(room, member);
  return person ? [announceMember(person)] : [];
}

function then(step: Step, nowMs: number): Step {
  const pruned = pruneGate(step.room, nowMs);
  return { room: pruned.room, effects: [...step.effects, ...pruned.effects] };
}

const KICKED = 'you were put out of this party';

function refuse(room: RoomState, code: ErrorCode, message: string): Step {
  return { room, effects: [{ type: 'refuse', code, message }] };
}
