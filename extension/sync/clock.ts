import { isKnown, type Sample, type Skew, skewOf, takeBucket } from './clock-skew.ts';
import {
  ASYMMETRY_SHARE,
  BURST_INTERVAL_MS,
  BURST_PINGS,
  CLOCK_RESOLUTION_MS,
  CLOCK_WINDOW_MS,
  DELIVERY_SHARE,
  DELIVERY_WINDOW_MS,
  MAX_CLOCK_SAMPLES,
  REBURST_ERROR_MS,
  REBURST_PINGS,
  REBURST_SPACING_MS,
  STEADY_INTERVAL_MS,
  YOUNG_INTERVAL_MS,
  YOUNG_PINGS,
  YOUNG_WINDOW_MS,
} from './constants.ts';

/** What is known of the relay's clock. Two machines' clocks are subtracted here and nowhere else (design.md rule 6). */
export interface Clock {
  /** Relay minus local at sending: offset + delay up. */
  up: readonly Sample[];
  /** Local minus relay at arrival: delay down - offset. */
  down: readonly Sample[];
  /** Round trips: the shortest is the hard bound of the error. */
  trips: readonly Sample[];
  skew: Skew;
  /** Worked out once per sample, because every step of the engine asks for it; null before the first answered ping. */
  fix: ClockFix | null;
}

/** The estimate as of one instant. */
interface ClockFix {
  atMs: number;
  offsetMs: number;
  errorMs: number;
  roundTripMs: number;
  deliveryMs: number;
}

export interface ClockEstimate {
  /** Relay clock minus this page's clock, in ms. */
  offsetMs: number;
  /** Published bound of the offset's error, in ms: typical asymmetry plus what the filter is unsure of. */
  errorMs: number;
  /** Shortest round trip in the window, in ms; half of it is the hard bound of the error. */
  roundTripMs: number;
  /** What four of five messages from the relay take at most, in ms: half the shortest trip plus the slow ones' excess. */
  deliveryMs: number;
}

/** @param skew what an earlier session found of how fast the relay's clock runs against this one's, as a share. */
export const createClock = (skew = 0): Clock => ({
  up: [],
  down: [],
  trips: [],
  skew: { prior: skew, value: skew, buckets: [], bucketSinceMs: null },
  fix: null,
});

/** The paths may be new or the clock may have stopped: what was measured no longer counts, how fast the clocks run does. */
export const restartClock = (clock: Clock): Clock => createClock(clock.skew.value);

/** Another way to the same relay: minima of two paths do not go together, but the clocks are the same. */
export const reroute = (clock: Clock): Clock => ({ ...clock, up: [], down: [], trips: [] });

/**
 * Adds a ping's answer.
 * @param c local ms when it was sent. @param s relay ms when answered. @param receivedAtMs local ms when it arrived.
 */
export function addPong(clock: Clock, c: number, s: number, receivedAtMs: number): Clock {
  if (receivedAtMs < c) return clock;
  const up = keep(clock.up, { atMs: c, valueMs: s - c }, receivedAtMs);
  const down = keep(clock.down, { atMs: receivedAtMs, valueMs: receivedAtMs - s }, receivedAtMs);
  const trips = keep(clock.trips, { atMs: receivedAtMs, valueMs: receivedAtMs - c }, receivedAtMs);
  const skew = takeBucket(clock.skew, up, down, receivedAtMs);
  return { up, down, trips, skew, fix: fixFrom(up, down, trips, skew, receivedAtMs) };
}

/** Adds a stamped one-way message from the relay: a free sample of the way down. */
export function addOneWay(clock: Clock, s: number, receivedAtMs: number): Clock {
  const down = keep(clock.down, { atMs: receivedAtMs, valueMs: receivedAtMs - s }, receivedAtMs);
  // Half of a way says nothing.
  const fix = clock.up.length > 0 ? fixFrom(clock.up, down, clock.trips, clock.skew, receivedAtMs) : clock.fix;
  return { ...clock, down, fix };
}

function keep(samples: readonly Sample[], sample: Sample, nowMs: number): Sample[] {
  const fresh = samples.filter((old) => nowMs - old.atMs <= CLOCK_WINDOW_MS);
  return [...fresh.slice(-(MAX_CLOCK_SAMPLES - 1)), sample];
}

/**
 * The relay's clock as seen from here. Each direction's minimum needs one lucky packet that way, not one lucky round
 * trip, so one-sided jitter (a full uplink, a retransmission) does not show; older samples are carried to now by the
 * skew (sync.md section 3a).
 * @param nowMs local ms.
 * @returns null before the first answered ping.
 */
