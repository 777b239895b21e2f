import { assertNever } from '../../shared/errors.ts';
import { ASK_GAP_MS } from '../../shared/limits.ts';
import { mayLock, maySteer } from '../../shared/powers.ts';
import type { ManageAction, QueueAction, Rules, Wish } from '../../shared/protocol.ts';
import { aboutMember, type Refusal, type RoomEffect, refused } from './effects.ts';
import type { Step } from './gate.ts';
import { findInvite, mayRevokeUnused, revoke, unusedInvite } from './invites.ts';
import { kick } from './kick.ts';
import { isQueueAction, queueUp } from './queue.ts';
import { announceRoles, crown, withRole } from './roles.ts';
import { findPerson, isConnected, type Person, type RoomState, updatePerson, withPeople } from './state.ts';

export interface Manage {
  member: string;
  id: string;
  action: ManageAction;
}

const HOST_ONLY: Refusal = { code: 'not-allowed', message: 'only the host may do that: ask the host' };
const TOO_MANY: Refusal = { code: 'rate-limited', message: 'you have taken back many links: ask the host' };
const NO_SUCH_MEMBER: Refusal = { code: 'no-such-member', message: 'that member is not here any more' };

/** Carries out what a member did to the party rather than to the film, or says why not (PROTOCOL.md P-04). */
export function manage(room: RoomState, { member, id, action }: Manage, nowMs: number): Step {
  if (isQueueAction(action)) return queueUp(room, { member, id, action }, nowMs);
  const actor = findPerson(room, member);
  if (!actor) return { room, effects: [] };
  const done = act(room, actor, action, nowMs);
  if ('room' in done) return done;
  return { room, effects: [refused(member, id, done)] };
}

function act(
  room: RoomState,
  actor: Person,
  action: Exclude<ManageAction, QueueAction>,
  nowMs: number,
): Step | Refusal {
  const { rules } = room.house;
  switch (action.kind) {
    case 'control':
      return actor.role === 'host' ? setRules(room, actor, { ...rules, control: action.control }) : HOST_ONLY;
    case 'lock':
      return mayLock(actor.role) ? setRules(room, actor, { ...rules, locked: action.locked }) : HOST_ONLY;
    case 'role':
      return actor.role === 'host' ? giveRole(room, actor, action) : HOST_ONLY;
    case 'kick':
      return kickOut(room, actor, action.member, nowMs);
    case 'ask':
      return ask(room, actor, action.what, nowMs);
    case 'invites':
      return { room, effects: [invitesFor(room, actor)] };
    case 'revoke':
      return revokeInvite(room, actor, action.invite);
    default:
      return assertNever(action);
  }
}

/** What there is to know, and to take back: all of it for those who run the party, their own links for the others. */
function invitesFor({ invites }: RoomState, { id, role }: Person): RoomEffect {
  const shown = invites.known.filter(({ by, revoked }) => !revoked && (by === id || mayLock(role)));
  const list = shown.map(({ jti: invite, by, uses, used, exp }) => ({ invite, by, uses, used, exp }));
  return { type: 'tell', to: [id], message: { type: 'invites', invites: list } };
}

/** A link that nobody has used yet is known to who made it alone (PROTOCOL.md M-10). */
function revokeInvite(room: RoomState, actor: Person, jti: string): Step | Refusal {
  const known = findInvite(room.invites, jti);
  if (known && known.by !== actor.id && !mayLock(actor.role)) return HOST_ONLY;
  if (!known && !mayRevokeUnused(room.invites, actor.id)) return TOO_MANY;
  const after = { ...room, invites: revoke(room.invites, known ?? unusedInvite(jti, actor.id)) };
  return { room: after, effects: [invitesFor(after, actor)] };
}

function setRules(room: RoomState, { id: by }: Person, rules: Rules): Step {
  const { control, locked } = room.house.rules;
  const message = { type: 'rules', by, rules } as const;
  if (rules.control === control && rules.locked === locked) {
    return { room, effects: [{ type: 'tell', to: [by], message }] };
  }
  return { room: { ...room, house: { ...room.house, rules } }, effects: [{ type: 'publish', message }] };
}

/** Makes a co-host or a guest of somebody, or gives the party into other hands (PROTOCOL.md P-04). */
function giveRole(
  room: RoomState,
  host: Person,
  { member, role }: Extract<ManageAction, { kind: 'role' }>,
): Step | Refusal {
  const other = findPerson(room, member);
  if (!other) return NO_SUCH_MEMBER;
  if (other.role === role) return { room, effects: [{ type: 'tell', to: [host.id], message: aboutMember(other) }] };
  if (other === host) return { code: 'not-allowed', message: 'hand the party over to somebody first' };
  if (role === 'host') return handOver(room, host, other);
  return toldRoles(room, updatePerson(room, member, withRole(other, role)).people);
}

function handOver(room: RoomState, host: Person, heir: Person): Step | Refusal {
  if (!isConnected(heir)) return { code: 'not-allowed', message: 'that member is away: wait until they are back' };
  const crowned = crown(room.people, heir.id);
  const people = crowned.map((person) => (person.id === host.id ? withRole(person, 'co-host') : person));
  return toldRoles({ ...room, house: { ...room.house, handedOver: true } }, people);
}

function kickOut(room: RoomState, actor: Person, member: string, nowMs: number): Step | Refusal {
  const target = findPerson(room, member);
  if (!target) return NO_SUCH_MEMBER;
  return kick(room, actor, target, nowMs) ?? { code: 'not-allowed', message: 'you may not put that member out' };
}

const toldRoles = (room: RoomState, people: readonly Person[]): Step => ({
  room: withPeople(room, people),
  effects: announceRoles(room.people, people),
});

/** A wish for those who may steer; it is up to them (PROTOCOL.md P-05). */
function ask(room: RoomState, actor: Person, what: Wish, nowMs: number): Step | Refusal {
  if (nowMs < actor.askedAtMs + ASK_GAP_MS)
    return { code: 'rate-limited', message: 'wait a moment before asking again' };
  const { control } = room.house.rules;
  const to = room.people.filter(
    (person) => person === actor || (isConnected(person) && maySteer(control, person.role)),
  );
  return {
    room: updatePerson(room, actor.id, { askedAtMs: nowMs }),
    effects: [{ type: 'tell', to: to.map(({ id }) => id), message: { type: 'asked', by: actor.id, what } }],
  };
}
