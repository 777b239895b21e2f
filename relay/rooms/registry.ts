import { randomBytes } from 'node:crypto';
import { type ErrorCode, ProtocolError } from '../../shared/errors.ts';
import type { Media } from '../../shared/protocol.ts';
import type { Socket } from '../server/port.ts';
import { type RoomInput, step, wakeAtMs } from './room.ts';
import { type Newcomer, type RoomOutlets, runEffects } from './run-effects.ts';
import { emptyRoom, findPerson, type RoomState } from './state.ts';

/** Rooms one relay holds at most; a room is a few KiB. */
const MAX_ROOMS = 10_000;

/** Room and member ids; 128 random bits, so that a room cannot be guessed. */
export const randomId = (): string => randomBytes(16).toString('base64url');

/** One room with its sockets and its one timer. */
export interface LiveRoom {
  readonly id: string;
  /**
   * Feeds one input. @param newcomer the socket that wants in, for `join` and `resume`.
   * @throws ProtocolError when the newcomer is refused.
   */
  input(input: RoomInput, newcomer?: Newcomer): void;
  /** The socket is gone: a drop, unless the member has come back over another one meanwhile. */
  socketClosed(member: string, socket: Socket): void;
  /** The member goes for good, unless it has come back over another socket meanwhile. */
  leave(member: string, socket: Socket): void;
  /** @returns the member's name, null when not a member. */
  nameOf(member: string): string | null;
  media(): Media | null;
  /** @returns how many members are connected. */
  connected(): number;
  /** @returns how many members have come in with this invite. */
  invitesUsed(jti: string): number;
}

export interface Registry {
  get(id: string): LiveRoom | undefined;
  /** @throws ProtocolError `too-many-connections` when the relay is full. */
  getOrOpen(id: string): LiveRoom;
  size(): number;
  /** @returns how many members are connected, all rooms together. */
  members(): number;
  /** Stops all timers. */
  close(): void;
}

export interface RegistryOptions {
  publish: (topic: string, text: string) => void;
  nowMs: () => number;
  /** People a room has room for. */
  maxMembers: number;
  /** Told why a message was refused by its room. */
  onRefused: (code: ErrorCode) => void;
  onChange: (event: 'opened' | 'forgotten', room: string) => void;
}

/** The rooms of this relay. Only in memory; an empty one is forgotten after a while. */
export function createRegistry({ publish, nowMs, maxMembers, onRefused, onChange }: RegistryOptions): Registry {
  const rooms = new Map<string, LiveRoom & { stop: () => void }>();
  const open = (id: string): LiveRoom => {
    if (rooms.size >= MAX_ROOMS) throw new ProtocolError('too-many-connections', 'this relay is full');
    const forget = (): void => {
      rooms.get(id)?.stop();
      rooms.delete(id);
      onChange('forgotten', id);
    };
    const room = createLiveRoom(emptyRoom(id, nowMs(), maxMembers), {
      sockets: new Map(),
      publish,
      refused: onRefused,
      forget,
      nowMs,
    });
    rooms.set(id, room);
    onChange('opened', id);
    return room;
  };
  return {
    get: (id) => rooms.get(id),
    getOrOpen: (id) => rooms.get(id) ?? open(id),
    size: () => rooms.size,
    members: () => [...rooms.values()].reduce((sum, room) => sum + room.connected(), 0),
    close: () => {
      for (const room of rooms.values()) room.stop();
      rooms.clear();
    },
  };
}

function createLiveRoom(fresh: RoomState, outlets: RoomOutlets): LiveRoom & { stop: () => void } {
  const { id } = fresh;
  let state = fresh;
  let timer: NodeJS.Timeout | undefined;
  let phase: 'idle' | 'busy' | 'over' = 'idle';
  const waiting: RoomInput[] = [];
  const own: RoomOutlets = {
    ...outlets,
    forget: () => {
      phase = 'over';
      outlets.forget();
    },
  };

  const schedule = (): void => {
    clearTimeout(timer);
    const wakeMs = wakeAtMs(state);
    if (wakeMs === null) return;
    timer = setTimeout(() => input({ type: 'tick' }), Math.max(0, wakeMs - own.nowMs())).unref();
  };
  const input = (roomInput: RoomInput, newcomer?: Newcomer): void => {
    // Sending may find a socket dead, which is an input of its own: it waits until this one is done.
    if (phase !== 'idle') return void waiting.push(roomInput);
    phase = 'busy';
    try {
      const next = step(state, roomInput, own.nowMs());
      state = next.room;
      runEffects(state, next.effects, own, newcomer ?? null);
    } finally {
      settle();
    }
  };
  const settle = (): void => {
    if (phase === 'over') return;
    phase = 'idle';
    schedule();
    const next = waiting.shift();
    if (next) input(next);
  };
  const isCurrent = (member: string, socket: Socket): boolean => own.sockets.get(member) === socket;

  schedule();
  return {
    id,
    input,
    socketClosed: (member, socket) => {
      if (!isCurrent(member, socket)) return;
      own.sockets.delete(member);
      input({ type: 'drop', member });
    },
    leave: (member, socket) => {
      if (!isCurrent(member, socket)) return;
      socket.unsubscribe(id);
      own.sockets.delete(member);
      input({ type: 'leave', member });
    },
    nameOf: (member) => findPerson(state, member)?.name ?? null,
    media: () => state.timeline.media,
    connected: () => own.sockets.size,
    invitesUsed: (jti) => state.invitesUsed[jti] ?? 0,
    stop: () => clearTimeout(timer),
  };
}
