import type { Avatar } from '../../shared/avatar.ts';
import { DEFAULT_WAIT_MS, MAX_MEMBERS } from '../../shared/limits.ts';
import {
  type Delivery,
  type Follow,
  type Gate,
  type Member,
  type MemberState,
  OPEN_RULES,
  type QueueEntry,
  type Reason,
  type Role,
  type Rules,
  type Timeline,
} from '../../shared/protocol.ts';
import type { Standing } from '../../shared/standing.ts';
import { type Bans, NO_BANS } from './bans.ts';
import { type Invites, NO_INVITES } from './invites.ts';
import type { Undo } from './undo.ts';

/** Is the member's socket there, and if not, how long is the seat kept? */
export type Presence =
  | { state: 'connected' }
  /** Only just gone: the others are told at `tellAtMs`, unless it is back by then. */
  | { state: 'missed'; tellAtMs: number; untilMs: number }
  | { state: 'dropped'; untilMs: number };

/** Most people are here, and have held nobody up: one object says so for all of them. */
export const CONNECTED: Presence = Object.freeze({ state: 'connected' });
export const NO_HOLDS: readonly number[] = Object.freeze([]);
/** The keys of who came without an identity. */
export const NOBODY: readonly string[] = Object.freeze([]);

/** What is known of how a member is doing who has just come, or come back, and not said yet. */
export const UNHEARD = Object.freeze({
  state: 'joining',
  offsetMs: null,
  errorMs: null,
  reason: null,
  follow: 'closely',
  delivery: null,
  footing: 'coming',
} satisfies Partial<Person>);

/** One person in a room. */
export interface Person {
  id: string;
  name: string;
  role: Role;
  /** What this member is when it is not host. */
  below: Exclude<Role, 'host'>;
  verified: boolean;
  /** Of a verified person who has one. */
  avatar: Avatar | null;
  presence: Presence;
  state: MemberState;
  offsetMs: number | null;
  errorMs: number | null;
  reason: Reason | null;
  follow: Follow;
  /** How its stream comes to it; null: not said. */
  delivery: Delivery | null;
  /** How long a message takes to reach this member, and how long its player takes to start. Null: not told yet. */
  deliveryMs: number | null;
  startMs: number | null;
  /** How many seat tokens this member has been given; one with a higher number is from a relay that knew more. */
  seatNo: number;
  /** The `jti` of the seat token that works. Null: the room was opened anew, and any from `seatNo` on does. */
  seat: string | null;
  /** The one before, which works until the member has shown that the new one arrived. */
  earlierSeat: string | null;
  /**
   * `coming`: not in sync yet since it came; a start waits for it, once (PROTOCOL.md T-16). `in-step`: was in sync since, and
   * may hold others up (T-12). `out`: went elsewhere, or was gone on without.
   */
  footing: 'coming' | 'in-step' | 'out';
  /** When this member held others up, newest last (PROTOCOL.md T-12). */
  heldAtMs: readonly number[];
  /** Who this is, as far as an identity said so; none for somebody without one. */
  keys: readonly string[];
  /** The `jti` of the invite that this member came by. */
  invite: string | null;
  /** When this member last asked for something (PROTOCOL.md P-05). */
  askedAtMs: number;
}

/** What the party allows; it seldom changes, so one object says whether it has. */
export interface House {
  rules: Rules;
  /** A host has given the role away on purpose: a grant does not bring it back (PROTOCOL.md P-02). */
  handedOver: boolean;
  bans: Bans;
}

/** How a party begins. */
const OPEN_HOUSE: House = Object.freeze({ rules: OPEN_RULES, handedOver: false, bans: NO_BANS });

/** A start that waits. `sinceSeq`: any `ready` for this sequence number or a later one counts. */
export interface OpenGate extends Omit<Gate, 'soonestAtMs'> {
  /** Until then it is counted down, with nobody left to wait for too (PROTOCOL.md T-15). */
  soonestAtMs: number | null;
  sinceSeq: number;
}

/** Which snapshot a room came from, and whom that named. `over`: the room has had a snapshot of its own since. */
export interface Seed {
  epoch: number;
  serial: number;
  /** Which timeline it went on with. */
  film: { epoch: number; seq: number };
  /** The newest snapshot that it took bans from. */
  heard: Standing;
  members: readonly string[];
  over: boolean;
}

/** What comes next, in order; `next` numbers the entries, so that a late word about one never means another. */
export interface Queue {
  entries: readonly QueueEntry[];
  next: number;
}

const EMPTY_QUEUE: Queue = Object.freeze({ entries: Object.freeze([]), next: 1 });

/** Everything about a room. Times are ms on the relay's monotonic clock. */
export interface RoomState {
  id: string;
  /** How many people it has room for. */
  capacity: number;
  timeline: Timeline;
  /** Present exactly while the timeline's phase is `preparing` or `holding`. */
  gate: OpenGate | null;
  /** What `undo` goes back to. */
  undo: Undo | null;
  /** How long to wait for who stalls, in ms; 0: not at all (PROTOCOL.md T-13). */
  waitMs: number;
  house: House;
  queue: Queue;
  /** In order of arrival. */
  people: readonly Person[];
  invites: Invites;
  /** Number of the newest snapshot. */
  serial: number;
  /** The snapshot that the room was opened anew from, if it was. */
  seed: Seed | null;
  /** Since when nobody is here, not even dropped; null while somebody is. */
  emptySinceMs: number | null;
}

