import { describe, expect, it } from 'vitest';
import { findClicks, findPulses, PULSE, TONE } from './audio.ts';
import { clickFigures, excursionsOf, rateFigures, slipFigures } from './measure.ts';
import type { Recording, Stretch } from './page.ts';

const RATE_HZ = 48_000;
const sine = (hz: number, t: number): number => Math.sin(2 * Math.PI * hz * t);

/** A recording of this many seconds of a sound, which may depend on where the film is. */
const recorded = (seconds: number, sound: (t: number) => number): Float32Array<ArrayBuffer> =>
  Float32Array.from({ length: seconds * RATE_HZ }, (_, n) => sound(n / RATE_HZ));

const pulseAt = (contentS: number): number => {
  const t = contentS % PULSE.periodS;
  if (t >= PULSE.lengthS) return 0;
  const sweepHz = (PULSE.toHz - PULSE.fromHz) / (2 * PULSE.lengthS);
  return PULSE.amplitude * Math.sin((Math.PI * t) / PULSE.lengthS) ** 2 * sine(1, PULSE.fromHz * t + sweepHz * t * t);
};

/** The page's clock is 1000 ms ahead of the sound clock, which counts from the first sample. */
const AHEAD_MS = 1_000;
function recordingOf(samples: Float32Array<ArrayBuffer>): Recording {
  const clock = Array.from({ length: 200 }, (_, i) => [AHEAD_MS + i * 50, i * 50] as const);
  return { rateHz: RATE_HZ, base64: Buffer.from(samples.buffer).toString('base64'), startsAtMs: 0, clock };
}

/** Readings each 5 ms of a clock that runs at exactly these rates. */
function stretchesAt(rates: readonly { rate: number; forMs: number }[], fps: number | null = null): Stretch[] {
  let [atMs, positionMs] = [AHEAD_MS, 5_000];
  return rates.map(({ rate, forMs }) => {
    const [fromMs, fromPositionMs] = [atMs, positionMs];
    const readings = Array.from({ length: forMs / 5 }, (_, i) => {
      const exactMs = fromPositionMs + i * 5 * rate;
      return [fromMs + i * 5, fps === null ? exactMs : Math.floor((exactMs * fps) / 1000) * (1000 / fps)] as const;
    });
    atMs += forMs;
    positionMs += forMs * rate;
    return { rate, fromMs, readings };
  });
}

describe('findClicks', () => {
  it('hears nothing in a steady tone, nor in one whose pitch moves by half a percent', () => {
    const steady = recorded(2, (t) => TONE.amplitude * sine(TONE.hz, t));
    const bent = recorded(2, (t) => TONE.amplitude * sine(TONE.hz, t < 1 ? t : 1 + (t - 1) * 1.005));
    for (const samples of [steady, bent]) {
      const { largestAtSwitches, badBlocksAtSwitches, badBlocksElsewhere } = findClicks(samples, RATE_HZ, [1]);
      expect(largestAtSwitches).toBeLessThan(5e-4);
      expect([badBlocksAtSwitches, badBlocksElsewhere]).toEqual([0, 0]);
    }
  });

  it('hears a jump in the tone, and whether it is at a switch', () => {
    const jumping = recorded(2, (t) => TONE.amplitude * sine(TONE.hz, t < 1.1 ? t : t + 0.0007));
    expect(findClicks(jumping, RATE_HZ, [1])).toMatchObject({ badBlocksAtSwitches: 1, badBlocksElsewhere: 0 });
    const elsewhere = findClicks(jumping, RATE_HZ, [0.2]);
    expect(elsewhere).toMatchObject({ badBlocksAtSwitches: 0, badBlocksElsewhere: 1 });
    expect(elsewhere.largestElsewhere).toBeGreaterThan(0.05);
  });

  it('finds the switches of a playback in its recording', () => {
    const samples = recorded(4, (t) => TONE.amplitude * sine(TONE.hz, t < 2.08 ? t : t + 0.0007));
    const stretches = stretchesAt([{ rate: 1, forMs: 2_000 }].concat({ rate: 1.003, forMs: 1_000 }));
    const figures = clickFigures({ stretches, recording: recordingOf(samples) });
    expect(figures).toMatchObject({ switches: 1, badBlocksAtSwitches: 1, badBlocksElsewhere: 0 });
  });
});

