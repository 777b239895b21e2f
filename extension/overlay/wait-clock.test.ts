import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { secondsLeft } from './summary.ts';
import { mayGoOn, nextChangeMs } from './wait-clock.ts';

const wait = (sinceMs: number, endsAtMs: number) => ({ names: ['Ben'], you: false, sinceMs, endsAtMs, next: null });

describe('the clock of a wait', () => {
  it('changes with each whole second left, and when going on is offered', () => {
    expect(nextChangeMs(wait(0, 30_000), 0)).toBe(1_000);
    expect(nextChangeMs(wait(0, 30_300), 0)).toBe(300);
    expect(nextChangeMs(wait(0, 30_300), 300)).toBe(1_000);
    expect(nextChangeMs(wait(0, 30_000), 29_500)).toBe(30_000);
    expect(nextChangeMs(wait(0, 30_000), 30_000)).toBeNull();
  });

  it('ticks with the countdown to the next item, which needs no way out for nobody', () => {
    const next = { title: 'E2', startsAtMs: 5_300 };
    const view = { ...wait(0, 12_000), names: [], next };
    expect(nextChangeMs(view, 0)).toBe(300);
    expect(nextChangeMs(view, 300)).toBe(1_000);
    expect(nextChangeMs(view, 4_400)).toBe(5_000);
    expect(nextChangeMs(view, 5_000)).toBe(5_300);
    expect(mayGoOn(view, 6_000)).toBe(false);
  });

  it('offers going on at the very instant it named, whatever rounding makes of it', () => {
    const view = wait(30.50089105220201, 30.50089105220201);
    const offerAtMs = nextChangeMs(view, view.sinceMs);
    expect(offerAtMs).not.toBeNull();
    expect(mayGoOn(view, offerAtMs ?? 0)).toBe(true);
  });

  it('misses nothing that is said, and comes to an end', () => {
    const ms = fc.double({ min: 0, max: 130_000, noNaN: true });
    fc.assert(
      fc.property(ms, ms, (startMs, lengthMs) => {
        const view = wait(startMs, startMs + lengthMs);
        const said = (nowMs: number) => `${secondsLeft(view, nowMs)} ${mayGoOn(view, nowMs)}`;
        let nowMs = startMs;
        for (let turns = 0; ; turns += 1) {
          expect(turns).toBeLessThan(140);
          const next = nextChangeMs(view, nowMs);
          const untilMs = next ?? nowMs + 5_000;
          expect(untilMs).toBeGreaterThan(nowMs);
          // Up to a hundredth before the next change everything reads the same.
          if (untilMs - nowMs > 0.01) expect(said(untilMs - 0.01)).toBe(said(nowMs));
          if (next === null) break;
          nowMs = next;
        }
        expect(said(nowMs)).toBe('0 true');
      }),
    );
  });
});
