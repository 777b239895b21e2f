import { describe, expect, it } from 'vitest';
import { DEFAULT_LEAD_MS, LEAD_OUTLIER_MS, MAX_LEAD_MS, MIN_LEAD_MS } from '../../shared/limits.ts';
import { FILM, TestRoom, watching } from '../testing/rooms.ts';

const replyOf = (room: TestRoom): unknown => room.effects.find((effect) => effect.type === 'reply');

describe('commands', () => {
  it('[R-11] one message tells everybody, the sender included', () => {
    const room = watching().command('ben', { kind: 'pause', positionMs: 0 });
    expect(room.effects).toHaveLength(1);
    expect(room.published('timeline')).toMatchObject([{ cause: 'pause', by: 'ben', id: 'c1', timeline: { seq: 2 } }]);
  });

  it('[peer R-31][R-10] refuses a command on an older timeline and shows the new one', () => {
    const room = watching().command('ben', { kind: 'play' }, 0);
    expect(room.timeline.seq).toBe(1);
    expect(replyOf(room)).toMatchObject({
      to: 'ben',
      message: { code: 'stale-command', id: 'c1', timeline: { seq: 1, phase: 'playing' } },
    });
  });

  it('[R-12] refuses positions past the end, with some slack', () => {
    const room = watching();
    expect(replyOf(room.command('ben', { kind: 'seek', positionMs: 605_001 }))).toMatchObject({
      message: { code: 'bad-position' },
    });
    expect(room.command('ben', { kind: 'seek', positionMs: 605_000 }).timeline.positionMs).toBe(605_000);
  });

  it.each([{ kind: 'play' }, { kind: 'rate', rate: 2 }, { kind: 'seek', positionMs: 0 }, { kind: 'go-on' }] as const)(
    '[R-12] refuses $kind while there is no film',
    (action) => {
      const room = new TestRoom().join('ana').command('ana', action);
      expect(replyOf(room)).toMatchObject({ message: { code: 'bad-position' } });
      expect(room.timeline.seq).toBe(0);
    },
  );

  it('[R-13] play while playing changes nothing but seq', () => {
    const room = watching();
    const before = room.timeline;
    expect(room.command('ben', { kind: 'play' }).timeline).toEqual({ ...before, seq: 2 });
  });
});

describe('pause', () => {
  it.each([
    [5000, 5000],
    [4200, 4200],
    [6500, 6500],
    [3400, 5000],
    [9000, 5000],
  ])('[T-04] at 5000 ms of the film, the pauser at %i: everyone rests at %i', (claimedMs, restMs) => {
    const room = watching();
    room.nowMs = 6000;
    room.command('ben', { kind: 'pause', positionMs: claimedMs });
    expect(room.timeline).toMatchObject({ phase: 'paused', positionMs: restMs, atMs: 6000 });
  });

  it('[R-13] again while paused rests where it was', () => {
    const room = watching().command('ana', { kind: 'pause', positionMs: 0 });
    expect(room.command('ben', { kind: 'pause', positionMs: 900 }).timeline).toMatchObject({ positionMs: 0, seq: 3 });
  });
});

describe('starts', () => {
  const leadOf = (paths: readonly (readonly [number | null, number | null])[]): number => {
    const room = watching().command('ana', { kind: 'pause', positionMs: 0 });
    for (const [index, path] of paths.entries()) {
      const member = ['ana', 'ben'][index] ?? `m${index}`;
      if (!room.person(member)) room.join(member);
      room.status(member, 'in-sync', path[0], path[1]);
    }
    return room.command('ana', { kind: 'play' }).timeline.atMs - room.nowMs;
  };

  it('[T-06] are planned for the slowest follower', () => {
    expect(
      leadOf([
        [40, 10],
        [150, 77],
      ]),
    ).toBe(150 + 77 + 20);
  });

  it('[T-06] keep within bounds', () => {
    expect(
      leadOf([
        [1, 1],
        [2, 0],
      ]),
    ).toBe(MIN_LEAD_MS);
    expect(
      leadOf([
        [1, 1],
        [9000, 0],
      ]),
    ).toBe(MAX_LEAD_MS);
  });

  it('[T-06] allow for a follower that has not said how fast it is', () => {
    expect(
      leadOf([
        [1, 1],
        [null, 5],
      ]),
    ).toBe(DEFAULT_LEAD_MS);
  });

  it.each([
    ['one of three who costs more than that', [80, 120, 121 + LEAD_OUTLIER_MS], 140],
    ['but not one who costs just that', [80, 120, 120 + LEAD_OUTLIER_MS], 140 + LEAD_OUTLIER_MS],
    ['but not two', [80, 700, 900, 80], 920],
    ['but not half of a party of two', [80, 900], 920],
    ['counting no more than a start would ever wait', [80, MAX_LEAD_MS - 400, 9000], MAX_LEAD_MS],
    ['counting no less than it always waits', [1, 1, 45 + LEAD_OUTLIER_MS], MIN_LEAD_MS],
    ['when the others have not said how fast they are', [null, 40, 1000], DEFAULT_LEAD_MS],
  ] as const)('[T-06] leave a straggler to catch up: %s', (_, deliveries, expectedMs) => {
    expect(leadOf(deliveries.map((deliveryMs) => [deliveryMs, 0] as const))).toBe(expectedMs);
  });

  it('[T-06] leave no straggler out for one who does not follow', () => {
    const room = watching().command('ana', { kind: 'pause', positionMs: 0 }).join('cem');
    room.status('ben', 'in-sync', 900, 0).status('cem', 'away', 10, 0).command('ana', { kind: 'play' });
    expect(room.timeline.atMs - room.nowMs).toBe(920);
  });

  it('[T-06] do not wait for who does not follow', () => {
    const room = watching().command('ana', { kind: 'pause', positionMs: 0 });
    room.status('ben', 'away', 1000, 100).command('ana', { kind: 'play' });
    expect(room.timeline.atMs - room.nowMs).toBe(70);
  });

  it('[T-10] of the first item happen at once', () => {
    expect(watching().timeline).toMatchObject({ phase: 'playing', atMs: 1000, positionMs: 0, media: FILM });
  });

  it('[T-10] unless it is not to play', () => {
    const room = new TestRoom().join('ana');
    room.command('ana', { kind: 'media', media: FILM, positionMs: 500, play: false });
    expect(room.timeline).toMatchObject({ phase: 'paused', positionMs: 500 });
  });
});

describe('speed', () => {
  it('[T-05] changes at one instant ahead, where the film will be then', () => {
    const room = watching();
    room.nowMs = 6000;
    room.command('ana', { kind: 'rate', rate: 1.5 });
    expect(room.timeline).toMatchObject({ phase: 'playing', rate: 1.5, atMs: 6070, positionMs: 5070 });
  });

  it('[T-05] while paused only changes the speed', () => {
    const room = watching().command('ana', { kind: 'pause', positionMs: 0 });
    room.nowMs = 9000;
    room.command('ana', { kind: 'rate', rate: 2 });
    expect(room.timeline).toMatchObject({ phase: 'paused', rate: 2, positionMs: 0 });
  });

  it('[R-13] goes back to 1 with a new item', () => {
    const room = watching().command('ana', { kind: 'rate', rate: 2 });
    room.command('ben', { kind: 'media', media: { ...FILM, itemId: 'c'.repeat(32) }, positionMs: 0, play: true });
    expect(room.timeline).toMatchObject({ rate: 1, phase: 'preparing' });
  });
});
