import { describe, expect, it } from 'vitest';
import { Agenda } from './agenda.ts';
import { type Browser, Glitches, MediaClock, type Pitch } from './media-clock.ts';
import { Random } from './random.ts';

function moving(browser: Browser, seed = 1): { agenda: Agenda; clock: MediaClock } {
  const agenda = new Agenda();
  const glitches = new Glitches(new Random(seed, 'glitches'));
  const clock = new MediaClock(agenda, browser, 0, new Random(seed, 'noise'), glitches, () => undefined);
  clock.run(0);
  return { agenda, clock };
}

/** How far the position is from what a second at `rate` and one at 1 make, after the 75 ms that a rate takes, in ms. */
function excursion(browser: Browser, rate: number, pitch: Pitch, seed = 1): number {
  const { agenda, clock } = moving(browser, seed);
  agenda.runUntil(1_000);
  clock.setRate(rate, pitch);
  agenda.runUntil(2_000);
  clock.setRate(1, pitch);
  agenda.runUntil(3_000);
  return clock.positionMs() - (2_000 + 1_000 * rate);
}

const seeds = Array.from({ length: 40 }, (_, i) => i + 1);

describe('the media clock', () => {
  it('follows a natural rate exactly, however small, 75 ms after it was asked for', () => {
    const { agenda, clock } = moving('chromium');
    clock.setRate(1.0005, 'natural');
    agenda.runUntil(75);
    expect(clock.positionMs()).toBe(75);
    agenda.runUntil(10_075);
    expect(clock.positionMs()).toBeCloseTo(10_080, 0);
    for (const seed of seeds) expect(Math.abs(excursion('chromium', 1.003, 'natural', seed))).toBeLessThan(0.1);
  });

  it('loses about 21 ms for each excursion with the pitch kept, nothing between rates, and nothing in Firefox', () => {
    for (const seed of seeds) {
      const lost = excursion('chromium', 1.05, 'kept', seed);
      expect(lost).toBeGreaterThan(-24 - 3.6 - 0.5);
      expect(lost).toBeLessThan(-18 + 3.1 + 0.5);
      expect(Math.abs(excursion('firefox', 1.05, 'kept', seed))).toBeLessThan(0.5);
    }
    const { agenda, clock } = moving('chromium');
    clock.setRate(1.05, 'kept');
    agenda.runUntil(1_000);
    const before = clock.positionMs() - 1.05 * 1_000;
    clock.setRate(1.1, 'kept');
    agenda.runUntil(1_075);
    agenda.runUntil(2_075);
    expect(clock.positionMs() - 1.05 * 1_075 - 1.1 * 1_000 - before).toBeCloseTo(0, 0);
  });

  it('does nothing for a kept rate next to 1', () => {
    expect(excursion('chromium', 1.001, 'kept')).toBeCloseTo(-1, 6);
    expect(Math.abs(excursion('chromium', 1.002, 'kept'))).toBeGreaterThan(14);
  });

  it('shows the time with little noise, save for glitches that one reading cannot tell', () => {
    const { agenda, clock } = moving('chromium');
    const off = Array.from({ length: 60_000 / 5 }, (_, i) => {
      agenda.runUntil((i + 1) * 5);
      return Math.abs(clock.shownMs() - clock.positionMs());
    });
    const glitches = off.filter((each) => each > 1);
    expect(glitches.length).toBeGreaterThan(0);
    expect(glitches.length).toBeLessThan(40);
    expect(Math.min(...glitches)).toBeGreaterThan(9);
    expect(off.filter((each) => each < 0.2).length).toBeGreaterThan(11_900);
  });

  it('shows frames in Firefox while it moves, and the very place while it stands', () => {
    const { agenda, clock } = moving('firefox');
    agenda.runUntil(100);
    expect(clock.shownMs()).toBeCloseTo(83.333, 2);
    clock.place(100);
    expect(clock.shownMs()).toBe(100);
  });
});