/** @returns a room that nobody has entered yet. @param nowMs relay clock. @param capacity in people. */
export function emptyRoom(id: string, nowMs: number, capacity: number = MAX_MEMBERS): RoomState {
  return {
    id,
    capacity,
    timeline: { epoch: 1, seq: 0, phase: 'paused', positionMs: 0, rate: 1, atMs: nowMs, media: null },
    gate: null,
    undo: null,
    waitMs: DEFAULT_WAIT_MS,
    house: OPEN_HOUSE,
    queue: EMPTY_QUEUE,
    people: [],
    invites: NO_INVITES,
    serial: 0,
    seed: null,
    emptySinceMs: nowMs,
  };
}

export const isConnected = (person: Person): boolean => person.presence.state === 'connected';

/** Who has only just gone is there as far as the others know (PROTOCOL.md M-04). */
const isThereToOthers = ({ presence }: Person): boolean => presence.state !== 'dropped';

/** @returns what the others may know about a member (PROTOCOL.md M-01). */
export function publicMember(person: Person): Member {
  const { id, name, role, verified, avatar, state, offsetMs, errorMs, reason, follow, delivery } = person;
  const connected = isThereToOthers(person);
  const member: Member = { id, name, role, verified, connected, state, offsetMs, errorMs, reason };
  if (avatar !== null) member.avatar = avatar;
  if (follow !== 'closely') member.follow = follow;
  if (delivery !== null) member.delivery = delivery;
  return member;
}

/** @returns whether both are the same to the others: `publicMember` makes the same of them. */
export const looksSame = (one: Person, other: Person): boolean =>
  one === other ||
  (one.id === other.id &&
    one.name === other.name &&
    one.role === other.role &&
    one.verified === other.verified &&
    one.avatar === other.avatar &&
    isThereToOthers(one) === isThereToOthers(other) &&
    one.state === other.state &&
    one.offsetMs === other.offsetMs &&
    one.errorMs === other.errorMs &&
    one.reason === other.reason &&
    one.follow === other.follow &&
    one.delivery === other.delivery);

/** @returns the gate as the wire shows it. */
export function publicGate(gate: OpenGate | null): Gate | null {
  if (!gate) return null;
  const { waitingFor, deadlineAtMs, soonestAtMs } = gate;
  return soonestAtMs === null ? { waitingFor, deadlineAtMs } : { waitingFor, deadlineAtMs, soonestAtMs };
}

export const findPerson = (room: RoomState, id: string): Person | undefined =>
  room.people.find((person) => person.id === id);

/** @returns the room with one person changed. */
export function updatePerson(room: RoomState, id: string, change: Partial<Person>): RoomState {
  return withPeople(
    room,
    room.people.map((person) => (person.id === id ? Object.assign(copyOf(person), change) : person)),
  );
}

/** Field by field, for the reason given below: each status, drop and return makes one. */
const copyOf = (person: Person): Person => ({
  id: person.id,
  name: person.name,
  role: person.role,
  below: person.below,
  verified: person.verified,
  avatar: person.avatar,
  presence: person.presence,
  state: person.state,
  offsetMs: person.offsetMs,
  errorMs: person.errorMs,
  reason: person.reason,
  follow: person.follow,
  delivery: person.delivery,
  deliveryMs: person.deliveryMs,
  startMs: person.startMs,
  seatNo: person.seatNo,
  seat: person.seat,
  earlierSeat: person.earlierSeat,
  footing: person.footing,
  heldAtMs: person.heldAtMs,
  keys: person.keys,
  invite: person.invite,
  askedAtMs: person.askedAtMs,
});

/** The room with these people in it. */
export const withPeople = (room: RoomState, people: readonly Person[]): RoomState => ({
  id: room.id,
  capacity: room.capacity,
  timeline: room.timeline,
  gate: room.gate,
  undo: room.undo,
  waitMs: room.waitMs,
  house: room.house,
  queue: room.queue,
  people,
  invites: room.invites,
  serial: room.serial,
  seed: room.seed,
  emptySinceMs: room.emptySinceMs,
});

/**
 * The room with another timeline and gate. Field by field: a spread of a room that has been through many hands is ten times as
 * slow, and every command makes one.
 */
export const withTimeline = (room: RoomState, timeline: Timeline, gate: OpenGate | null): RoomState => ({
  id: room.id,
  capacity: room.capacity,
  timeline,
  gate,
  undo: room.undo,
  waitMs: room.waitMs,
  house: room.house,
  queue: room.queue,
  people: room.people,
  invites: room.invites,
  serial: room.serial,
  seed: room.seed,
  emptySinceMs: room.emptySinceMs,
});

/** The room with something else to take back; field by field for the same reason. */
export const withUndo = (room: RoomState, undo: RoomState['undo']): RoomState => ({
  id: room.id,
  capacity: room.capacity,
  timeline: room.timeline,
  gate: room.gate,
  undo,
  waitMs: room.waitMs,
  house: room.house,
  queue: room.queue,
  people: room.people,
  invites: room.invites,
  serial: room.serial,
  seed: room.seed,
  emptySinceMs: room.emptySinceMs,
});

/** The room when it has had a snapshot of its own; field by field for the same reason. */
export const withSerial = (room: RoomState, serial: number): RoomState => ({
  id: room.id,
  capacity: room.capacity,
  timeline: room.timeline,
  gate: room.gate,
  undo: room.undo,
  waitMs: room.waitMs,
  house: room.house,
  queue: room.queue,
  people: room.people,
  invites: room.invites,
  serial,
  seed: room.seed && { ...room.seed, over: true },
  emptySinceMs: room.emptySinceMs,
});
