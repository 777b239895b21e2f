/** The timer goes off no more often than this, in ms. */
const GAP_MS = 100;

/** Something that has so much time and no more. */
export interface Due {
  /** Set when it is added. */
  dueAtMs: number;
  /** Its time is over. */
  due(): void;
}

/**
 * All have the same time, so they are due in the order in which they came, and one timer does for all of them: one for each
 * stranger, set and cleared, is dear when a crowd comes back.
 */
export class Deadlines {
  private readonly nowMs: () => number;
  private readonly timeMs: number;
  private readonly waiting = new Set<Due>();
  private timer: NodeJS.Timeout | null = null;

  /** @param nowMs any clock, in ms. @param timeMs how much time each has; up to a tenth of a second more is given. */
  constructor(nowMs: () => number, timeMs: number) {
    this.nowMs = nowMs;
    this.timeMs = timeMs;
  }

  add(what: Due): void {
    what.dueAtMs = this.nowMs() + this.timeMs;
    this.waiting.add(what);
    this.timer ??= setTimeout(look, this.timeMs, this).unref();
  }

  /** It is never due now. */
  forget(what: Due): void {
    this.waiting.delete(what);
  }

  /** Nothing is due any more. */
  stop(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    this.waiting.clear();
  }

  look(): void {
    const nowMs = this.nowMs();
    this.timer = null;
    for (const what of this.waiting) {
      if (what.dueAtMs > nowMs) {
        this.timer = setTimeout(look, Math.max(GAP_MS, what.dueAtMs - nowMs), this).unref();
        return;
      }
      this.waiting.delete(what);
      what.due();
    }
  }
}

const look = (deadlines: Deadlines): void => deadlines.look();
