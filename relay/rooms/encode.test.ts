import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CAUSES } from '../../shared/protocol.ts';
import type { Announcement } from './effects.ts';
import { encode, encodeWelcome, Portraits } from './encode.ts';
import { CONNECTED, emptyRoom, NO_HOLDS, NOBODY, type Person, publicMember, UNHEARD } from './state.ts';

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

const gate = fc.option(
  fc.record(
    { waitingFor: fc.array(text), deadlineAtMs: finite, soonestAtMs: finite },
    { requiredKeys: ['waitingFor', 'deadlineAtMs'] },
  ),
);
const welcomes = fc.record({
  ...{ s: finite, you: text, identityMs: fc.option(finite), resumed: fc.boolean(), timeline, gate, waitMs: finite },
  queue: fc.array(fc.record({ id: text, media, by: fc.option(text), votes: fc.array(text) }), { maxLength: 2 }),
});

const announcements: fc.Arbitrary<Announcement> = fc.oneof(
  fc.record({
    type: fc.constant('timeline' as const),
    cause: fc.constantFrom(...CAUSES),
    by: fc.option(text),
    id: fc.option(text),
    timeline,
    gate,
    waitMs: finite,
    fromMs: fc.option(finite, { nil: undefined }),
  }),
  fc.record({ type: fc.constant('left' as const), member: text, by: fc.option(text) }),
  fc.record({ name: text, offsetMs: fc.option(finite) }).map(({ name, offsetMs }) => ({
    type: 'member' as const,
    member: { ...publicMember(somebody(name)), offsetMs },
  })),
);

const somebody = (name: string): Person => ({
  id: 'someone',
  name,
  role: 'guest',
  below: 'guest',
  verified: false,
  avatar: null,
  presence: CONNECTED,
  ...UNHEARD,
  deliveryMs: null,
  startMs: null,
  seatNo: 1,
  seat: 'seat',
  earlierSeat: null,
  heldAtMs: NO_HOLDS,
  keys: NOBODY,
  invite: null,
  askedAtMs: 0,
});

/** So few of each that most are like one before but for a thing or two. */
const people: fc.Arbitrary<Person> = fc
  .record({
    id: fc.constantFrom('a', 'b', 'c'),
    name: fc.constantFrom('Ana', 'Ben'),
    role: fc.constantFrom('host', 'guest'),
    verified: fc.boolean(),
    avatar: fc.constantFrom(null, { serverId: 's', userId: 'u', tag: 't' }),
    presence: fc.constantFrom<Person['presence']>(
      CONNECTED,
      { state: 'missed', tellAtMs: 1, untilMs: 2 },
      { state: 'dropped', untilMs: 2 },
    ),
    state: fc.constantFrom('in-sync', 'joining'),
    offsetMs: fc.constantFrom(null, 0, 1),
    errorMs: fc.constantFrom(null, 1),
    reason: fc.constantFrom(null, 'gave-up'),
    follow: fc.constantFrom('closely', 'free'),
    delivery: fc.constantFrom(null, 'direct', 'transcode'),
    startMs: fc.constantFrom(null, 1),
  })
  .map((change) => ({ ...somebody('x'), ...change }) as Person);

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

  it('[R-03] puts everybody into a welcome as they are then, however hostile their names', () => {
    const plain = {
      type: 'welcome' as const,
      v: 1,
      room: 'room',
      seat: 'to.ke.n',
      rules: emptyRoom('room', 0).house.rules,
    };
    fc.assert(
      fc.property(fc.array(text, { maxLength: 5 }), welcomes, (names, said) => {
        const message = { ...plain, ...said };
        const people = names.map(somebody);
        const expected = { ...message, members: people.map(publicMember) };
        const told: unknown = JSON.parse(encodeWelcome(message, new Portraits().of(people)));
        expect(told).toEqual(JSON.parse(JSON.stringify(expected)));
      }),
    );
  });

  it('[R-03][M-04] shows each member as it is now, whatever it was before', () => {
    const portraits = new Portraits();
    fc.assert(
      fc.property(fc.array(people, { maxLength: 4 }), (all) => {
        const shown: unknown = JSON.parse(`[${portraits.of(all)}]`);
        expect(shown).toEqual(JSON.parse(JSON.stringify(all.map(publicMember))));
      }),
    );
  });
});
