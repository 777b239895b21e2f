import {
  ASYMMETRY_SHARE,
  BURST_INTERVAL_MS,
  BURST_PINGS,
  CLOCK_RESOLUTION_MS,
  CLOCK_WINDOW_MS,
  MAX_CLOCK_SAMPLES,
  STEADY_INTERVAL_MS,
  YOUNG_INTERVAL_MS,
  YOUNG_PINGS,
} from './constants.ts';

/** One one-way measure: `valueMs` is the clocks' difference plus or minus the path's delay. */
interface Sample {
  atMs: number;
  valueMs: number;
}

/** What is known of the relay's clock. Two machines' clocks are subtracted here and nowhere else (design.md rule 6). */
export interface Clock {
  /** Relay minus local at sending: offset + delay up. */
  up: readonly Sample[];
  /** Local minus relay at arrival: delay down - offset. */
  down: readonly Sample[];
  /** Round trips, for the delivery estimate. */
  trips: readonly Sample[];
}

export interface ClockEstimate {
  /** Relay clock minus this page's clock, in ms. */
  offsetMs: number;
  /** Published bound of the offset's error, in ms: typical asymmetry plus what the filter is unsure of. */
  errorMs: number;
  /** Shortest round trip in the window, in ms; half of it is the hard bound of the error. */
  roundTripMs: number;
  /** 95th percentile of one-way delivery from the relay, in ms: half the shortest trip plus the slow ones' excess. */
  deliveryMs: number;
}

/** @returns a clock that knows nothing. */
export const createClock = (): Clock => ({ up: [], down: [], trips: [] });

/**
 * Adds a ping's answer.
 * @param c local ms when it was sent. @param s relay ms when answered. @param receivedAtMs local ms when it arrived.
 */
export function addPong(clock: Clock, c: number, s: number, receivedAtMs: number): Clock {
  if (receivedAtMs < c) return clock;
  return {
    up: keep(clock.up, { atMs: c, valueMs: s - c }, receivedAtMs),
    down: keep(clock.down, { atMs: receivedAtMs, valueMs: receivedAtMs - s }, receivedAtMs),
    trips: keep(clock.trips, { atMs: receivedAtMs, valueMs: receivedAtMs - c }, receivedAtMs),
  };
}

/** Adds a stamped one-way message from the relay: a free sample of the way down. */
export function addOneWay(clock: Clock, s: number, receivedAtMs: number): Clock {
  return { ...clock, down: keep(clock.down, { atMs: receivedAtMs, valueMs: receivedAtMs - s }, receivedAtMs) };
}

function keep(samples: readonly Sample[], sample: Sample, nowMs: number): Sample[] {
  const fresh = samples.filter((old) => nowMs - old.atMs <= CLOCK_WINDOW_MS);
  return [...fresh.slice(-(MAX_CLOCK_SAMPLES - 1)), sample];
}

/**
 * The relay's clock as seen from here. Each direction's minimum needs one lucky packet that way, not one lucky round
 * trip, so one-sided jitter (a full uplink, a retransmission) does not show. The skew term `b * (now - atMs)` of the
 * later controller goes into `lowest`; without it 50 ppm cost at most 3 ms over the window.
 * @returns null before the first answered ping.
 */
export function estimateClock(clock: Clock): ClockEstimate | null {
  if (clock.trips.length === 0) return null;
  const up = lowest(clock.up);
  const down = lowest(clock.down);
  const trips = lowest(clock.trips);
  const roundTripMs = trips[0] ?? 0;
  const unsureMs = (spreadOfThree(up) + spreadOfThree(down)) / 2;
  return {
    offsetMs: ((up[0] ?? 0) - (down[0] ?? 0)) / 2,
    errorMs: roundTripMs * ASYMMETRY_SHARE + unsureMs / 2 + CLOCK_RESOLUTION_MS,
    roundTripMs,
    deliveryMs: roundTripMs / 2 + (trips[Math.floor(trips.length * 0.95)] ?? roundTripMs) - roundTripMs,
  };
}

const lowest = (samples: readonly Sample[]): number[] => samples.map((sample) => sample.valueMs).sort((a, b) => a - b);
const spreadOfThree = (sorted: readonly number[]): number =>
  (sorted[Math.min(2, sorted.length - 1)] ?? 0) - (sorted[0] ?? 0);

/** When the next ping is due, and how many went out since the schedule began. */
export interface PingPlan {
  sent: number;
  dueAtMs: number;
}

/** @returns a schedule that begins with a burst now. */
export const beginPings = (nowMs: number): PingPlan => ({ sent: 0, dueAtMs: nowMs });

/** @returns the schedule after a ping at `nowMs`. A late one is not made up for: the path is measured, not counted. */
export function afterPing(plan: PingPlan, nowMs: number): PingPlan {
  const sent = plan.sent + 1;
  const waitMs =
    sent < BURST_PINGS ? BURST_INTERVAL_MS : sent < BURST_PINGS + YOUNG_PINGS ? YOUNG_INTERVAL_MS : STEADY_INTERVAL_MS;
  return { sent, dueAtMs: nowMs + waitMs };
}
