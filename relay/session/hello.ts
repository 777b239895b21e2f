import { assertNever, ProtocolError } from '../../shared/errors.ts';
import { SEAT_TTL_MS } from '../../shared/limits.ts';
import { type ClientMessage, type Credential, negotiateVersion } from '../../shared/protocol.ts';
import { tidyText } from '../auth/claims.ts';
import { randomId } from '../rooms/registry.ts';
import type { RoomInput } from '../rooms/room.ts';
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
  const nextSeat = randomId();
  const entry = await checkCredential(context, door.room, hello.credential, nextSeat);
  const claims = { room: door.room, member: entry.member, jti: nextSeat };
  const seatToken = await context.tokens.mint('seat', claims, SEAT_TTL_MS);
  if (seated.session.state !== 'joining') return;
  const room =
    hello.credential.kind === 'grant' ? context.registry.getOrOpen(door.room) : context.registry.get(door.room);
  if (!room) throw new ProtocolError('room-not-found', 'this party is over');
  room.input(entry, { socket, seatToken, version });
  seated.session = { state: 'joined', room, member: entry.member, confirmed: false };
  logMember(context, room.id, { member: entry.member, how: entry.type, client: hello.client }, 'member in');
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
      const { member, jti } = forRoom(room, await tokens.verify('seat', credential.seat));
      return { type: 'resume', member, seat: jti, nextSeat };
    }
    default:
      return assertNever(credential);
  }
}

function forRoom<C extends { room: string }>(room: string, claims: C): C {
  if (claims.room !== room) throw new ProtocolError('token-invalid', 'the token is for another party');
  return claims;
}
