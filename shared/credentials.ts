import * as v from 'valibot';
import { byTag } from './by-tag.ts';
import { MAX_NAME_LENGTH, MAX_TOKEN_LENGTH, MIN_TOKEN_LENGTH } from './limits.ts';
import { id } from './media.ts';

export const token = v.pipe(v.string(), v.minLength(MIN_TOKEN_LENGTH), v.maxLength(MAX_TOKEN_LENGTH));
export const name = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(MAX_NAME_LENGTH));

/** What a member shows at the door (PROTOCOL.md R-02). A seat whose identity has ended needs a new one beside it. */
export const CredentialSchema = byTag(
  v.variant('kind', [
    v.object({ kind: v.literal('grant'), grant: token }),
    v.object({ kind: v.literal('invite'), invite: token, identity: v.optional(token), name: v.optional(name) }),
    v.object({ kind: v.literal('seat'), seat: token, identity: v.optional(token) }),
  ]),
);
export type Credential = v.InferOutput<typeof CredentialSchema>;

/** A member shows that it is still who it was (PROTOCOL.md A-09). */
export const RenewSchema = v.object({ type: v.literal('renew'), id, identity: token });

/** How long the identity that a member came with is good for from now, in ms; null or missing: it has none that ends. */
export const identityMs = v.optional(v.nullable(v.pipe(v.number(), v.finite(), v.minValue(0))));

export const RenewedSchema = v.object({ type: v.literal('renewed'), id, seat: token, identityMs });
