import type { Agenda, Entry } from './agenda.ts';
import type { NodeClock } from './clock.ts';
import type { Random } from './random.ts';

/** A page's timers come late by about this, and now and then by much more (a garbage collection, a long task). */
const LATE_MEAN_MS = 1.2;
const LONG_TASK_SHARE = 0.02;
const LONG_TASK_MS = [5, 40] as const;

/** Ends a timer. */
export type Cancel = () => void;

/** `setTimeout` and `setInterval` of one page. */
export class Timers {
  private readonly agenda: Agenda;
  private readonly clock: NodeClock;
  private readonly random: Random;

  constructor(agenda: Agenda, clock: NodeClock, random: Random) {
    this.agenda = agenda;
    this.clock = clock;
    this.random = random;
  }

  after(delayMs: number, run: () => void): Cancel {
    const entry = this.agenda.after(Math.max(0, delayMs) + this.lateMs(), run);
    return () => this.agenda.cancel(entry);
  }

  /** Keeps to its beat: a late turn does not delay the next one. */
  every(periodMs: number, run: () => void): Cancel {
    let dueMs = this.agenda.now();
    let entry: Entry | null = null;
    const plan = (): void => {
      dueMs += periodMs;
      entry = this.agenda.at(dueMs + this.lateMs(), () => {
        plan();
        run();
      });
    };
    plan();
    return () => this.agenda.cancel(entry);
  }

  /** A timer set `spinMs` early, and the rest of the way spun. @param localMs an instant of `clock.now()`. */
  spinUntil(localMs: number, spinMs: number, run: () => void): Cancel {
    const dueMs = this.clock.trueMsOf(localMs);
    const timerMs = Math.max(this.agenda.now(), dueMs - spinMs) + this.lateMs();
    // A tenth is the clock's own step: the loop ends when the clock has reached the instant.
    const entry = this.agenda.at(Math.max(timerMs, dueMs + 0.1 * this.random.unit()), run);
    return () => this.agenda.cancel(entry);
  }

  private lateMs(): number {
    const long = this.random.chance(LONG_TASK_SHARE) ? this.random.between(LONG_TASK_MS) : 0;
    return this.random.exponential(LATE_MEAN_MS) + long;
  }
}