describe('findPulses', () => {
  it('finds each pulse to a tenth of a ms, also in noise', () => {
    let noise = 1;
    const samples = recorded(3, (t) => {
      noise = (noise * 16_807) % 2_147_483_647;
      return pulseAt(t + 0.1) + 0.1 * (noise / 1_073_741_823 - 1);
    });
    const pulses = findPulses(samples, RATE_HZ);
    expect(pulses.length).toBeGreaterThan(9);
    for (const { index, atS } of pulses) expect(Math.abs(atS - (0.15 + index * 0.25))).toBeLessThan(1e-4);
  });
});

describe('slipFigures', () => {
  it('says how fast the sound leaves the clock', () => {
    const stretches = stretchesAt([{ rate: 1, forMs: 2_000 }].concat({ rate: 1.005, forMs: 6_000 }));
    // As a stretcher at its worst: the sound goes on at rate 1.
    const stuck = slipFigures({ stretches, recording: recordingOf(recorded(8, (t) => pulseAt(t + 0.06))) }).get(1.005);
    expect(Math.abs((stuck?.msPerMinute ?? 0) + 300)).toBeLessThan(5);
    expect(Math.abs((stuck?.largestMs ?? 0) + 28)).toBeLessThan(2);
    const followed = recorded(8, (t) => pulseAt(t < 2 ? t + 0.06 : 2.06 + (t - 2) * 1.005));
    const exact = slipFigures({ stretches, recording: recordingOf(followed) }).get(1.005);
    expect(Math.abs(exact?.msPerMinute ?? 99)).toBeLessThan(2);
  });
});

describe('slipFigures on a machine that is too slow', () => {
  it('does not take a halt of all sound for a slip', () => {
    const haltAtMs = AHEAD_MS + 6_000;
    const late = (atMs: number, rate: number): number => (atMs > haltAtMs ? 20 * rate : 0);
    const stretches = stretchesAt([{ rate: 1, forMs: 2_000 }].concat({ rate: 1.005, forMs: 6_000 })).map((stretch) => ({
      ...stretch,
      readings: stretch.readings.map(([atMs, ms]) => [atMs, ms - late(atMs, stretch.rate)] as const),
    }));
    const recording = recordingOf(recorded(8, (t) => pulseAt(t < 2 ? t + 0.06 : 2.06 + (t - 2) * 1.005)));
    const clock = recording.clock.map(([atMs, ms]) => [atMs, ms - late(atMs, 1)] as const);
    const figures = slipFigures({ stretches, recording: { ...recording, clock } }).get(1.005);
    expect(Math.abs(figures?.msPerMinute ?? 99)).toBeLessThan(3);
  });
});

describe('excursionsOf', () => {
  const plan = [
    { rate: 1, forMs: 1_500 },
    { rate: 1.003, forMs: 2_500 },
    { rate: 1, forMs: 1_500 },
    { rate: 1.03, forMs: 2_500 },
    { rate: 1, forMs: 1_500 },
  ];

  it('takes each excursion with the rests around it', () => {
    const found = excursionsOf(stretchesAt(plan));
    expect(found.map(({ rate }) => rate)).toEqual([1.003, 1.03]);
    const figures = rateFigures(found.filter(({ rate }) => rate === 1.003));
    expect(Math.abs(figures.stepMs ?? 99)).toBeLessThan(0.3);
    expect(Math.abs(figures.slopeError ?? 99)).toBeLessThan(0.1);
    expect(figures.restSdMs).toBeLessThan(0.01);
  });

  it('is less sure of a clock that moves in frames, and says how unsteady it reads', () => {
    const [exact, framed] = [null, 24].map((fps) => rateFigures(excursionsOf(stretchesAt(plan, fps)).slice(0, 1)));
    expect(framed?.slopeBound).toBeGreaterThan(5 * (exact?.slopeBound ?? 99));
    expect(framed?.restSdMs).toBeGreaterThan(10);
  });
});
