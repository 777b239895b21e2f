import { describe, expect, it } from 'vitest';
import { SEGMENT_KINDS } from './host.ts';
import { pageOffers, segmentsIn } from './segments.ts';

const storage = (kept: Record<string, string>) => ({ getItem: (key: string) => kept[key] ?? null });
const part = (Type: string, from: number, to: number) => ({
  Type,
  StartTicks: from * 10_000_000,
  EndTicks: to * 10_000_000,
});

describe('parts of an item', () => {
  it('are read in order, in ms; what is no part, or of a kind that nobody skips, is left out', () => {
    const Items = [
      part('Outro', 600, 700),
      part('Intro', 0, 60.5),
      part('Unknown', 100, 200),
      part('Recap', 90, 90),
      part('Commercial', 20, 10),
      part('Preview', -1, 5),
    ];
    expect(segmentsIn({ Items })).toEqual([
      { kind: 'intro', startMs: 0, endMs: 60_500 },
      { kind: 'outro', startMs: 600_000, endMs: 700_000 },
    ]);
  });

  const offers = (kept: Record<string, string>) =>
    SEGMENT_KINDS.map((kind) => `${kind} ${pageOffers(storage(kept), 'u1', kind)}`);

  it('have a button of the page’s own where nobody has chosen otherwise: intro and outro', () => {
    expect(offers({})).toEqual([
      'intro asked',
      'recap nothing',
      'commercial nothing',
      'preview nothing',
      'outro asked',
    ]);
  });

  it('follow what this person has chosen, and nobody else', () => {
    const kept = {
      'u1-segmentTypeAction__Intro': 'None',
      'u1-segmentTypeAction__Recap': 'AskToSkip',
      'u1-segmentTypeAction__Commercial': 'Skip',
      'u2-segmentTypeAction__Outro': 'None',
    };
    expect(offers(kept)).toEqual([
      'intro nothing',
      'recap asked',
      'commercial skipped',
      'preview nothing',
      'outro asked',
    ]);
  });
});
