import type { PersonKeys } from '../auth/persons.ts';
import type { Tokens } from '../auth/tokens.ts';
import type { Bucket } from '../limits/token-bucket.ts';
import type { Log, RoomTag } from '../log.ts';
import type { Gatherings } from '../rooms/gathering.ts';
import type { LiveRoom } from '../rooms/live-room.ts';
import type { Registry } from '../rooms/registry.ts';
import type { Socket } from '../server/port.ts';
import type { Tally } from '../tally.ts';
import type { Deadlines } from './deadlines.ts';
import type { IdentityEnds } from './identity-ends.ts';
import type { Turns } from './turns.ts';

/** What every session shares. */
export interface SessionContext {
  tokens: Tokens;
  personKeys: PersonKeys;
  registry: Registry;
  tally: Tally;
  gatherings: Gatherings;
  identityEnds: IdentityEnds;
  /** Those who said something at the door. */
  turns: Turns;
  /** By when who has come has to have said hello. */
  deadlines: Deadlines;
  log: Log;
  roomTag: RoomTag;
  /** Whether this relay knows a Jellyfin to get posters from. */
  showsPosters: boolean;
  /** The relay's clock: monotonic ms. */
  nowMs: () => number;
  /** A socket from this address is gone. */
  socketGone: (address: string) => void;
}

/** What is known about a socket before it has said a word. */
export interface Door {
  /** Room id in the path. */
  room: string;
  /** Base of links to this relay as this client reaches it. */
  publicBase: string;
  /** What its limits count by. */
  address: string;
}

/** One socket's life. */
export type Session =
  | { state: 'awaiting-hello' }
  /** Its tokens are being checked. */
  | { state: 'joining' }
  /** `confirmed`: it has spoken since its welcome, so the new seat token has arrived. */
  | { state: 'joined'; room: LiveRoom; member: string; confirmed: boolean }
  /** Closed, or about to be: nothing it says counts any more. */
  | { state: 'leaving' };

/** A socket and where it is in its life. */
export interface Seated {
  readonly context: SessionContext;
  readonly door: Door;
  readonly socket: Socket;
  session: Session;
  /** On the relay's clock; null: it came without an identity that ends. */
  identityEndsAtMs: number | null;
  /** Closes the socket; the seat stays (PROTOCOL.md A-08). */
  identityEnded(): void;
  /** What is left of the right to change the queue; null: all of it. */
  queueBucket: Bucket | null;
}

/** @param what goes with it; the room's tag costs a hash, so it is only made for a line that is written. */
export function logMember({ log, roomTag }: SessionContext, room: string, what: object, line: string): void {
  if (log.isLevelEnabled('info')) log.info({ room: roomTag(room), ...what }, line);
}
