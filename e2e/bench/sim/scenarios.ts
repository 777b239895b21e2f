/** Who takes part, over which paths. Delays are drawn anew for each seed. */
import { FIREFOX } from '../../../extension/sync/testing/sim-player.ts';
import type { MemberOptions } from '../../../extension/sync/testing/world.ts';

interface Paths {
  /** Round trip between these, in ms. */
  rttMs: readonly [number, number];
  /** Mean of the exponential delay on top of each direction, in ms. */
  jitterMs: number;
  /** One direction is up to this share longer than half of the round trip, the other shorter. */
  asymmetry: number;
}

export interface Scenario {
  name: string;
  paths: Paths;
  /** Every other member is a Firefox, whose media clock moves in frames. */
  withFirefox: boolean;
}

const LAN: Paths = { rttMs: [1, 4], jitterMs: 0.3, asymmetry: 0 };
const BROADBAND: Paths = { rttMs: [25, 90], jitterMs: 3, asymmetry: 0.08 };
const WORLDWIDE: Paths = { rttMs: [60, 220], jitterMs: 6, asymmetry: 0.1 };

export const SCENARIOS: readonly Scenario[] = [
  { name: 'lan', paths: LAN, withFirefox: false },
  { name: 'broadband', paths: BROADBAND, withFirefox: false },
  { name: 'worldwide', paths: WORLDWIDE, withFirefox: false },
  { name: 'broadband-firefox', paths: BROADBAND, withFirefox: true },
];

/** Media clocks differ by about this much from true time (standard deviation). */
const SKEW = 25e-6;
const FIREFOX_FPS = 24;
/** Pages opened at any time within about a day of each other. */
const CLOCK_SPREAD_MS = 1e8;

/** @param index of the member. @param random from 0 to 1, seeded. */
export function drawMember({ paths, withFirefox }: Scenario, index: number, random: () => number): MemberOptions {
  const [leastMs, mostMs] = paths.rttMs;
  const halfMs = (leastMs + random() * (mostMs - leastMs)) / 2;
  const tilt = (random() * 2 - 1) * paths.asymmetry;
  const gaussian = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return {
    upMs: halfMs * (1 + tilt),
    downMs: halfMs * (1 - tilt),
    jitterMs: paths.jitterMs,
    clockOffsetMs: Math.round(random() * CLOCK_SPREAD_MS),
    skew: gaussian * SKEW,
    ...(withFirefox && index % 2 === 1 ? { quantisedFps: FIREFOX_FPS, latency: FIREFOX } : {}),
  };
}
