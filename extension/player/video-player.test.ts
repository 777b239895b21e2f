import { describe, expect, it } from 'vitest';
import type { Habits } from './testing/fake-video.ts';
import type { Op, World, Write } from './testing/fuzz-ops.ts';
import { expectSound, inFakeBrowser, play, startRun, type Told, toldBy } from './testing/fuzz-play.ts';

inFakeBrowser();

const MILL: Habits = {
  endsInOneTask: false,
  tellsRateOnLoad: false,
  namesSourceLate: false,
  autoplayAllowed: true,
};

/** A run of the mill world; `known` says what of it matters. */
const worldWith = (known: Partial<World>): World => ({
  habits: MILL,
  item: { kind: 'direct', durationS: 5_400, resumeS: 903, startsThere: true },
  bound: 'while-playing',
  pageListensFirst: true,
  pitch: true,
  rate: 1,
  savedRate: null,
  isLast: false,
  ...known,
});

const own = (write: Write): Op => ({ by: 'own', write });
const person = (write: Write): Op => ({ by: 'person', write });
const RECEIVE: Op = { by: 'media', do: 'receive' };
const FINISH: Op = { by: 'media', do: 'finish' };
const READ: Op = { by: 'browser', do: 'read' };
const hear = (count: number): Op => ({ by: 'browser', do: 'deliver', count });
const ALL = 20;
const QUALITY: Op = { by: 'page', do: 'quality', kind: 'direct' };

describe('a film that the browser did not let the page start', () => {
  it.each([
    { touched: false, wantsClick: 1 },
    // Somebody may have stopped it: whether it may start shows when it is to.
    { touched: true, wantsClick: 0 },
  ])('wants a click, known before it is to start: %j', ({ touched, wantsClick }) => {
    const habits = { ...MILL, autoplayAllowed: false };
    const run = startRun(worldWith({ habits, bound: 'at-open' }));
    run.touched = touched;
    run.comeToRest();
    expect(run.events.filter(({ type }) => type === 'loaded')).toHaveLength(1 - wantsClick);
    expect(run.events.filter(({ type }) => type === 'autoplay-blocked')).toHaveLength(wantsClick);
    run.leave();
  });
});

