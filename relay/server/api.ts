import * as v from 'valibot';
import packageJson from '../../package.json' with { type: 'json' };
import { assertNever, ProtocolError } from '../../shared/errors.ts';
import {
  type Info,
  type RoomResponse,
  type TokenRequest,
  TokenRequestSchema,
  type TokenResponse,
} from '../../shared/http-api.ts';
import { CODE_TTL_MS, GRANT_TTL_MS, MAX_NAME_LENGTH, MAX_TOKEN_LENGTH } from '../../shared/limits.ts';
import { PROTOCOL_VERSION } from '../../shared/protocol.ts';
import { type Identity, type Invite, tidyText } from '../auth/claims.ts';
import type { ExchangeJellyfin } from '../auth/jellyfin-exchange.ts';
import type { GetPoster, Poster } from '../auth/jellyfin-poster.ts';
import type { PairingDesk } from '../auth/pairing.ts';
import type { Tokens } from '../auth/tokens.ts';
import { closedInvite, usesOf } from '../rooms/invites.ts';
import { type Registry, randomId } from '../rooms/registry.ts';
import type { CodedInvite, Codes } from './codes.ts';

/** After this long a person signs in again, so that a disabled account does not live on by renewals. */
const MAX_SIGN_IN_MS = 24 * 3_600_000;

const CheckSchema = v.object({ room: v.string(), invite: v.pipe(v.string(), v.maxLength(MAX_TOKEN_LENGTH)) });

/** How hosts sign in at this relay. */
export type SignIn =
  | { kind: 'jellyfin'; exchange: ExchangeJellyfin; poster: GetPoster }
  | { kind: 'pairing'; desk: PairingDesk };

export interface ApiContext {
  tokens: Tokens;
  registry: Registry;
  signIn: SignIn;
  codes: Codes;
  /** How long an identity is good for. */
  identityMs: number;
  /** The relay's clock: monotonic ms. */
  nowMs: () => number;
  /** Takes one of the rooms that this person may open now. */
  mayOpenRoom: (sub: string) => boolean;
}

/** `GET /v1/info` (PROTOCOL.md H-01). */
export const info = ({ signIn }: ApiContext): Info => ({
  app: 'opensyncparty',
  version: packageJson.version,
  protocol: PROTOCOL_VERSION,
  signIn: signIn.kind,
});

/** `POST /v1/token` (PROTOCOL.md H-02). @param body the request's text. */
export async function token(context: ApiContext, body: string): Promise<TokenResponse> {
  const identity = await identify(context, parseBody(TokenRequestSchema, body));
  const minted = await context.tokens.mint('identity', identity, context.identityMs);
  return { identity: minted, name: identity.name, expiresInMs: context.identityMs };
}

async function identify({ signIn, tokens }: ApiContext, request: TokenRequest): Promise<Identity> {
  const nowS = Math.floor(Date.now() / 1000);
  switch (request.kind) {
    case 'jellyfin':
      if (signIn.kind !== 'jellyfin') throw new ProtocolError('jellyfin-not-listed', 'this relay signs in by code');
      return { ...(await signIn.exchange(request.serverId, request.token)), auth_time: nowS };
    case 'pairing':
      if (signIn.kind !== 'pairing' || !signIn.desk.redeem(request.code)) {
        throw new ProtocolError('pairing-code-wrong', 'that is not the code the relay shows');
      }
      return {
        sub: `${randomId()}@pairing`,
        name: tidyText(request.name, MAX_NAME_LENGTH) || 'Host',
        verified: false,
        auth_time: nowS,
      };
    case 'renew': {
      const { exp: _, ...identity } = await tokens.verify('identity', request.identity);
      const signedInAtS = identity.auth_time ?? nowS;
      if ((nowS - signedInAtS) * 1000 > MAX_SIGN_IN_MS) throw new ProtocolError('token-expired', 'sign in again');
      return { ...identity, auth_time: signedInAtS };
    }
    default:
      return assertNever(request);
  }
}

/** `POST /v1/rooms` (PROTOCOL.md H-03). @param authorization the header. */
export async function createRoom({ tokens, mayOpenRoom }: ApiContext, authorization: string): Promise<RoomResponse> {
  const bearer = /^Bearer ([\w.-]+)$/i.exec(authorization)?.[1];
  if (!bearer) throw new ProtocolError('token-invalid', 'an identity token is needed');
  const { sub, name, verified, avatar, exp } = await tokens.verify('identity', bearer);
  if (!mayOpenRoom(sub)) throw new ProtocolError('rate-limited', 'too many parties opened: try again in a minute');
  const room = randomId();
  const grant = await tokens.mint(
    'grant',
    { room, sub, name, verified, ...(avatar && { avatar }), ...(verified && { until: exp }) },
    GRANT_TTL_MS,
  );
  return { room, grant, expiresInMs: GRANT_TTL_MS };
}

/** `POST /v1/invites/check` (PROTOCOL.md H-04): would this invite let somebody in now? Uses nothing up. */
export async function checkInvite(context: ApiContext, body: string): Promise<{ ok: true; usesLeft: number }> {
  const { invite, used } = await admitInvite(context, parseBody(CheckSchema, body));
  return { ok: true, usesLeft: invite.uses - used };
}

/** `PUT /v1/codes/<code>` (PROTOCOL.md H-08). The room may be at another node, so the token alone is looked at. */
export async function putCode(
  { tokens, codes, nowMs }: ApiContext,
  code: string,
  body: string,
): Promise<{ ok: true; expiresInMs: number }> {
  const request = parseBody(CheckSchema, body);
  const { room } = await tokens.verify('invite', request.invite);
  if (room !== request.room) throw new ProtocolError('token-invalid', 'the token is for another party');
  codes.put(code, request, nowMs());
  return { ok: true, expiresInMs: CODE_TTL_MS };
}

/** `POST /v1/codes/<code>` (PROTOCOL.md H-08). */
export const findCode = ({ codes, nowMs }: ApiContext, code: string): CodedInvite => codes.find(code, nowMs());

/** `POST /v1/invites/poster` (PROTOCOL.md H-07). */
export async function showPoster(context: ApiContext, body: string): Promise<Poster> {
  const { invite } = await admitInvite(context, parseBody(CheckSchema, body));
  const { serverId, itemId, poster } = invite;
  if (!poster || !serverId || !itemId || context.signIn.kind !== 'jellyfin') {
    throw new ProtocolError('not-found', 'there is no poster to show');
  }
  return context.signIn.poster(serverId, itemId);
}

/** @throws ProtocolError when the invite would let nobody in now. */
async function admitInvite(
  { tokens, registry }: ApiContext,
  request: v.InferOutput<typeof CheckSchema>,
): Promise<{ invite: Invite; used: number }> {
  const invite = await tokens.verify('invite', request.invite);
  if (invite.room !== request.room) throw new ProtocolError('token-invalid', 'the token is for another party');
  const room = registry.get(invite.room);
  if (!room) throw new ProtocolError('room-not-found', 'this party is over');
  if (room.isLocked()) throw new ProtocolError('room-locked', 'the party is locked');
  const invites = room.invites();
  const closed = closedInvite(invites, invite);
  if (closed) throw new ProtocolError(closed, 'this invite lets nobody in any more');
  return { invite, used: usesOf(invites, invite.jti) };
}

function parseBody<S extends v.GenericSchema>(schema: S, body: string): v.InferOutput<S> {
  const result = v.safeParse(v.pipe(v.string(), v.parseJson(), schema), body);
  if (result.success) return result.output;
  throw new ProtocolError('bad-message', 'the body is not what this address takes');
}
