import { assertNever, ProtocolError } from '../../shared/errors.ts';
import { MAX_NAME_LENGTH, RESUME_TTL_MS } from '../../shared/limits.ts';
import { type ClientMessage, type Credential, negotiateVersion, type Snapshot } from '../../shared/protocol.ts';
import { type Identity, type Seat, tidyText } from '../auth/claims.ts';
import { goodForMs, hasEnded } from '../auth/ends.ts';
import type { LiveRoom } from '../rooms/live-room.ts';
import { randomId } from '../rooms/registry.ts';
import type { RoomInput } from '../rooms/room.ts';
import { snapshotMessage } from '../rooms/snapshot-feed.ts';
import { endOf, endOfShown, watchIdentity } from './identity-ends.ts';
import { logMember, type Seated, type SessionContext } from './session.ts';

type Hello = Extract<ClientMessage, { type: 'hello' }>;
type Entry = Extract<RoomInput, { type: 'join' | 'resume' }>;
/** Who comes in, and when the identity that says so ends: seconds since 1970, left out when it never does. */
interface Admitted {
  entry: Entry;
  until?: number | undefined;
}

/**
 * Lets a socket into its room, or not (PROTOCOL.md section 2). Checks take time, so the socket may be gone when they end.
 * @param atMs when the hello came, on the relay's clock: before it was read, which takes a relay that has just started a while.
 * @throws ProtocolError saying why not.
 */
export async function enter(seated: Seated, hello: Hello, atMs: number): Promise<void> {
  const { context, door, socket } = seated;
  const version = negotiateVersion(hello.v);
  seated.session = { state: 'joining' };
  const nextSeat = randomId();
  const { entry, until } = await checkCredential(context, door.room, hello.credential, nextSeat);
  const no = entry.type === 'resume' ? entry.seatNo + 1 : 1;
  const claims = {
    room: door.room,
    member: entry.member,
    jti: nextSeat,
    no,
    ...bearerOf(entry),
    ...(until !== undefined && { until }),
  };
  const seatToken = context.tokens.mintNow('seat', claims, RESUME_TTL_MS);
  const room = await findRoom(context, door.room, hello, entry, atMs);
  if (seated.session.state !== 'joining') return;
  room.input(entry, { socket, seatToken, version, identityMs: goodForMs(until) });
  watchIdentity(seated, until);
  const snapshot = room.feed.newest();
  if (entry.type === 'resume' && snapshot && !holds(hello.snapshot, snapshot)) {
    socket.send(snapshotMessage(snapshot, context.nowMs()));
  }
  room.seatGiven(seatToken, claims, until);
  seated.session = { state: 'joined', room, member: entry.member, confirmed: false };
  logMember(context, room.id, { member: entry.member, how: entry.type, client: hello.client }, 'member in');
}

/** What the seat says of whom it is given to. */
function bearerOf(entry: Entry): Pick<Seat, 'who' | 'via' | 'avatar'> {
  const via = entry.type === 'resume' ? entry.invite : entry.by.kind === 'invite' ? entry.by.jti : null;
  const { keys, avatar } = entry;
  return { ...(keys?.length && { who: [...keys] }), ...(via && { via }), ...(avatar && { avatar }) };
}

const holds = (held: Snapshot | undefined, newest: Snapshot): boolean =>
  held?.epoch === newest.epoch && held.serial === newest.serial;

/**
 * The room at whose door the socket is: the one that is there, one that a grant opens, or one that its members bring
 * back (PROTOCOL.md S-04).
 * @param atMs when the hello came, on the relay's clock.
 */
async function findRoom(
  context: SessionContext,
  id: string,
  { credential, snapshot, film }: Hello,
  { member }: Entry,
  atMs: number,
): Promise<LiveRoom> {
  const { registry, gatherings, tokens } = context;
  const live = registry.get(id);
  if (credential.kind === 'seat' && snapshot && live?.useOf(snapshot, member, film ?? null) !== 'none') {
    if (registry.isOver(id, snapshot)) throw new ProtocolError('room-not-found', 'this party is over');
    const claims = forRoom(id, await tokens.verify('snapshot', snapshot.token));
    if (claims.epoch !== snapshot.epoch || claims.serial !== snapshot.serial) {
      throw new ProtocolError('token-invalid', 'the snapshot is another one than it says');
    }
    return gatherings.present(id, {
      member,
      snapshot: claims,
      token: snapshot.token,
      report: film ? { member, film, atMs } : null,
    });
  }
  // A grant that came first would open an empty room beside the one on its way.
  const room = live ?? (await gatherings.pending(id));
  if (room) return room;
  if (credential.kind === 'grant') return registry.getOrOpen(id);
  throw new ProtocolError('room-not-found', 'this party is over');
}

async function checkCredential(
  context: SessionContext,
  room: string,
  credential: Credential,
  nextSeat: string,
): Promise<Admitted> {
  const { tokens, personKeys, registry } = context;
  switch (credential.kind) {
    case 'grant': {
      const who = forRoom(room, await tokens.verify('grant', credential.grant));
      const entry = { ...newcomer(who, nextSeat), keys: personKeys(room, who.sub), by: { kind: 'grant' } } as const;
      return { entry, until: who.until };
    }
    case 'invite': {
      const { jti, uses, exp, from = null } = forRoom(room, await tokens.verify('invite', credential.invite));
      const by = { kind: 'invite', jti, uses, exp, by: from } as const;
      if (!credential.identity) {
        return { entry: { ...newcomer({ name: credential.name ?? '', verified: false }, nextSeat), by } };
      }
      const who = await tokens.verify('identity', credential.identity);
      return { entry: { ...newcomer(who, nextSeat), keys: personKeys(room, who.sub), by }, until: endOf(who) };
    }
    case 'seat': {
      const shown = registry.get(room)?.seatShown(credential.seat);
      const seat = shown ?? forRoom(room, await tokens.verify('seat', credential.seat));
      const { member, jti, no, who: keys = [], via: invite = null, avatar = null } = seat;
      const entry = { type: 'resume', member, seat: jti, seatNo: no, nextSeat, keys, invite, avatar } as const;
      return { entry, until: await endOfSeat(context, seat, credential.identity) };
    }
    default:
      return assertNever(credential);
  }
}

/** Whoever made the token: what others are shown is text. */
const newcomer = ({ name, verified, avatar }: Pick<Identity, 'name' | 'verified' | 'avatar'>, seat: string) =>
  ({
    type: 'join',
    member: randomId(),
    name: tidyText(name, MAX_NAME_LENGTH) || 'Guest',
    verified,
    // Who chose a name has no picture to it either.
    avatar: verified && avatar ? avatar : null,
    seat,
  }) as const;

function forRoom<C extends { room: string }>(room: string, claims: C): C {
  if (claims.room !== room) throw new ProtocolError('token-invalid', 'the token is for another party');
  return claims;
}

/**
 * @param identity shown beside the seat, perhaps.
 * @returns when the identity behind the seat ends now.
 * @throws ProtocolError `identity-expired` when it has (PROTOCOL.md A-08).
 */
async function endOfSeat(
  context: SessionContext,
  { room, who = [], until }: Seat,
  identity: string | undefined,
): Promise<number | undefined> {
  if (until === undefined) return undefined;
  if (identity) return endOfShown(context, room, who, identity);
  if (hasEnded(until)) throw new ProtocolError('identity-expired', 'sign in again to come back');
  return until;
}
