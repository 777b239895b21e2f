import * as v from 'valibot';
import { token } from './credentials.ts';
import { MAX_NAME_LENGTH } from './limits.ts';

const duration = v.pipe(v.number(), v.finite(), v.minValue(0));

/** `GET /v1/info`: what a relay is, before anyone logs in (PROTOCOL.md H-01). */
export const InfoSchema = v.object({
  app: v.literal('opensyncparty'),
  version: v.string(),
  protocol: v.number(),
  /** `jellyfin`: signs in members of its listed servers; `pairing`: hosts need the code it printed. */
  signIn: v.picklist(['jellyfin', 'pairing']),
});
export type Info = v.InferOutput<typeof InfoSchema>;

/** `POST /v1/token` (PROTOCOL.md H-02). The client names a server by id, never by address: the relay only calls listed ones. */
export const TokenRequestSchema = v.variant('kind', [
  v.object({
    kind: v.literal('jellyfin'),
    serverId: v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/)),
    token: v.pipe(v.string(), v.minLength(8), v.maxLength(512)),
  }),
  v.object({
    kind: v.literal('pairing'),
    code: v.pipe(v.string(), v.maxLength(64)),
    name: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(MAX_NAME_LENGTH)),
  }),
  v.object({ kind: v.literal('renew'), identity: token }),
]);
export type TokenRequest = v.InferOutput<typeof TokenRequestSchema>;

export const TokenResponseSchema = v.object({ identity: token, name: v.string(), expiresInMs: duration });
export type TokenResponse = v.InferOutput<typeof TokenResponseSchema>;

/** `POST /v1/rooms` with `Authorization: Bearer <identity>` and no body (PROTOCOL.md H-03). */
export const RoomResponseSchema = v.object({ room: v.string(), grant: token, expiresInMs: duration });
export type RoomResponse = v.InferOutput<typeof RoomResponseSchema>;

/** `PUT /v1/codes/<code>` (PROTOCOL.md H-08). */
export const CodeResponseSchema = v.object({ expiresInMs: duration });
export type CodeResponse = v.InferOutput<typeof CodeResponseSchema>;

/** Readable (not secret) claims of an invite, shown by the landing page and used to open the film (PROTOCOL.md A-04). */
export const InviteClaimsSchema = v.object({
  room: v.string(),
  by: v.string(),
  exp: v.number(),
  title: v.nullable(v.string()),
  itemId: v.nullable(v.string()),
  serverId: v.nullable(v.string()),
  jellyfinUrl: v.string(),
  /** How many people it lets in. */
  uses: v.number(),
  /** The relay may show the item's poster to whoever has the invite. */
  poster: v.optional(v.boolean()),
});
export type InviteClaims = v.InferOutput<typeof InviteClaimsSchema>;
