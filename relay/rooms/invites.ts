/** An invite that the room has something to remember of. */
export interface KnownInvite {
  jti: string;
  /** Public id of the member who made it; null when that is not known. */
  by: string | null;
  /** How many it lets in, and how many it has. */
  uses: number;
  used: number;
  /** When it ends, in seconds since 1970, as its token says. */
  exp: number;
  revoked: boolean;
}

/** What a room remembers of its invites; the tokens themselves say all else (PROTOCOL.md M-10). */
export interface Invites {
  /** Oldest first. */
  known: readonly KnownInvite[];
  /** Invites that end by then, in seconds since 1970, let nobody in: more were revoked than are remembered one by one. */
  voidUntil: number;
}

/** What an invite's token says, and who is to be remembered for it. */
export type ShownInvite = Pick<KnownInvite, 'jti' | 'by' | 'uses' | 'exp'>;

/** Nobody has used it, and the room has not heard of it: when it ends is in its token alone. */
const UNTOLD_END = 9_999_999_999;
/** Taken back unheard of, in all and by one member: what else the room has to remember needs room. */
const MAX_UNTOLD = 16;
const MAX_UNTOLD_OF_ONE = 4;

export const NO_INVITES: Invites = Object.freeze({ known: [], voidUntil: 0 });
/** So many fit into a snapshot beside a full room. */
export const MAX_KNOWN_INVITES = 24;

export const findInvite = ({ known }: Invites, jti: string): KnownInvite | undefined =>
  known.find((one) => one.jti === jti);

/** @returns how many have come in with it. */
export const usesOf = (invites: Invites, jti: string): number => findInvite(invites, jti)?.used ?? 0;

/** @returns why this invite lets nobody in; null when it would. */
export function closedInvite(
  invites: Invites,
  { jti, uses, exp }: Pick<ShownInvite, 'jti' | 'uses' | 'exp'>,
): 'invite-revoked' | 'invite-used-up' | null {
  if (exp <= invites.voidUntil || findInvite(invites, jti)?.revoked) return 'invite-revoked';
  return usesOf(invites, jti) >= uses ? 'invite-used-up' : null;
}

/** Somebody came in with it. */
export const countUse = (invites: Invites, invite: ShownInvite): Invites =>
  put(invites, { ...asKnown(invites, invite), used: usesOf(invites, invite.jti) + 1 });

/** It was made for somebody in particular, so it is listed before anybody has used it. */
export const noteMade = (invites: Invites, invite: ShownInvite): Invites => put(invites, asKnown(invites, invite));

/** @returns an invite that only its maker knows of, by what it is called. */
export const unusedInvite = (jti: string, by: string): ShownInvite => ({ jti, by, uses: 0, exp: UNTOLD_END });

/** @returns whether the room can remember one more that it had not heard of. @param member who takes it back. */
export function mayRevokeUnused({ known }: Invites, member: string): boolean {
  const untold = known.filter(({ exp }) => exp === UNTOLD_END);
  return untold.length < MAX_UNTOLD && untold.filter(({ by }) => by === member).length < MAX_UNTOLD_OF_ONE;
}

/** @param invite what is to be remembered when nothing is known of it. */
export const revoke = (invites: Invites, invite: ShownInvite): Invites =>
  put(invites, { ...asKnown(invites, invite), revoked: true });

/** What two relays remember of one room: whatever either has seen happen, has (PROTOCOL.md M-10). */
export function mergeInvites(kept: Invites, here: Invites): Invites {
  return kept.known.reduce<Invites>(
    (invites, one) => {
      const { used, revoked } = asKnown(invites, one);
      return put(invites, { ...one, used: Math.max(used, one.used), revoked: revoked || one.revoked });
    },
    { ...here, voidUntil: Math.max(kept.voidUntil, here.voidUntil) },
  );
}

const asKnown = (invites: Invites, { jti, by, uses, exp }: ShownInvite): KnownInvite =>
  findInvite(invites, jti) ?? { jti, by, uses, used: 0, exp, revoked: false };

function put(invites: Invites, invite: KnownInvite): Invites {
  const isKnown = findInvite(invites, invite.jti) !== undefined;
  const known = isKnown
    ? invites.known.map((one) => (one.jti === invite.jti ? invite : one))
    : [...invites.known, invite];
  return known.length > MAX_KNOWN_INVITES ? forgetOne({ ...invites, known }) : { ...invites, known };
}

/** The one that ends first goes. Only those that are revoked cannot go unnoticed: their like is void from then on. */
function forgetOne({ known, voidUntil }: Invites): Invites {
  const live = known.filter(({ revoked }) => !revoked);
  const [first] = [...(live.length > 0 ? live : known)].sort((a, b) => a.exp - b.exp);
  const left = known.filter((one) => one !== first);
  return { known: left, voidUntil: first?.revoked ? Math.max(voidUntil, first.exp) : voidUntil };
}
