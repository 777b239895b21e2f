/** What stands between a member and perfect sync in a seeded world: its path to the relay and its clock. PURE. */
import { seeded } from '../../../extension/sync/testing/agenda.ts';

/** One member's way to the relay. */
export interface Path {
  /** Least one-way delays; their difference is what no ping can see. */
  upMs: number;
  downMs: number;
  /** Median of the lognormal delay that each packet has on top, in each direction. */
  jitterMs: number;
}

/** The clock of a member's page as its extension reads it. */
export interface PageClock {
  offsetMs: number;
  /** Parts per million by which it runs fast. */
  skewPpm: number;
}

export interface Conditions {
  path: Path;
  clock: PageClock;
}

const RTT_MS = [25, 90] as const;
const JITTER_MEDIAN_MS = [1, 4] as const;
/** Spread of the logarithm: a twentieth of the packets is later than 2.7 times the median. */
const JITTER_SIGMA = 0.6;
const ASYMMETRY = 0.08;
const CLOCK_SPREAD_MS = 1e6;
/** A packet lost on the way comes with the retransmission; TCP holds what follows back until then. */
const LOSS = 0.003;
const RETRANSMISSION_MS = 200;
const SKEWS_PPM = [0, 40, -60, 30];

/** @returns the same conditions for the same seed, one for each member. */
export function drawConditions(seed: number, members: number): Conditions[] {
  const random = seeded(seed);
  const between = ([least, most]: readonly [number, number]): number => least + random() * (most - least);
  return Array.from({ length: members }, (_, index) => {
    const halfMs = between(RTT_MS) / 2;
    const tilt = between([-ASYMMETRY, ASYMMETRY]);
    return {
      path: { upMs: halfMs * (1 + tilt), downMs: halfMs * (1 - tilt), jitterMs: between(JITTER_MEDIAN_MS) },
      clock: { offsetMs: random() * CLOCK_SPREAD_MS, skewPpm: SKEWS_PPM[index % SKEWS_PPM.length] ?? 0 },
    };
  });
}

/** @returns how far ahead of the relay's clock a perfect ping-pong puts this member: its film is ahead by as much, in ms. */
export const unseenMs = ({ upMs, downMs }: Path): number => (upMs - downMs) / 2;

/** @returns the delay of one packet, before it waits for those ahead of it. @param random from 0 to 1. */
export function packetDelayMs(path: Path, direction: 'up' | 'down', random: () => number): number {
  const gaussian = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const jitterMs = path.jitterMs * Math.exp(JITTER_SIGMA * gaussian);
  const lostMs = random() < LOSS ? RETRANSMISSION_MS : 0;
  return (direction === 'up' ? path.upMs : path.downMs) + jitterMs + lostMs;
}
