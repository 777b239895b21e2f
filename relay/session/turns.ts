/** How long what has come in is worked on before the sockets are looked at again, in ms. */
const TURN_MS = 4;

/** Something that has come and can wait its turn. */
export interface Waiting {
  turn(): void;
}

/**
 * What a stranger first says costs a hundred times a ping, and after a restart everybody says it at once. It is taken in the
 * order in which it came, a few milliseconds at a time: in between the sockets are read, so that when each hello came is known
 * (PROTOCOL.md S-06), and who is in already is answered.
 */
export class Turns {
  private readonly nowMs: () => number;
  private waiting: Waiting[] = [];
  /** Of those, how many have had their turn. */
  private taken = 0;

  /** @param nowMs any clock, in ms. */
  constructor(nowMs: () => number) {
    this.nowMs = nowMs;
  }

  /** @param waiting gets its turn soon, when all that has come by now has been read. */
  add(waiting: Waiting): void {
    if (this.waiting.push(waiting) === 1) setImmediate(this.take);
  }

  private readonly take = (): void => {
    const untilMs = this.nowMs() + TURN_MS;
    do {
      this.waiting[this.taken]?.turn();
      this.taken += 1;
    } while (this.taken < this.waiting.length && this.nowMs() < untilMs);
    if (this.taken < this.waiting.length) {
      setImmediate(this.take);
      return;
    }
    this.waiting = [];
    this.taken = 0;
  };
}
