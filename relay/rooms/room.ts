import { assertNever } from '../../shared/errors.ts';
import { EMPTY_ROOM_MS } from '../../shared/limits.ts';
import { type Command, command } from './commands.ts';
import { endGateIfDue, gateEndsAtMs, ready, type Step } from './gate.ts';
import { stall } from './hold.ts';
import { noteMade, type ShownInvite } from './invites.ts';
import { type Manage, manage } from './manage.ts';
import {
  confirmSeat,
  drop,
  type Join,
  join,
  type Resume,
  remove,
  removeExpired,
  resume,
  type StatusChange,
  status,
  tellMissed,
} from './people.ts';
import { nextDueAtMs, takeNextIfOver } from './queue.ts';
import { type Restore, restore } from './restore.ts';
import type { RoomState } from './state.ts';

/** What a status may leave out. */
type Unsaid = 'follow' | 'delivery';

/** Everything that can happen to a room. */
export type RoomInput =
  | ({ type: 'join' } & Join)
  | ({ type: 'resume' } & Resume)
  | ({ type: 'restore' } & Restore)
  | { type: 'confirm-seat'; member: string }
  | { type: 'drop'; member: string }
  | { type: 'leave'; member: string }
  | ({ type: 'command' } & Command)
  | ({ type: 'manage' } & Manage)
  | { type: 'invite-made'; invite: ShownInvite }
  | ({ type: 'status'; member: string } & Omit<StatusChange, Unsaid> & Partial<Pick<StatusChange, Unsaid>>)
  | { type: 'ready'; member: string; seq: number }
  | { type: 'stall'; member: string; seq: number; positionMs: number }
  /** Time has passed; see `wakeAtMs`. */
  | { type: 'tick' };

/**
 * The whole life of a room, without clocks, randomness or sockets.
 * @param nowMs relay clock.
 */
export function step(room: RoomState, input: RoomInput, nowMs: number): Step {
  switch (input.type) {
    case 'join':
      return join(room, input);
    case 'resume':
      return resume(room, input, nowMs);
    case 'restore':
      return restore(room, input, nowMs);
    case 'confirm-seat':
      return confirmSeat(room, input.member);
    case 'drop':
      return drop(room, input.member, nowMs);
    case 'leave':
      return remove(room, input.member, nowMs);
    case 'command':
      return command(room, input, nowMs);
    case 'manage':
      return manage(room, input, nowMs);
    case 'invite-made':
      return { room: { ...room, invites: noteMade(room.invites, input.invite) }, effects: [] };
    case 'status': {
      const { state, reason, follow = 'closely', delivery = null, offsetMs, errorMs, deliveryMs, startMs } = input;
      const change = { state, reason, follow, delivery, offsetMs, errorMs, deliveryMs, startMs };
      return status(room, input.member, change, nowMs);
    }
    case 'ready':
      return ready(room, input.member, input.seq, nowMs);
    case 'stall':
      return stall(room, input, nowMs);
    case 'tick':
      return tick(room, nowMs);
    default:
      return assertNever(input);
  }
}

function tick(room: RoomState, nowMs: number): Step {
  const gate = endGateIfDue(room, nowMs);
  const next = takeNextIfOver(gate.room, nowMs);
  const seats = removeExpired(next.room, nowMs);
  const missed = tellMissed(seats.room, nowMs);
  const { emptySinceMs } = missed.room;
  const isOver = emptySinceMs !== null && nowMs >= emptySinceMs + EMPTY_ROOM_MS;
  return {
    room: missed.room,
    effects: [
      ...gate.effects,
      ...next.effects,
      ...seats.effects,
      ...missed.effects,
      ...(isOver ? [{ type: 'forget' } as const] : []),
    ],
  };
}

/** @returns when the room next wants a `tick`, on the relay's clock; null when it waits for nothing. */
export function wakeAtMs(room: RoomState): number | null {
  let dueAtMs = nextDueAtMs(room) ?? Number.POSITIVE_INFINITY;
  for (const { presence } of room.people) {
    if (presence.state === 'missed') dueAtMs = Math.min(dueAtMs, presence.tellAtMs);
    else if (presence.state === 'dropped') dueAtMs = Math.min(dueAtMs, presence.untilMs);
  }
  if (room.gate) dueAtMs = Math.min(dueAtMs, gateEndsAtMs(room.gate));
  if (room.emptySinceMs !== null) dueAtMs = Math.min(dueAtMs, room.emptySinceMs + EMPTY_ROOM_MS);
  return dueAtMs === Number.POSITIVE_INFINITY ? null : dueAtMs;
}
