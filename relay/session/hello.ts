import { assertNever, ProtocolError } from '../../shared/errors.ts';
import { RESUME_TTL_MS } from '../../shared/limits.ts';
import { type ClientMessage, type Credential, negotiateVersion, type Snapshot } from '../../shared/protocol.ts';
import { tidyText } from '../auth/claims.ts';
import type { LiveRoom } from '../rooms/live-room.ts';
import { randomId } from '../rooms/registry.ts';
import type { RoomInput } from '../rooms/room.ts';
import { snapshotMessage } from '../rooms/snapshot-feed.ts';
import { logMember, type Seated, type SessionContext } from './session.ts';

type Hello = Extract<ClientMessage, { type: 'hello' }>;
type Entry = Extract<RoomInput, { type: 'join' | 'resume' }>;

/**
 * Lets a socket into its room, or not (PROTOCOL.md section 2). Checks take time, so the socket may be gone when they end.
 * @throws ProtocolError saying why not.
 */
export async function enter(seated: Seated, hello: Hello): Promise<void> {
  const { context, door, socket } = seated;
  const version = negotiateVersion(hello.v);
  seated.session = { state: 'joining' };
  const atMs = context.nowMs();
  const nextSeat = randomId();
  const entry = await checkCredential(context, door.room, hello.credential, nextSeat);
  const no = entry.type === 'resume' ? entry.seatNo + 1 : 1;
  const claims = { room: door.room, member: entry.member, jti: nextSeat, no };
  const seatToken = await context.tokens.mint('seat', claims, RESUME_TTL_MS);
  const room = await findRoom(context, door.room, hello, entry, atMs);
  if (seated.session.state !== 'joining') return;
  room.input(entry, { socket, seatToken, version });
  const snapshot = room.feed.newest();
  if (entry.type === 'resume' && snapshot && !holds(hello.snapshot, snapshot)) {
    socket.send(snapshotMessage(snapshot, context.nowMs()));
  }
  seated.session = { state: 'joined', room, member: entry.member, confirmed: false };
  logMember(context, room.id, { member: entry.member, how: entry.type, client: hello.client }, 'member in');
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
  { tokens }: SessionContext,
  room: string,
  credential: Credential,
  nextSeat: string,
): Promise<Entry> {
  switch (credential.kind) {
    case 'grant': {
      const { name, verified } = forRoom(room, await tokens.verify('grant', credential.grant));
      return { type: 'join', member: randomId(), name, verified, seat: nextSeat, by: { kind: 'grant' } };
    }
    case 'invite': {
      const { jti, uses } = forRoom(room, await tokens.verify('invite', credential.invite));
      const { name, verified } = credential.identity
        ? await tokens.verify('identity', credential.identity)
        : { name: tidyText(credential.name ?? '', 64) || 'Guest', verified: false };
      return { type: 'join', member: randomId(), name, verified, seat: nextSeat, by: { kind: 'invite', jti, uses } };
    }
    case 'seat': {
      const { member, jti, no } = forRoom(room, await tokens.verify('seat', credential.seat));
      return { type: 'resume', member, seat: jti, seatNo: no, nextSeat };
    }
    default:
      return assertNever(credential);
  }
}

function forRoom<C extends { room: string }>(room: string, claims: C): C {
  if (claims.room !== room) throw new ProtocolError('token-invalid', 'the token is for another party');
  return claims;
}
