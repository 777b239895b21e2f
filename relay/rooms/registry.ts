import { randomBytes } from 'node:crypto';
import { type ErrorCode, ProtocolError } from '../../shared/errors.ts';
import type { Standing } from '../../shared/standing.ts';
import { Ended } from './ended.ts';
import { LiveRoom, type World } from './live-room.ts';
import type { SignSnapshot } from './snapshot-feed.ts';
import { emptyRoom } from './state.ts';

/** Rooms one relay holds at most; a room is a few KiB. */
const MAX_ROOMS = 10_000;

const ID_BYTES = 16;
/** A crowd that comes back asks for many ids at once, and asking the system costs more than the bytes; each is used once. */
const randomness = { bytes: Buffer.alloc(0), at: 0 };

/** Room and member ids; 128 random bits, so that a room cannot be guessed. */
export function randomId(): string {
  if (randomness.at + ID_BYTES > randomness.bytes.length)
    Object.assign(randomness, { bytes: randomBytes(1024), at: 0 });
  randomness.at += ID_BYTES;
  return randomness.bytes.toString('base64url', randomness.at - ID_BYTES, randomness.at);
}

export interface Registry {
  get(id: string): LiveRoom | undefined;
  /** @throws ProtocolError `too-many-connections` when the relay is full. */
  getOrOpen(id: string): LiveRoom;
  size(): number;
  /** @returns how many members are connected, all rooms together. */
  members(): number;
  /** @returns whether the room ended here, at this state or a later one (PROTOCOL.md S-08). */
  isOver(id: string, at: Standing): boolean;
  /** Sends all snapshots that wait: the relay is about to stop. */
  flush(): void;
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
  signSnapshot: SignSnapshot;
  onChange: (event: 'opened' | 'forgotten', room: string) => void;
}

/** The rooms of this relay. Only in memory; an empty one is forgotten after a while. */
export function createRegistry(options: RegistryOptions): Registry {
  const { publish, nowMs, maxMembers, onRefused, signSnapshot, onChange } = options;
  const rooms = new Map<string, LiveRoom>();
  const ends = new Ended();
  const ended: World['ended'] = (id, at) => ends.note(id, at, nowMs());
  const forget = (id: string): void => {
    rooms.get(id)?.stop();
    rooms.delete(id);
    onChange('forgotten', id);
  };
  const world: World = { publish, nowMs, refused: onRefused, signSnapshot, ended, forget };
  const open = (id: string): LiveRoom => {
    if (rooms.size >= MAX_ROOMS) throw new ProtocolError('too-many-connections', 'this relay is full');
    const room = new LiveRoom(emptyRoom(id, nowMs(), maxMembers), world);
    rooms.set(id, room);
    onChange('opened', id);
    return room;
  };
  return {
    get: (id) => rooms.get(id),
    getOrOpen: (id) => rooms.get(id) ?? open(id),
    size: () => rooms.size,
    members: () => [...rooms.values()].reduce((sum, room) => sum + room.sockets.size, 0),
    isOver: (id, at) => ends.has(id, at, nowMs()),
    flush: () => {
      for (const room of rooms.values()) room.feed.flush();
    },
    close: () => {
      for (const room of rooms.values()) room.stop();
      rooms.clear();
    },
  };
}
