import type { Agenda } from './agenda.ts';

/** A jump of the wall clock, in ms. */
export interface DateStep {
  atMs: number;
  byMs: number;
}

export interface ClockSpec {
  /** What `performance.now()` says at the beginning of the world, in ms. */
  originMs: number;
  /** How much faster than true time it runs, e.g. 30e-6. */
  skew: number;
  /** Wall clock minus true time, in ms. */
  dateOffsetMs: number;
  dateSteps: readonly DateStep[];
}

/** `performance.now()` moves in steps of this in a page that is not cross-origin isolated, in ms. */
const RESOLUTION = 10;

/** The two clocks of one machine. */
export class NodeClock {
  private readonly agenda: Agenda;
  private readonly spec: ClockSpec;

  constructor(agenda: Agenda, spec: ClockSpec) {
    this.agenda = agenda;
    this.spec = spec;
  }

  /** Monotonic, in ms. */
  now(): number {
    const { originMs, skew } = this.spec;
    return Math.floor((originMs + this.agenda.now() * (1 + skew)) * RESOLUTION) / RESOLUTION;
  }

  /** `Date.now()`: whole ms, steps when somebody sets it, and runs with the same crystal. */
  date(): number {
    const { skew, dateOffsetMs, dateSteps } = this.spec;
    const trueMs = this.agenda.now();
    const stepped = dateSteps.reduce((sum, { atMs, byMs }) => (trueMs >= atMs ? sum + byMs : sum), 0);
    return Math.floor(trueMs * (1 + skew) + dateOffsetMs + stepped);
  }

  /** @returns the true time at which `now` reaches an instant, in ms. */
  trueMsOf(localMs: number): number {
    return (localMs - this.spec.originMs) / (1 + this.spec.skew);
  }
}
