import { SEAT_GRACE_MS } from '../../shared/limits.ts';
import type { OverlayModel } from '../overlay/model.ts';
import type { KeptSeat } from '../platform/messages.ts';
import type { Ask } from './sign-in.ts';

/** The party that this browser was in last, while it is offered or taken up again. */
export class LastParty {
  readonly #ask: Ask;
  readonly #model: OverlayModel;
  #seat: KeptSeat | null = null;

  constructor(ask: Ask, model: OverlayModel) {
    this.#ask = ask;
    this.#model = model;
  }

  seat(): KeptSeat | null {
    return this.#seat;
  }

  /** @returns the seat to take at once: the browser or the extension stopped while that party was on. Else it is offered. */
  async look(): Promise<KeptSeat | null> {
    const reply = await this.#ask({ type: 'kept-get' });
    const kept = reply.ok ? reply.value : null;
    if (!kept) return null;
    this.#seat = kept.seat;
    // The film has gone on without this tab for a moment, which the relay knows best.
    if (kept.restarted && kept.ageMs < SEAT_GRACE_MS) return { ...kept.seat, film: null };
    this.#model.kept.value = { title: kept.seat.film?.media.title ?? null };
    return null;
  }

  /** @param take is given the seat, if there is one. */
  takeUp(take: (kept: KeptSeat) => void): void {
    if (this.#seat) take(this.#seat);
  }

  /** @param room that this tab goes to: in another one, or once it is in (null), there is nothing to go back to. */
  entering(room: string | null): void {
    this.#model.kept.value = null;
    if (this.#seat?.room !== room) this.#seat = null;
  }

  forget(): void {
    this.#seat = null;
    this.#model.kept.value = null;
    void this.#ask({ type: 'kept-forget' });
  }
}
