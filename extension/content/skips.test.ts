import { describe, expect, it } from 'vitest';
import type { Media } from '../../shared/protocol.ts';
import type { SkippablePart } from '../jellyfin/host.ts';
import type { News } from './party-state.ts';
import { type Going, Skips } from './skips.ts';

const RECAP: SkippablePart = { kind: 'recap', startMs: 10_000, endMs: 40_000, asked: false };
const PREVIEW: SkippablePart = { kind: 'preview', startMs: 95_000, endMs: 100_000, asked: true };

const media = (itemId: string): Media => ({ serverId: 'a'.repeat(32), itemId, title: 'Film', runtimeMs: 100_000 });

/** A player that is where a test says, and a clock that a test sets off. */
async function bench(parts: readonly SkippablePart[], at: number | null) {
  const life = new AbortController();
  const told: [string, number][] = [];
  let going: Going = at === null ? null : { positionMs: at, rate: 1, durationMs: 100_000 };
  let timer = null as { run: () => void; delayMs: number } | null;
  const deps = {
    host: { parts: () => Promise.resolve(parts) },
    onNews: (news: News) => void (news.type === 'part' && told.push([news.part, news.toMs])),
    setTimer: (run: () => void, delayMs: number) => {
      timer = { run, delayMs };
      return () => {
        timer = null;
      };
    },
  };
  const skips = new Skips(deps, () => going, life.signal);
  await skips.mediaChanged(media('1'));
  return {
    skips,
    told,
    life,
    timer: () => timer,
    /** The player is there now, and something makes us look. */
    go: (positionMs: number | null, rate = 1) => {
      going = positionMs === null ? null : { positionMs, rate, durationMs: 100_000 };
      skips.look();
    },
  };
}

describe('parts to skip', () => {
  it('are told of when the film comes to them, once', async () => {
    const { told, go, timer } = await bench([RECAP], 4_000);
    expect(told).toEqual([]);
    expect(timer()?.delayMs).toBeCloseTo(6_050);
    go(10_050);
    go(14_000);
    expect(told).toEqual([['recap', 40_000]]);
  });

  it('are told of in the middle, and again when the film goes back into them', async () => {
    const { told, go } = await bench([RECAP], 20_000);
    go(50_000);
    go(12_000);
    expect(told).toEqual([
      ['recap', 40_000],
      ['recap', 40_000],
    ]);
  });

  it('wait less at a higher speed', async () => {
    const { timer, go } = await bench([RECAP], 4_000);
    go(4_000, 2);
    expect(timer()?.delayMs).toBeCloseTo(3_050);
  });

  it('are not told of right before their end, nor while the film rests', async () => {
    const { told, go } = await bench([RECAP], 37_500);
    go(null);
    expect(told).toEqual([]);
  });

  it('end before the film does, so that it ends by itself', async () => {
    const { told } = await bench([PREVIEW], 95_500);
    expect(told).toEqual([['preview', 99_000]]);
  });

  it('belong to what plays: parts of an item that is gone are forgotten, also when they come late', async () => {
    const { skips, told, timer, go } = await bench([RECAP], 4_000);
    const late = skips.mediaChanged(media('2'));
    await skips.mediaChanged(null);
    await late;
    go(20_000);
    expect(told).toEqual([]);
    expect(timer()).toBeNull();
  });

  it('end with the party', async () => {
    const { told, go, life, timer } = await bench([RECAP], 4_000);
    life.abort();
    expect(timer()).toBeNull();
    go(20_000);
    expect(told).toEqual([]);
  });
});
