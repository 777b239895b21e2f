import { type InviteLink, parseInviteLink } from '../../shared/invite-link.ts';
import { SEAT_GRACE_MS } from '../../shared/limits.ts';
import type { JellyfinSession } from '../jellyfin/host.ts';
import type { OverlayModel } from '../overlay/model.ts';
import type { KeptSeat } from '../platform/messages.ts';
import type { Ask } from './sign-in.ts';

/** @returns who is signed in to Jellyfin, as `user@server`; '' when nobody is. */
export const userOf = (session: JellyfinSession | null): string =>
  session ? `${session.userId}@${session.serverId}` : '';

/** @returns the seat of who was gone for a moment only: where the film has gone on to meanwhile, the relay knows best. */
export const withoutFilm = (seat: KeptSeat): KeptSeat => ({ ...seat, film: null });

/** The party that this browser was in last, while it is offered or taken up again. */
export class LastParty {
  readonly #ask: Ask;
  readonly #model: OverlayModel;
  #seat: KeptSeat | null = null;
  /** Who was signed out of the party in this tab: the seat is theirs when they sign in again. */
  #awaited: string | null = null;

  constructor(ask: Ask, model: OverlayModel) {
    this.#ask = ask;
    this.#model = model;
  }

  /**
   * @param user who is signed in to Jellyfin, as `user@server`: nobody takes the seat of another one of this browser.
   * @returns the seat to take at once: the browser or the extension stopped while that party was on, or this tab's person was signed
   * out. Else it is offered.
   */
  async look(user: string): Promise<KeptSeat | null> {
    const wasHere = this.#awaited === user;
    this.#awaited = null;
    const reply = await this.#ask({ type: 'kept-get' });
    const kept = reply.ok ? reply.value : null;
    if (kept?.seat.user !== user) return null;
    this.#seat = kept.seat;
    const isBrief = kept.ageMs < SEAT_GRACE_MS;
    if (wasHere || (kept.restarted && isBrief)) return isBrief ? withoutFilm(kept.seat) : kept.seat;
    this.#offer(kept.seat);
    return null;
  }

  /** @param user who was signed out of Jellyfin, and so of the party, in this tab. */
  await(user: string): void {
    this.#awaited = user;
  }

  /** @returns whether the party that this tab was in is of somebody else than who is signed in now. */
  isOfAnother(user: string): boolean {
    return this.#awaited !== null && this.#awaited !== user;
  }

  /** @param take is given the seat, if there is one. */
  takeUp(take: (kept: KeptSeat) => void): void {
    if (this.#seat) take(this.#seat);
  }

  /** @param room that this tab goes to: in another one, or once it is in (null), there is nothing to go back to. */
  entering(room: string | null): void {
    this.#awaited = null;
    this.#model.kept.value = null;
    if (this.#seat?.room !== room) this.#seat = null;
  }

  /** The way back ended. @param code null when the person gave up. @returns a link to come in by instead of the seat. */
  ended(code: string | null): InviteLink | null {
    const seat = this.#seat;
    if (!seat) return null;
    if (code === null) {
      this.#offer(seat);
      return null;
    }
    this.forget();
    return seat.invite && code.startsWith('token-') ? parseInviteLink(seat.invite) : null;
  }

  #offer({ film }: KeptSeat): void {
    this.#model.kept.value = { title: film?.media.title ?? null };
  }

  forget(): void {
    this.#seat = null;
    this.#model.kept.value = null;
    void this.#ask({ type: 'kept-forget' });
  }
}
