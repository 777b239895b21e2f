import { ProtocolError } from '../../shared/errors.ts';
import { formatInviteLink } from '../../shared/invite-link.ts';
import { INVITE_TTL_MS, MAX_INVITE_TTL_MS, MAX_MEMBERS, MAX_TITLE_LENGTH } from '../../shared/limits.ts';
import type { ClientMessage, RelayMessage } from '../../shared/protocol.ts';
import { tidyText } from '../auth/claims.ts';
import { randomId } from '../rooms/registry.ts';
import type { Seated, Session } from './session.ts';

type Request = Extract<ClientMessage, { type: 'invite' }>;

const MIN_INVITE_TTL_MS = 60_000;

/** Makes a link that lets others in (PROTOCOL.md M-06) and sends it to the member who asked. */
export async function sendInvite(
  { context, door, socket }: Seated,
  { room, member }: Extract<Session, { state: 'joined' }>,
  request: Request,
): Promise<void> {
  const media = room.media();
  const ttlMs = Math.min(MAX_INVITE_TTL_MS, Math.max(MIN_INVITE_TTL_MS, request.ttlMs ?? INVITE_TTL_MS));
  const jti = randomId();
  const uses = request.uses ?? MAX_MEMBERS;
  const claims = {
    jti,
    uses,
    from: member,
    room: room.id,
    by: room.nameOf(member) ?? '',
    title: media && tidyText(media.title, MAX_TITLE_LENGTH),
    itemId: media?.itemId ?? null,
    serverId: media?.serverId ?? null,
    jellyfinUrl: webAddress(request.jellyfinUrl),
    poster: media !== null && context.showsPosters && (request.poster ?? true),
  };
  const invite = await context.tokens.mint('invite', claims, ttlMs);
  const url = formatInviteLink({ relay: door.publicBase, room: room.id, invite });
  // One with limits of its own is meant for somebody; the other kind is made ahead of need, and most are never used.
  if (request.ttlMs !== undefined || request.uses !== undefined) {
    const { exp } = await context.tokens.verify('invite', invite);
    room.input({ type: 'invite-made', invite: { jti, by: member, uses, exp } });
  }
  const reply: RelayMessage = { type: 'invite', id: request.id, url, expiresInMs: ttlMs, invite: jti, uses };
  socket.send(JSON.stringify(reply));
}

/** Guests are sent there, so it is an address and nothing that rides along in one. */
function webAddress(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !/^https?:$/.test(url.protocol))
    throw new ProtocolError('bad-message', 'jellyfinUrl: expected an address');
  return (url.origin + url.pathname).replace(/\/+$/, '');
}
