import type { Random } from './random.ts';

/** One direction between a member and the relay. Times in ms. */
export interface PathSpec {
  /** Delay of a packet that meets no other. */
  baseMs: number;
  /** Median of what other traffic adds, log-normal. */
  jitterMs: number;
  /** Share of segments lost; each costs a retransmission time-out. */
  loss: number;
  /** Times at which a queue fills up on the way (a handover, an upload); it drains evenly. */
  bursts: readonly Burst[];
}

export interface Burst {
  fromMs: number;
  lastsMs: number;
  peakMs: number;
}

/** Standard deviation of the jitter's logarithm: the 95th percentile is 3.7 times the median. */
const JITTER_SPREAD = 0.8;
/** Linux never retransmits sooner, and doubles from there (RFC 6298 section 5, with Linux' 200 ms minimum). */
const LEAST_RTO_MS = 200;
const MAX_RETRIES = 4;

/** One TCP connection in one direction: delays, losses that cost time, and never out of order. */
export class Channel {
  private readonly spec: PathSpec;
  private readonly random: Random;
  private lastArrivalMs = Number.NEGATIVE_INFINITY;

  constructor(spec: PathSpec, random: Random) {
    this.spec = spec;
    this.random = random;
  }

  /** @returns when a message sent now arrives, in ms; one behind a lost segment waits for it. */
  arrivalMs(sentAtMs: number): number {
    const { baseMs, jitterMs } = this.spec;
    const delayMs = baseMs + this.random.logNormal(jitterMs, JITTER_SPREAD) + this.queueMs(sentAtMs) + this.retryMs();
    this.lastArrivalMs = Math.max(this.lastArrivalMs, sentAtMs + delayMs);
    return this.lastArrivalMs;
  }

  private queueMs(atMs: number): number {
    let sum = 0;
    for (const { fromMs, lastsMs, peakMs } of this.spec.bursts) {
      if (atMs >= fromMs && atMs < fromMs + lastsMs) sum += peakMs * (1 - (atMs - fromMs) / lastsMs);
    }
    return sum;
  }

  private retryMs(): number {
    let sum = 0;
    let timeoutMs = Math.max(LEAST_RTO_MS, 3 * this.spec.baseMs);
    for (let i = 0; i < MAX_RETRIES && this.random.chance(this.spec.loss); i++) {
      sum += timeoutMs;
      timeoutMs *= 2;
    }
    return sum;
  }
}

/** Draws when queues fill up. @param everyMs mean time from one to the next. @param worstMs longest queue. */
export function drawBursts(random: Random, untilMs: number, everyMs: number, worstMs: number): Burst[] {
  const bursts: Burst[] = [];
  for (let fromMs = random.exponential(everyMs); fromMs < untilMs; fromMs += random.exponential(everyMs)) {
    bursts.push({ fromMs, lastsMs: random.between([300, 2_500]), peakMs: worstMs * random.between([0.2, 1]) });
  }
  return bursts;
}
