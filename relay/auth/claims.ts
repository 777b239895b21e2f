import * as v from 'valibot';
import { AvatarSchema } from '../../shared/avatar.ts';
import { InviteClaimsSchema } from '../../shared/http-api.ts';
import { MAX_NAME_LENGTH } from '../../shared/limits.ts';
import { CONTROLS, MediaSchema, ROLES, TimelineSchema } from '../../shared/protocol.ts';

const id = v.pipe(v.string(), v.minLength(1), v.maxLength(200));
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const name = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(MAX_NAME_LENGTH));

/** Who somebody is (PROTOCOL.md A-02). `sub` is user@server, so equal user ids on two servers stay two people. */
export const IdentitySchema = v.object({
  sub: id,
  name,
  /** False when the person chose the name, as with a pairing code. */
  verified: v.optional(v.boolean(), true),
  /** Of a Jellyfin user who has one. */
  avatar: v.optional(AvatarSchema),
  /** First sign-in, in seconds: renewals do not go on for ever. */
  auth_time: v.optional(v.number()),
  /** Its end, in seconds since 1970. */
  exp: v.number(),
});
type IdentityClaims = v.InferOutput<typeof IdentitySchema>;
export type Identity = Omit<IdentityClaims, 'exp'>;

/** May open a room as its host (PROTOCOL.md A-03). `until`: when the identity behind it ends, in seconds since 1970. */
export const GrantSchema = v.object({
  room: id,
  sub: id,
  name,
  verified: v.boolean(),
  avatar: v.optional(AvatarSchema),
  until: v.optional(v.number()),
});
export type Grant = v.InferOutput<typeof GrantSchema>;

/** May join a room (PROTOCOL.md A-04): what people may read, and which member made it. */
export const InviteSchema = v.object({ ...InviteClaimsSchema.entries, jti: id, from: v.optional(id) });
export type Invite = v.InferOutput<typeof InviteSchema>;

/**
 * Takes a member's place back (PROTOCOL.md A-05). `jti` changes at each use, and `no` counts them. `who` and `via`: whom it
 * was given to, and the invite that brought them, for when they are put out (P-06). `avatar` and `until`: as in a grant.
 */
export const SeatSchema = v.object({
  room: id,
  member: id,
  jti: id,
  no: v.optional(count, 0),
  who: v.optional(v.array(id)),
  via: v.optional(id),
  avatar: v.optional(AvatarSchema),
  until: v.optional(v.number()),
});
export type Seat = v.InferOutput<typeof SeatSchema>;

const { phase, positionMs, rate, media } = TimelineSchema.entries;
const finite = v.pipe(v.number(), v.finite());

/** What a room was when the snapshot was issued (PROTOCOL.md S-02). */
export const SnapshotClaimsSchema = v.object({
  room: id,
  epoch: count,
  serial: count,
  /** Time of day, in ms: the relay's own clock does not outlive it. */
  issuedAtMs: finite,
  /** `positionMs` as of then; a planned start was `startsInMs` away. */
  timeline: v.object({ seq: count, phase, positionMs, rate, startsInMs: finite, media }),
  waitMs: finite,
  rules: v.object({ control: v.picklist(CONTROLS), locked: v.boolean() }),
  handedOver: v.boolean(),
  bans: v.array(v.string()),
  people: v.array(
    v.object({
      id,
      name,
      role: v.picklist(ROLES),
      /** Of the host: what it is otherwise, if that is not a guest. */
      below: v.optional(v.literal('co-host')),
      verified: v.boolean(),
      seatNo: count,
    }),
  ),
  queue: v.object({
    entries: v.array(v.object({ id, media: MediaSchema, by: v.nullable(count), votes: v.array(count) })),
    next: count,
  }),
  /** `jti`, who made it, how many it lets in and has, its end in seconds since 1970, whether it was revoked. */
  invites: v.array(v.tuple([id, v.nullable(id), count, count, count, v.boolean()])),
  invitesVoidUntil: count,
});
export type SnapshotClaims = v.InferOutput<typeof SnapshotClaimsSchema>;

/** The token kinds; each has its own `typ` header, so none passes for another. */
export const KINDS = {
  identity: { typ: 'osp-identity+jwt', schema: IdentitySchema },
  grant: { typ: 'osp-grant+jwt', schema: GrantSchema },
  invite: { typ: 'osp-invite+jwt', schema: InviteSchema },
  seat: { typ: 'osp-seat+jwt', schema: SeatSchema },
  snapshot: { typ: 'osp-snapshot+jwt', schema: SnapshotClaimsSchema },
} as const;

export type Kind = keyof typeof KINDS;
export type ClaimsOf = { identity: IdentityClaims; grant: Grant; invite: Invite; seat: Seat; snapshot: SnapshotClaims };

/** @returns text fit to show: no control characters, no more than `maxLength` UTF-16 units, never half a character. */
export function tidyText(text: string, maxLength: number): string {
  return text
    .replace(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, maxLength)
    .replace(/\p{Cs}/gu, '');
}
