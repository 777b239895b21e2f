/** Whose seat a token is, and which. */
interface Given {
  member: string;
  jti: string;
  /** When the identity behind it ends, in seconds since 1970; undefined: never. */
  until: number | undefined;
}

/** The last characters of a signature: enough to tell tokens apart, and how far a guess is right cannot be told from the time it takes. */
const keyOf = (token: string): string => token.slice(-22);

/**
 * The seats that the members of a room hold, by the text of their tokens. Who shows one of them has the real one, since nobody else
 * knows its signature, and what it says the room knows: to check and read it anew was a tenth of what a crowd's return costs.
 */
export class GivenSeats {
  private readonly given = new Map<string, Given & { token: string; endsAtMs: number }>();

  /** @param endsAtMs when the token does, on the relay's clock. */
  note(token: string, { member, jti, until }: Given, endsAtMs: number): void {
    this.given.set(keyOf(token), { token, member, jti, until, endsAtMs });
  }

  /** Each is used once (PROTOCOL.md A-05), so it is forgotten. @returns null when it is none of these, or over. */
  take(token: string, nowMs: number): Given | null {
    const key = keyOf(token);
    const given = this.given.get(key);
    if (given?.token !== token) return null;
    this.given.delete(key);
    return nowMs < given.endsAtMs ? given : null;
  }

  /** Forgets those of who has left, and those that a later one replaces. @param members who are left. */
  tidy(members: readonly { id: string }[]): void {
    if (this.given.size <= members.length) return;
    const newest = new Map([...this.given].map(([key, { member }]) => [member, key]));
    const kept = new Set(members.map(({ id }) => newest.get(id)));
    for (const key of this.given.keys()) if (!kept.has(key)) this.given.delete(key);
  }
}
