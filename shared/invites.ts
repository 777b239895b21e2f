import * as v from 'valibot';
import { MAX_INVITE_TTL_MS, MAX_MEMBERS } from './limits.ts';
import { id } from './media.ts';

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const instant = v.pipe(v.number(), v.finite());
const durationMs = v.pipe(instant, v.minValue(0), v.maxValue(MAX_INVITE_TTL_MS));

/** A member wants a link (PROTOCOL.md M-06). */
export const InviteRequestSchema = v.object({
  type: v.literal('invite'),
  id,
  ttlMs: v.optional(durationMs),
  uses: v.optional(v.pipe(count, v.minValue(1), v.maxValue(MAX_MEMBERS))),
  jellyfinUrl: v.pipe(v.string(), v.maxLength(300), v.regex(/^https?:\/\//)),
  /** May the landing page show the poster? */
  poster: v.optional(v.boolean()),
});

/** What members do about the invites there are (PROTOCOL.md M-10). */
export const INVITE_ACTIONS = [
  v.object({ kind: v.literal('invites') }),
  v.object({ kind: v.literal('revoke'), invite: id }),
] as const;

/** What a room remembers of an invite: who made it, how many it lets in and has. */
const KnownInviteSchema = v.object({
  invite: id,
  by: v.nullable(id),
  uses: count,
  used: count,
  /** Its end, in seconds since 1970. */
  exp: count,
});

export const INVITE_ANSWERS = [
  v.object({
    type: v.literal('invite'),
    id,
    url: v.pipe(v.string(), v.maxLength(4096)),
    expiresInMs: durationMs,
    /** Which invite the link is of, to revoke it by, and how many it lets in. */
    invite: id,
    uses: count,
  }),
  v.object({ type: v.literal('invites'), s: instant, invites: v.array(KnownInviteSchema) }),
] as const;
