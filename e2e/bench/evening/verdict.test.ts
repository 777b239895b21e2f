import { describe, expect, it } from 'vitest';
import type { Track } from '../../support/sampler.ts';
import type { Evening } from './evening.ts';
import { faultsOf, verdictOf } from './verdict.ts';

const EPISODE_MS = 60_000;

/** A film that plays for a minute, so far ahead of the others. */
function track(aheadMs: number, events: Track['events'] = []): Track {
  const clock = Array.from({ length: EPISODE_MS / 20 }, (_, index) => ({
    atMs: index * 20,
    positionMs: index * 20 + aheadMs,
    rate: 1,
    pitchKept: false,
    playing: true,
  }));
  return { clock, pictures: [], events };
}

const event = (type: string, atMs: number): Track['events'][number] => ({ type, atMs, positionMs: atMs });

const evening = (tracks: Track[], part: Partial<Evening> = {}): Evening => ({
  tracks,
  episodes: [{ key: 'episode1', fromMs: 0, endMs: EPISODE_MS - 1_000, behind: [] }],
  mishaps: [],
  clockDisagreementMs: 0,
  pathErrors: { packets: 0, p50Ms: null, p95Ms: null, p99Ms: null, maxMs: null },
  ...part,
});
const verdict = (tracks: Track[], part: Partial<Evening> = {}) =>
  verdictOf(
    evening(tracks, part),
    tracks.map(() => 'chromium'),
  );

describe('an evening', () => {
  it('is without fault when all are on the right frame and nobody stopped', () => {
    const good = verdict([track(0), track(8), track(-20)]);
    expect(good.ends[0]?.p95).toBeCloseTo(28, 0);
    expect(faultsOf(good)).toEqual([]);
  });

  it('is not when somebody is apart at the end, or on another episode', () => {
    expect(faultsOf(verdict([track(0), track(41)]))).toEqual(['apart by 41.0 ms (95 %) at the end of episode1']);
    const behind = [{ key: 'episode1' as const, fromMs: 0, endMs: EPISODE_MS - 1_000, behind: ['ben'] }];
    expect(faultsOf(verdict([track(0), track(0)], { episodes: behind }))).toEqual([
      'left behind at the end of episode1: ben',
    ]);
  });

  it('is not when one of them never played beside the others at the end, however close those were', () => {
    const stopped = track(0);
    for (const sample of stopped.clock) sample.playing = sample.atMs < 20_000;
    expect(faultsOf(verdict([track(0), track(4), track(8), stopped]))).toContain(
      'apart by Infinity ms (95 %) at the end of episode1',
    );
  });

  it('counts what stopped or jumped, but not where something was done to that member', () => {
    const stops = [event('pause', 20_000), event('seeking', 20_100), event('ratechange', 20_200)];
    expect(verdict([track(0), track(0, stops)]).disturbances).toHaveLength(2);
    const mishaps = [{ what: 'reload' as const, who: 1, atMs: 19_000, overMs: 19_000 }];
    expect(verdict([track(0), track(0, stops)], { mishaps }).disturbances).toEqual([]);
    expect(verdict([track(0, stops), track(0)], { mishaps }).disturbances).toHaveLength(2);
  });

  it('says how soon all were together again, or that they never were', () => {
    const late = track(0);
    for (const sample of late.clock) if (sample.atMs >= 20_000 && sample.atMs < 23_000) sample.playing = false;
    const mishaps = [{ what: 'drop' as const, who: 1, atMs: 19_000, overMs: 20_000 }];
    expect(verdict([track(0), late], { mishaps }).returns[0]?.seconds).toBeCloseTo(3, 1);
    const never = verdict([track(0), track(90)], { mishaps });
    expect(never.returns[0]?.seconds).toBeNull();
    expect(faultsOf(never)).toContain('not back after the drop');
  });
});
