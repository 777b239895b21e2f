import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CAUSES } from '../../shared/protocol.ts';
import type { Announcement } from './effects.ts';
import { encode } from './encode.ts';

const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
const text = fc.string({ unit: 'binary', maxLength: 30 });
const media = fc.record({ serverId: text, itemId: text, title: text, runtimeMs: fc.option(finite) });
const timeline = fc.record({
  epoch: fc.nat(),
  seq: fc.nat(),
  phase: fc.constantFrom('paused', 'playing', 'preparing', 'holding'),
  positionMs: finite,
  rate: finite,
  atMs: finite,
  media: fc.option(media),
});

const announcements: fc.Arbitrary<Announcement> = fc.oneof(
  fc.record({
    type: fc.constant('timeline' as const),
    cause: fc.constantFrom(...CAUSES),
    by: fc.option(text),
    id: fc.option(text),
    timeline,
    gate: fc.option(
      fc.record(
        { waitingFor: fc.array(text), deadlineAtMs: finite, soonestAtMs: finite },
        { requiredKeys: ['waitingFor', 'deadlineAtMs'] },
      ),
    ),
    waitMs: finite,
    fromMs: fc.option(finite, { nil: undefined }),
  }),
  fc.record({ type: fc.constant('left' as const), member: text, by: fc.option(text) }),
);

describe('encode', () => {
  it('[K-02] says what JSON.stringify would say, with the instant, however hostile the title', () => {
    fc.assert(
      fc.property(announcements, finite, (message, s) => {
        // Through JSON as well, where minus zero is zero.
        const expected: unknown = JSON.parse(JSON.stringify({ ...message, s }));
        expect(JSON.parse(encode(message, s))).toEqual(expected);
        // The film is remembered from the first time.
        expect(JSON.parse(encode(message, s))).toEqual(expected);
      }),
    );
  });
});
