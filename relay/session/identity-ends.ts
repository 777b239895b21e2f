import { ProtocolError } from '../../shared/errors.ts';
import { RESUME_TTL_MS } from '../../shared/limits.ts';
import type { ClientMessage, RelayMessage } from '../../shared/protocol.ts';
import type { ClaimsOf } from '../auth/claims.ts';
import { LEEWAY_S } from '../auth/compact.ts';
import { goodForMs, msUntil } from '../auth/ends.ts';
import type { Seated, Session, SessionContext } from './session.ts';

/** Who has to be gone when: one look now and then for a whole relay, and no timer for anybody. */
export class IdentityEnds {
  private readonly slots = new Map<number, Set<Seated>>();
  private readonly slotMs: number;

  /** @param slotMs how often `take` is asked. */
  constructor(slotMs: number) {
    this.slotMs = slotMs;
  }

  /** @param endsAtMs on the relay's clock, null: never. Replaces what was known of this socket. */
  watch(seated: Seated, endsAtMs: number | null): void {
    this.forget(seated);
    seated.identityEndsAtMs = endsAtMs;
    if (endsAtMs === null) return;
    const slot = this.slotOf(endsAtMs);
    const seats = this.slots.get(slot) ?? new Set();
    this.slots.set(slot, seats.add(seated));
  }

  forget(seated: Seated): void {
    if (seated.identityEndsAtMs === null) return;
    const slot = this.slotOf(seated.identityEndsAtMs);
    const seats = this.slots.get(slot);
    seats?.delete(seated);
    if (seats?.size === 0) this.slots.delete(slot);
    seated.identityEndsAtMs = null;
  }

  /** @returns the sockets whose identity has ended by now, and forgets them. */
  take(nowMs: number): Seated[] {
    const due = [...this.slots.keys()].filter((slot) => slot * this.slotMs <= nowMs);
    const seated = due.flatMap((slot) => [...(this.slots.get(slot) ?? [])]);
    for (const one of seated) this.forget(one);
    return seated;
  }

  /** The first look that finds it ended. */
  private slotOf(endsAtMs: number): number {
    return Math.ceil((endsAtMs + LEEWAY_S * 1000) / this.slotMs);
  }
}

/** @returns when who an identity says ends; undefined: never, for a name that somebody chose has nobody who could take it back. */
export const endOf = ({ verified, exp }: ClaimsOf['identity']): number | undefined => (verified ? exp : undefined);

/**
 * @param who the keys of the person it has to be of.
 * @returns when the identity shown ends; undefined: never.
 * @throws ProtocolError `token-invalid` for another person's.
 */
export async function endOfShown(
  { tokens, personKeys }: SessionContext,
  room: string,
  who: readonly string[],
  identity: string,
): Promise<number | undefined> {
  const shown = await tokens.verify('identity', identity);
  const keys = personKeys(room, shown.sub);
  if (!who.some((key) => keys.includes(key))) {
    throw new ProtocolError('token-invalid', 'the identity is of somebody else');
  }
  return endOf(shown);
}

/**
 * The member is still who it was, for longer (PROTOCOL.md A-09). The seat that says so is the one it has, with a later end.
 * @throws ProtocolError `token-invalid` for another person's identity: the member stays as it was.
 */
export async function renewIdentity(
  seated: Seated,
  { room, member }: Extract<Session, { state: 'joined' }>,
  { id, identity }: Extract<ClientMessage, { type: 'renew' }>,
): Promise<void> {
  const { context, socket } = seated;
  const held = room.seatOf(member);
  const until = await endOfShown(context, room.id, held?.who ?? [], identity);
  // Gone, or come back elsewhere, while that was checked.
  if (!held || seated.session.state !== 'joined' || !room.isSeated(member, socket)) return;
  const seat = context.tokens.mintNow('seat', { ...held, until }, RESUME_TTL_MS);
  room.seatGiven(seat, held, until);
  watchIdentity(seated, until);
  const reply: RelayMessage = { type: 'renewed', id, seat, identityMs: goodForMs(until) };
  socket.send(JSON.stringify(reply));
}

/** @param until when the identity that this socket came with ends; undefined: never. */
export function watchIdentity(seated: Seated, until: number | undefined): void {
  const leftMs = msUntil(until);
  seated.context.identityEnds.watch(seated, leftMs === null ? null : seated.context.nowMs() + leftMs);
}
