import type { Browser } from './world/media-clock.ts';
import type { StreamKind } from './world/player.ts';

type Range = readonly [number, number];

/** How a member's stream behaves. Times in ms. */
export interface Streaming {
  kind: StreamKind;
  /** Media that arrives in each ms while the network is well. */
  fill: Range;
  bufferMostMs: number;
  loadMs: Range;
  fetchMs: Range;
  /** Mean time between spells of a slow network, how long they last, and what then arrives; null: never. */
  slow: { everyMs: number; lastsMs: Range; fill: Range } | null;
  /** Mean time between pieces that come late by themselves; null: never. */
  hiccups: { everyMs: number; lastsMs: Range } | null;
}

/** Who takes part, over which paths, with which players. */
export interface Scenario {
  name: string;
  /** Round trip without any waiting, in ms. */
  rttMs: Range;
  /**
   * How unequal the two directions are, as a share of half the round trip: standard deviation and bound. The bounds are
   * those of sync.md; the deviations make the floors of its section 4a (p95 2.0, 9.2 and 5.8 ms).
   */
  asymmetry: { deviation: number; bound: number };
  /** Median jitter of one direction, drawn for each, in ms. */
  jitterMs: Range;
  loss: number;
  /** Mean time between bursts and the longest queue they make, in ms; null: none. */
  bursts: { everyMs: number; worstMs: number } | null;
  /** Mean time between steps of a member's wall clock and their size, in ms; null: none. */
  dateSteps: { everyMs: number; byMs: number } | null;
  /** By member, over and over. */
  browsers: readonly [Browser, ...Browser[]];
  streams: readonly [Streaming, ...Streaming[]];
}

const DIRECT: Streaming = {
  kind: 'direct',
  fill: [4, 12],
  bufferMostMs: 60_000,
  loadMs: [200, 500],
  fetchMs: [30, 150],
  slow: null,
  hiccups: null,
};

/** A line that gives out for a while: 10 to 40 s with less than is needed, about every four minutes. */
const SLOW_SPELLS = { everyMs: 240_000, lastsMs: [10_000, 40_000], fill: [0, 0.7] } as const;
const HICCUPS = { everyMs: 300_000, lastsMs: [150, 1_000] } as const;

const STRUGGLING_DIRECT: Streaming = { ...DIRECT, fill: [1.5, 4], bufferMostMs: 20_000, slow: SLOW_SPELLS };
const STRUGGLING_HLS: Streaming = {
  kind: 'hls',
  fill: [1.5, 4],
  bufferMostMs: 20_000,
  loadMs: [500, 1_500],
  fetchMs: [200, 900],
  slow: SLOW_SPELLS,
  hiccups: HICCUPS,
};
const TRANSCODE: Streaming = {
  kind: 'progressive-transcode',
  fill: [1.2, 3],
  bufferMostMs: 30_000,
  loadMs: [1_500, 4_000],
  fetchMs: [1_500, 4_000],
  slow: null,
  hiccups: HICCUPS,
};

const BROADBAND: Scenario = {
  name: 'broadband',
  rttMs: [25, 90],
  asymmetry: { deviation: 0.025, bound: 0.08 },
  jitterMs: [1, 4],
  loss: 0.003,
  bursts: null,
  dateSteps: null,
  browsers: ['chromium'],
  streams: [DIRECT],
};

export const SCENARIOS: readonly Scenario[] = [
  BROADBAND,
  {
    ...BROADBAND,
    name: 'worldwide',
    rttMs: [60, 220],
    asymmetry: { deviation: 0.045, bound: 0.1 },
    jitterMs: [1.5, 6],
    loss: 0.006,
  },
  {
    ...BROADBAND,
    name: 'mobile',
    rttMs: [40, 120],
    asymmetry: { deviation: 0.049, bound: 0.15 },
    jitterMs: [4, 12],
    loss: 0.01,
    bursts: { everyMs: 15_000, worstMs: 250 },
  },
  { ...BROADBAND, name: 'stalls-hls', streams: [DIRECT, STRUGGLING_HLS, STRUGGLING_DIRECT, TRANSCODE] },
  { ...BROADBAND, name: 'clock-steps', dateSteps: { everyMs: 600_000, byMs: 350 } },
  { ...BROADBAND, name: 'broadband-firefox', browsers: ['chromium', 'firefox'] },
];