describe('what random interleavings found, by name', () => {
  it.each<[string, Partial<World>, Op[]]>([
    [
      "our seek after a person's that landed, neither of them heard",
      {},
      [own({ do: 'pause' }), person({ do: 'seek', toS: 3_000 }), RECEIVE, own({ do: 'seek', toS: 60 }), RECEIVE],
    ],
    [
      'a step over a gap, our pause before it is heard',
      {},
      [
        own({ do: 'pause' }),
        own({ do: 'seek', toS: 60 }),
        own({ do: 'play' }),
        RECEIVE,
        { by: 'page', do: 'gap', byS: 0.4 },
        own({ do: 'pause' }),
      ],
    ],
    ['our seek away from the end, before its pause is heard', {}, [FINISH, own({ do: 'seek', toS: 60 })]],
    ['our play at the end, which begins again', {}, [FINISH, own({ do: 'play' })]],
    [
      'our rate when the item has ended, and the next one',
      {},
      [
        FINISH,
        hear(ALL),
        person({ do: 'rate', rate: 0.5 }),
        own({ do: 'rate', rate: 1.003 }),
        { by: 'page', do: 'open', item: { kind: 'direct', durationS: 6_000, resumeS: 0, startsThere: true } },
        own({ do: 'rate', rate: 1.003 }),
      ],
    ],
    ['our rate upon a load that is not yet heard', { rate: 1.25 }, [QUALITY, own({ do: 'rate', rate: 1.003 })]],
    [
      'our pause and play upon a load that is not yet heard, and a pause after',
      {},
      [
        QUALITY,
        own({ do: 'pause' }),
        own({ do: 'play' }),
        hear(6),
        RECEIVE,
        RECEIVE,
        own({ do: 'seek', toS: 60 }),
        own({ do: 'pause' }),
      ],
    ],
  ])('not to be told: %s', (_name, known, ops) => {
    const world = worldWith(known);
    const run = play(world, ops);
    expect(toldBy(run)).toEqual([]);
    expectSound(run, world);
  });

  it.each<[string, Partial<World>, Op[], Told[]]>([
    [
      'a seek that has landed when we look, before it is heard',
      {},
      [person({ do: 'seek', toS: 3_000 }), RECEIVE, READ],
      [{ type: 'user-seek', positionMs: 3_000_000 }],
    ],
    [
      'a seek that our pause finds, whose event then passes for that of our own seek to the same place',
      { item: { kind: 'direct', durationS: 5_400, resumeS: 0, startsThere: false }, pageListensFirst: false },
      [
        person({ do: 'seek', toS: 60 }),
        own({ do: 'pause' }),
        RECEIVE,
        own({ do: 'seek', toS: 60 }),
        RECEIVE,
        hear(5),
        person({ do: 'play' }),
        { by: 'browser', do: 'pass', forMs: 150 },
        person({ do: 'pause' }),
        hear(4),
      ],
      [
        { type: 'user-seek', positionMs: 60_000 },
        { type: 'user-play', positionMs: 60_150 },
        { type: 'user-pause', positionMs: 60_150 },
      ],
    ],
    [
      'a seek that ours hides before it is heard',
      {},
      [person({ do: 'seek', toS: 3_000 }), own({ do: 'seek', toS: 60 })],
      [{ type: 'user-seek', positionMs: 3_000_000 }],
    ],
    [
      'a seek back to where a person had gone before ours',
      {},
      [
        person({ do: 'seek', toS: 3_000 }),
        hear(1),
        own({ do: 'seek', toS: 60 }),
        hear(1),
        person({ do: 'seek', toS: 3_000 }),
      ],
      [
        { type: 'user-seek', positionMs: 3_000_000 },
        { type: 'user-seek', positionMs: 3_000_000 },
      ],
    ],
    [
      'a pause and a seek, but not our play, when the ledger was once behind the element long ago',
      { habits: { ...MILL, endsInOneTask: true } },
      [
        person({ do: 'pause' }),
        READ,
        own({ do: 'play' }),
        hear(3),
        FINISH,
        person({ do: 'pause' }),
        READ,
        own({ do: 'pause' }),
        person({ do: 'seek', toS: 60 }),
        hear(1),
        own({ do: 'play' }),
      ],
      [
        { type: 'user-pause', positionMs: 903_400 },
        { type: 'user-seek', positionMs: 60_000 },
      ],
    ],
    [
      'a seek to the end that our play leads away from',
      {},
      [own({ do: 'pause' }), hear(ALL), person({ do: 'seek', toS: 5_400 }), own({ do: 'play' })],
      [{ type: 'user-seek', positionMs: 5_400_000 }],
    ],
    [
      'a pause whose event comes only when it was given up, and after our play',
      { item: { kind: 'direct', durationS: 5_400, resumeS: 0, startsThere: false }, pageListensFirst: false },
      [
        person({ do: 'pause' }),
        READ,
        ...Array.from({ length: 4 }, (): Op => ({ by: 'browser', do: 'pass', forMs: 150 })),
        READ,
        own({ do: 'play' }),
        { by: 'browser', do: 'pass', forMs: 5 },
        RECEIVE,
        person({ do: 'play' }),
        { by: 'browser', do: 'timers' },
      ],
      [{ type: 'user-pause', positionMs: 405 }],
    ],
    [
      'a seek that is found at the event of ours, and once, though the film has played a little when its own comes',
      {
        item: { kind: 'direct', durationS: 5_400, resumeS: 0, startsThere: false },
        pageListensFirst: false,
        pitch: false,
      },
      [
        own({ do: 'seek', toS: 60 }),
        own({ do: 'pause' }),
        RECEIVE,
        person({ do: 'seek', toS: 66 }),
        hear(2),
        RECEIVE,
        hear(3),
        person({ do: 'play' }),
        { by: 'browser', do: 'pass', forMs: 40 },
        person({ do: 'pause' }),
        hear(4),
        person({ do: 'seek', toS: 60 }),
        hear(1),
        RECEIVE,
        hear(1),
        hear(1),
      ],
      [
        { type: 'user-seek', positionMs: 66_000 },
        { type: 'user-play', positionMs: 60_000 },
        { type: 'user-pause', positionMs: 60_000 },
        { type: 'user-seek', positionMs: 60_000 },
      ],
    ],
    [
      'a rate that ours hides before it is heard',
      {},
      [person({ do: 'rate', rate: 1.5 }), own({ do: 'rate', rate: 1 })],
      [{ type: 'user-rate', rate: 1.5 }],
    ],
    [
      'a play between two pauses of ours, heard before a new source',
      {},
      [own({ do: 'pause' }), person({ do: 'play' }), own({ do: 'pause' }), own({ do: 'play' }), hear(3), QUALITY],
      [{ type: 'user-play', positionMs: 903_400 }],
    ],
    [
      'a pause and a play while the page jumps to where one left off',
      { bound: 'at-open', item: { kind: 'direct', durationS: 5_400, resumeS: 903, startsThere: false } },
      [
        hear(ALL),
        RECEIVE,
        hear(ALL),
        RECEIVE,
        hear(ALL),
        RECEIVE,
        hear(ALL),
        { by: 'browser', do: 'timers' },
        person({ do: 'pause' }),
        hear(ALL),
        person({ do: 'play' }),
        hear(ALL),
      ],
      [
        { type: 'user-pause', positionMs: 903_000 },
        { type: 'user-play', positionMs: 903_000 },
      ],
    ],
  ])('to be told: %s', (_name, known, ops, told) => {
    const world = worldWith(known);
    const run = play(world, ops);
    expect(toldBy(run)).toEqual(told);
    expectSound(run, world);
  });

  it('leaves the rate as it was found, also a speed of the room', () => {
    const run = play(worldWith({ rate: 1.25 }), [own({ do: 'rate', rate: 1.5 })]);
    run.leave();
    expect(run.video.playbackRate).toBe(1.25);
  });

  it('leaves the speed a person chose', () => {
    const run = play(worldWith({}), [person({ do: 'rate', rate: 1.5 }), hear(ALL), own({ do: 'rate', rate: 1.503 })]);
    run.leave();
    expect(run.video.playbackRate).toBe(1.5);
  });
});
