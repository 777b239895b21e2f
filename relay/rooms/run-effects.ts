import { assertNever, type ErrorCode, ProtocolError } from '../../shared/errors.ts';
import type { Socket } from '../server/port.ts';
import type { Announcement, RoomEffect } from './effects.ts';
import { encode, encodeWelcome, type Portraits } from './encode.ts';
import { publicGate, type RoomState } from './state.ts';

/** Someone at the door: the socket to let in, and the seat token that goes into its welcome. */
export interface Newcomer {
  socket: Socket;
  seatToken: string;
  /** How long its identity is good for, in ms; null: for ever, or it has none. */
  identityMs: number | null;
  version: number;
}

/** What effects act on. */
export interface RoomOutlets {
  /** Sockets of the members who are there, by member id. */
  sockets: Map<string, Socket>;
  /** To everyone in the room. */
  announce: (message: Announcement) => void;
  /** Counts a message that was refused. */
  refused: (code: ErrorCode) => void;
  forget: () => void;
  portraits: Portraits;
  nowMs: () => number;
}

/**
 * Does what a step asked for, in order.
 * @param newcomer whose join or resume the step was, if it was one.
 * @throws ProtocolError when the newcomer is refused.
 */
export function runEffects(
  room: RoomState,
  effects: readonly RoomEffect[],
  outlets: RoomOutlets,
  newcomer: Newcomer | null,
): void {
  for (const effect of effects) runEffect(room, effect, outlets, newcomer);
}

function runEffect(room: RoomState, effect: RoomEffect, outlets: RoomOutlets, newcomer: Newcomer | null): void {
  switch (effect.type) {
    case 'publish':
      outlets.announce(effect.message);
      return;
    case 'tell':
      for (const to of effect.to) outlets.sockets.get(to)?.send(encode(effect.message, outlets.nowMs()));
      return;
    case 'reply':
      outlets.refused(effect.message.code);
      outlets.sockets.get(effect.to)?.send(JSON.stringify(effect.message));
      return;
    case 'close':
      evict(room, effect.member, effect.code, effect.reason, outlets);
      return;
    case 'welcome':
      if (newcomer) welcome(room, effect.member, effect.resumed, outlets, newcomer);
      return;
    case 'refuse':
      throw new ProtocolError(effect.code, effect.message);
    case 'forget':
      outlets.forget();
      return;
    default:
      assertNever(effect);
  }
}

/** The socket is taken out before it is closed, so that its end is not taken for the member's. */
function evict(room: RoomState, member: string, code: number, reason: string, outlets: RoomOutlets): void {
  const socket = outlets.sockets.get(member);
  outlets.sockets.delete(member);
  socket?.unsubscribe(room.id);
  socket?.close(code, reason);
}

/** Snapshot first, then the subscription: nothing is missed and nothing arrives twice. */
function welcome(room: RoomState, you: string, resumed: boolean, outlets: RoomOutlets, newcomer: Newcomer): void {
  outlets.sockets.set(you, newcomer.socket);
  const message = {
    type: 'welcome' as const,
    v: newcomer.version,
    s: outlets.nowMs(),
    room: room.id,
    you,
    seat: newcomer.seatToken,
    identityMs: newcomer.identityMs,
    resumed,
    timeline: room.timeline,
    gate: publicGate(room.gate),
    waitMs: room.waitMs,
    rules: room.house.rules,
    queue: [...room.queue.entries],
  };
  newcomer.socket.send(encodeWelcome(message, outlets.portraits.of(room.people)));
  newcomer.socket.subscribe(room.id);
}
