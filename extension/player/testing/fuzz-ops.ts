import fc from 'fast-check';
import type { FakeItem } from './fake-page.ts';
import type { Habits } from './fake-video.ts';

export type Write = { do: 'play' } | { do: 'pause' } | { do: 'seek'; toS: number } | { do: 'rate'; rate: number };

/** One step of an interleaving: a write of ours, a gesture, the page, the media, or the browser finding time for a queue. */
export type Op =
  | { by: 'own'; write: Write }
  | { by: 'person'; write: Write }
  | { by: 'person'; write: { do: 'skip'; byS: number } }
  | { by: 'page'; do: 'open'; item: FakeItem }
  | { by: 'page'; do: 'quality'; kind: FakeItem['kind'] }
  | { by: 'page'; do: 'gap'; byS: number }
  | { by: 'page'; do: 'take-down' }
  | { by: 'media'; do: 'receive' | 'stall' | 'finish' }
  | { by: 'browser'; do: 'deliver'; count: number }
  | { by: 'browser'; do: 'timers' | 'read' }
  | { by: 'browser'; do: 'pass'; forMs: number };

export interface World {
  habits: Habits;
  item: FakeItem;
  /** Whether the film is on when the player is bound, and whether the page listens before us. */
  bound: 'while-playing' | 'at-open';
  pageListensFirst: boolean;
  pitch: boolean;
  rate: number;
  savedRate: number | null;
  isLast: boolean;
}

/** Every seek to its own place: what leads back to where it was is no seek to be found. */
const placesS = fc.integer({ min: 0, max: 880 }).map((n) => 60 + n * 6);

const writes = (rates: fc.Arbitrary<number>): fc.Arbitrary<Write> =>
  fc.oneof(
    fc.constant<Write>({ do: 'play' }),
    fc.constant<Write>({ do: 'pause' }),
    fc.record({ do: fc.constant('seek' as const), toS: placesS }),
    fc.record({ do: fc.constant('rate' as const), rate: rates }),
  );

const ownWrites: fc.Arbitrary<Op> = fc.record({
  by: fc.constant('own' as const),
  write: writes(fc.constantFrom(1, 1.25, 1.5, 1.003, 0.9985, 1.2515)),
});

const gestures: fc.Arbitrary<Op> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      by: fc.constant('person' as const),
      write: writes(fc.constantFrom(0.5, 1, 1.25, 1.5, 1.75, 2)),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      by: fc.constant('person' as const),
      write: fc.record({ do: fc.constant('skip' as const), byS: fc.constantFrom(-10, -5, 10, 30) }),
    }),
  },
);

const items: fc.Arbitrary<FakeItem> = fc.record({
  kind: fc.constantFrom('direct' as const, 'hls' as const),
  durationS: fc.constantFrom(5_400, 6_000),
  resumeS: fc.constantFrom(0, 0, 903, 2_407),
  startsThere: fc.boolean(),
});

const pageOps: fc.Arbitrary<Op> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ by: fc.constant('page' as const), do: fc.constant('open' as const), item: items }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      by: fc.constant('page' as const),
      do: fc.constant('quality' as const),
      kind: fc.constantFrom('direct' as const, 'hls' as const),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      by: fc.constant('page' as const),
      do: fc.constant('gap' as const),
      byS: fc.constantFrom(0.1, 0.4),
    }),
  },
  { weight: 1, arbitrary: fc.constant<Op>({ by: 'page', do: 'take-down' }) },
);

const mediaOps: fc.Arbitrary<Op> = fc.oneof(
  { weight: 12, arbitrary: fc.constant<Op>({ by: 'media', do: 'receive' }) },
  { weight: 2, arbitrary: fc.constant<Op>({ by: 'media', do: 'stall' }) },
  { weight: 1, arbitrary: fc.constant<Op>({ by: 'media', do: 'finish' }) },
);

const browserOps: fc.Arbitrary<Op> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      by: fc.constant('browser' as const),
      do: fc.constant('deliver' as const),
      count: fc.integer({ min: 1, max: 8 }),
    }),
  },
  { weight: 3, arbitrary: fc.constant<Op>({ by: 'browser', do: 'timers' }) },
  { weight: 2, arbitrary: fc.constant<Op>({ by: 'browser', do: 'read' }) },
  {
    weight: 4,
    arbitrary: fc.record({
      by: fc.constant('browser' as const),
      do: fc.constant('pass' as const),
      forMs: fc.constantFrom(5, 40, 150),
    }),
  },
);

/** @param gestureWeight how often a person does something; 0 for never. */
export const interleavings = (gestureWeight: number): fc.Arbitrary<Op[]> =>
  fc.array(
    fc.oneof(
      { weight: 6, arbitrary: ownWrites },
      { weight: gestureWeight, arbitrary: gestures },
      { weight: 1, arbitrary: pageOps },
      { weight: 5, arbitrary: mediaOps },
      { weight: 8, arbitrary: browserOps },
    ),
    { minLength: 5, maxLength: 40, size: 'max' },
  );

export const worlds: fc.Arbitrary<World> = fc.record({
  habits: fc.record({
    endsInOneTask: fc.boolean(),
    tellsRateOnLoad: fc.boolean(),
    namesSourceLate: fc.boolean(),
    autoplayAllowed: fc.constantFrom(true, true, true, false),
  }),
  item: items,
  bound: fc.constantFrom('while-playing' as const, 'while-playing' as const, 'at-open' as const),
  pageListensFirst: fc.boolean(),
  pitch: fc.boolean(),
  rate: fc.constantFrom(1, 1, 1.25),
  savedRate: fc.constantFrom(null, null, 1.75),
  isLast: fc.boolean(),
});
