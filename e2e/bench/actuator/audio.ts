/** What can be heard of a change of rate: PURE. */
import { median, quantile } from '../report.ts';

/** The steady tone: any jump in it shows against a prediction from its last two samples. */
export const TONE = { hz: 500, amplitude: 0.125 };
/** A swept pulse each quarter second: where it is heard is where the sound really is. */
export const PULSE = { periodS: 0.25, lengthS: 0.02, fromHz: 2_000, toHz: 6_000, amplitude: 0.5 };

/** About 21 ms at 48 kHz: one click spoils one block, or two when it falls on their border. */
const BLOCK_SAMPLES = 1_024;
/** 4 % of the tone's amplitude, and a hundred times what resampling leaves: beyond it the ear hears a click. */
export const BAD_RESIDUAL = 0.005;
/** A switch is heard within this of its command. */
const SWITCH_WINDOW_S = 0.5;

export interface ClickFigures {
  /** Usual prediction residual of a block, of full scale 1. */
  noiseFloor: number | null;
  largestAtSwitches: number | null;
  largestElsewhere: number | null;
  switches: number;
  badBlocksAtSwitches: number;
  /** These are no fault of the rate: the machine was too slow for its own sound. */
  badBlocksElsewhere: number;
}

/** @param switchesAtS when rates were changed, in seconds from the first sample. */
export function findClicks(samples: Float32Array, rateHz: number, switchesAtS: readonly number[]): ClickFigures {
  const peaks = blockPeaks(samples, rateHz);
  const isAtSwitch = (block: number): boolean => {
    const atS = (block * BLOCK_SAMPLES) / rateHz;
    const blockS = BLOCK_SAMPLES / rateHz;
    return switchesAtS.some((switchS) => atS + blockS >= switchS && atS <= switchS + SWITCH_WINDOW_S);
  };
  const atSwitches = peaks.filter((_, block) => isAtSwitch(block));
  const elsewhere = peaks.filter((_, block) => !isAtSwitch(block));
  const bad = (values: readonly number[]): number => values.filter((value) => value > BAD_RESIDUAL).length;
  return {
    noiseFloor: median(elsewhere),
    largestAtSwitches: quantile(atSwitches, 1),
    largestElsewhere: quantile(elsewhere, 1),
    switches: switchesAtS.length,
    badBlocksAtSwitches: bad(atSwitches),
    badBlocksElsewhere: bad(elsewhere),
  };
}

/** Per block, the largest difference between a sample and what a pure tone would have made of the two before it. */
function blockPeaks(samples: Float32Array, rateHz: number): number[] {
  const recall = 2 * Math.cos((2 * Math.PI * TONE.hz) / rateHz);
  const peaks: number[] = [];
  for (let n = 2; n < samples.length; n += 1) {
    const expected = recall * (samples[n - 1] ?? 0) - (samples[n - 2] ?? 0);
    const block = Math.floor(n / BLOCK_SAMPLES);
    peaks[block] = Math.max(peaks[block] ?? 0, Math.abs((samples[n] ?? 0) - expected));
  }
  // The last one is not whole.
  return peaks.slice(0, Math.floor(samples.length / BLOCK_SAMPLES));
}

/** A pulse may be this much nearer or farther than the last one says: far more than any rate or stretcher moves it. */
const SEARCH_S = 0.04;
/** A find weaker than this share of the strongest is noise. */
const LEAST_STRENGTH = 0.3;

/** One pulse in the sound: its number, counted from the first one found, and when it began, in seconds from the first sample. */
export interface Pulse {
  index: number;
  atS: number;
}

/** Finds each pulse by its shape. */
export function findPulses(samples: Float32Array, rateHz: number): Pulse[] {
  const shape = pulseShape(rateHz);
  const period = PULSE.periodS * rateHz;
  const search = Math.round(SEARCH_S * rateHz);
  const found: { index: number; at: number; strength: number }[] = [];
  let next = best(samples, shape, 0, Math.round(period));
  for (let index = 0; next && next.at + period + search + shape.length < samples.length; index += 1) {
    found.push({ index, ...next });
    const expected = Math.round(next.at + period);
    next = best(samples, shape, expected - search, expected + search);
  }
  const strongest = Math.max(...found.map(({ strength }) => strength));
  const clear = found.filter(({ strength }) => strength >= LEAST_STRENGTH * strongest);
  return clear.map(({ index, at }) => ({ index, atS: at / rateHz }));
}

function pulseShape(rateHz: number): Float32Array {
  const { lengthS, fromHz, toHz } = PULSE;
  return Float32Array.from({ length: Math.round(lengthS * rateHz) }, (_, n) => {
    const t = n / rateHz;
    const window = Math.sin((Math.PI * t) / lengthS) ** 2;
    return window * Math.sin(2 * Math.PI * (fromHz * t + ((toHz - fromHz) / (2 * lengthS)) * t * t));
  });
}

/** Where in this range of samples the shape fits best. */
function best(samples: Float32Array, shape: Float32Array, from: number, to: number): { at: number; strength: number } {
  let [at, strength] = [from, Number.NEGATIVE_INFINITY];
  for (let start = Math.max(0, from); start < to; start += 1) {
    let sum = 0;
    for (let n = 0; n < shape.length; n += 1) sum += (samples[start + n] ?? 0) * (shape[n] ?? 0);
    if (sum > strength) [at, strength] = [start, sum];
  }
  return { at, strength };
}