export function estimateClock({ fix, skew }: Clock, nowMs: number): ClockEstimate | null {
  if (!fix) return null;
  const { atMs, offsetMs, errorMs, roundTripMs, deliveryMs } = fix;
  return { offsetMs: offsetMs + skewOf(skew) * (nowMs - atMs), errorMs, roundTripMs, deliveryMs };
}

function fixFrom(
  up: readonly Sample[],
  down: readonly Sample[],
  trips: readonly Sample[],
  skew: Skew,
  nowMs: number,
): ClockFix {
  const rate = skewOf(skew);
  const sinceMs = nowMs - (isKnown(skew) ? CLOCK_WINDOW_MS : YOUNG_WINDOW_MS);
  const ups = lowestThree(since(up, sinceMs), nowMs, rate);
  const downs = lowestThree(since(down, sinceMs), nowMs, -rate);
  const roundTripMs = Math.min(...trips.map((sample) => sample.valueMs));
  const unsureMs = (ups.spreadMs + downs.spreadMs) / 2;
  return {
    atMs: nowMs,
    offsetMs: (ups.leastMs - downs.leastMs) / 2,
    errorMs: roundTripMs * ASYMMETRY_SHARE + unsureMs / 2 + CLOCK_RESOLUTION_MS,
    roundTripMs,
    deliveryMs: roundTripMs / 2 + usualMs(since(down, nowMs - DELIVERY_WINDOW_MS), nowMs, -rate) - downs.leastMs,
  };
}

/** A stretch without answers leaves the old ones to go by. */
function since(samples: readonly Sample[], sinceMs: number): readonly Sample[] {
  const fresh = samples.filter((sample) => sample.atMs >= sinceMs);
  return fresh.length > 0 ? fresh : samples;
}

/** The least of the samples as they would be now, and how far the third is from it. */
function lowestThree(samples: readonly Sample[], nowMs: number, rate: number): { leastMs: number; spreadMs: number } {
  let first = Number.POSITIVE_INFINITY;
  let second = first;
  let third = first;
  for (const { atMs, valueMs } of samples) {
    const now = valueMs + rate * (nowMs - atMs);
    if (now < first) [first, second, third] = [now, first, second];
    else if (now < second) [second, third] = [now, second];
    else if (now < third) third = now;
  }
  const last = Number.isFinite(third) ? third : Number.isFinite(second) ? second : first;
  return { leastMs: first, spreadMs: last - first };
}

/** @returns what `DELIVERY_SHARE` of the samples stay below, as they would be now. */
function usualMs(samples: readonly Sample[], nowMs: number, rate: number): number {
  const values = samples.map(({ atMs, valueMs }) => valueMs + rate * (nowMs - atMs)).sort((a, b) => a - b);
  return values[Math.ceil(values.length * DELIVERY_SHARE) - 1] ?? 0;
}

/** When the next ping is due, how many went out since the schedule began, and since when it may be broken by a burst. */
export interface PingPlan {
  sent: number;
  dueAtMs: number;
  /** Pings of the present burst still to go. */
  burst: number;
  burstAtMs: number;
}

/** @returns a schedule that begins with a burst now. */
export const beginPings = (nowMs: number): PingPlan => ({
  sent: 0,
  dueAtMs: nowMs,
  burst: BURST_PINGS - 1,
  burstAtMs: nowMs,
});

/** @returns the schedule after a ping at `nowMs`. A late one is not made up for: the path is measured, not counted. */
export function afterPing(plan: PingPlan, nowMs: number): PingPlan {
  const sent = plan.sent + 1;
  if (plan.burst > 0) return { ...plan, sent, burst: plan.burst - 1, dueAtMs: nowMs + BURST_INTERVAL_MS };
  const waitMs = sent < BURST_PINGS + YOUNG_PINGS ? YOUNG_INTERVAL_MS : STEADY_INTERVAL_MS;
  return { ...plan, sent, dueAtMs: nowMs + waitMs };
}

/** @returns the schedule with a short burst when the estimate has become unsure of itself, now and then. */
export function burstWhenUnsure(plan: PingPlan, estimate: ClockEstimate | null, nowMs: number): PingPlan {
  const unsureMs = estimate ? estimate.errorMs - estimate.roundTripMs * ASYMMETRY_SHARE : 0;
  if (unsureMs <= REBURST_ERROR_MS || nowMs - plan.burstAtMs < REBURST_SPACING_MS) return plan;
  return { ...plan, dueAtMs: nowMs, burst: REBURST_PINGS - 1, burstAtMs: nowMs };
}
