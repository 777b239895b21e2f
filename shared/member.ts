import * as v from 'valibot';
import { AvatarSchema } from './avatar.ts';
import { name } from './credentials.ts';
import { FOLLOWS } from './follows.ts';
import { id } from './media.ts';

const finite = v.pipe(v.number(), v.finite());

/** What a member's player is doing, as that member reports it (PROTOCOL.md M-03). */
export const MEMBER_STATES = [
  'joining',
  'in-sync',
  'catching-up',
  'buffering',
  'background',
  'autoplay-blocked',
  'away',
  'other-item',
  'item-missing',
] as const;
export type MemberState = (typeof MEMBER_STATES)[number];

/** What a member knows of why it is not in step, or hears it late (PROTOCOL.md M-08). */
export const REASONS = ['audio-delay', 'gave-up', 'slow-start', 'coarse-clock', 'other-cut'] as const;
export type Reason = (typeof REASONS)[number];

/**
 * How the film's stream comes to a member (PROTOCOL.md M-13): the file as it is, or one that the server makes from it. Null: not
 * known.
 */
const DELIVERIES = ['direct', 'transcode'] as const;
export type Delivery = (typeof DELIVERIES)[number];

/** A member's own measure of how far its picture is from the timeline. Null while it cannot tell. */
export const statusFields = {
  state: v.picklist(MEMBER_STATES),
  follow: v.exactOptional(v.fallback(v.picklist(FOLLOWS), 'closely')),
  delivery: v.exactOptional(v.fallback(v.nullable(v.picklist(DELIVERIES)), null)),
  offsetMs: v.nullable(finite),
  errorMs: v.nullable(v.pipe(finite, v.minValue(0))),
  /** A reason that a later version knows and this one does not is as good as none. */
  reason: v.optional(v.fallback(v.nullable(v.picklist(REASONS)), null), null),
};

/** What a member is in its party (PROTOCOL.md P-01); what that allows is in powers.ts. */
export const ROLES = ['host', 'co-host', 'guest'] as const;
export type Role = (typeof ROLES)[number];

export const MemberSchema = v.object({
  id,
  name,
  /** A role that a later version knows and this one does not has no power here. */
  role: v.fallback(v.picklist(ROLES), 'guest'),
  verified: v.boolean(),
  connected: v.boolean(),
  /** Of verified members that have one. What is wrong with it costs the picture only. */
  avatar: v.exactOptional(v.fallback(v.nullable(AvatarSchema), null)),
  ...statusFields,
});
export type Member = v.InferOutput<typeof MemberSchema>;
