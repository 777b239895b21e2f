import type { KeptSeat, TabMemory } from '../platform/messages.ts';
import type { Destination } from './entry.ts';
import type { Ask } from './sign-in.ts';

/** What this tab remembers across reloads, and its browser of the party across restarts; the background keeps it. */
export class TabKeeper {
  readonly #ask: Ask;
  readonly #user: () => string;
  #memory: TabMemory = { seat: null, pendingInvite: null, panelOpen: false };
  #isLoaded = false;

  /** @param user who is signed in to Jellyfin, as `user@server`. */
  constructor(ask: Ask, user: () => string) {
    this.#ask = ask;
    this.#user = user;
  }

  async load(): Promise<void> {
    const reply = await this.#ask({ type: 'tab-get' });
    if (reply.ok && reply.value) this.#memory = reply.value;
    this.#isLoaded = true;
  }

  isLoaded(): boolean {
    return this.#isLoaded;
  }

  get(): Readonly<TabMemory> {
    return this.#memory;
  }

  async change(part: Partial<TabMemory>): Promise<void> {
    this.#memory = { ...this.#memory, ...part };
    await this.#ask({ type: 'tab-set', memory: this.#memory });
  }

  /** @param seat of the party at this destination: each welcome brings another; null when it is over. */
  seatGiven({ relay, room, snapshot, film, invite }: Destination, seat: string | null): void {
    if (seat === null) {
      void this.change({ seat: null });
      return;
    }
    const old = this.#memory.seat;
    const kept = old?.relay === relay && old.room === room ? old : { snapshot, film, invite };
    const { snapshot: newest = null, film: last = null, invite: link = null } = kept;
    void this.change({ seat: { relay, room, seat, snapshot: newest, film: last, invite: link, user: this.#user() } });
  }

  /** What there is to come back with, besides the seat. */
  learned(part: Partial<Pick<KeptSeat, 'snapshot' | 'film' | 'invite'>>): void {
    const { seat } = this.#memory;
    if (seat) void this.change({ seat: { ...seat, ...part } });
  }
}
