import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { effectInFile, inputInRoom, readingInRoom } from './cut.ts';
import type { Reading } from './io.ts';
import { mediaKey } from './state.ts';
import { party } from './testing/party.ts';
import type { SimMember } from './testing/world.ts';
import { film } from './testing/world.ts';

const ITEM = mediaKey(film('a'));
const INTRO_MS = 12_000;

/** How much later Ben's picture is than Ana's, in ms. */
const laterMs = (ben: SimMember, ana: SimMember): number => ben.player.positionMs() - ana.player.positionMs();

/** Ana's film, and Ben's, which has a studio's opening of 12 s before it. */
function twoVersions() {
  const two = party();
  two.ben.input({ type: 'cut', cut: { item: ITEM, ms: INTRO_MS } });
  two.world.run(5_000);
  return two;
}

describe('another version of the film', () => {
  it('is at its own place beside the others, and in step with them', () => {
    const { world, ana, ben } = twoVersions();
    expect(Math.abs(laterMs(ben, ana) - INTRO_MS)).toBeLessThan(10);
    expect(ben.lastStatus()).toBe('in-sync');
    const since = world.agenda.now();
    world.run(60_000);
    expect(Math.abs(laterMs(ben, ana) - INTRO_MS)).toBeLessThan(5);
    expect(ben.count('seek', since)).toBe(0);
  });

  it('takes the others to the same scene, not to the same minute', () => {
    const { world, ana, ben } = twoVersions();
    ben.player.user({ type: 'seek', positionMs: 612_000 });
    world.run(4_000);
    expect(world.relay.timeline.positionMs).toBeCloseTo(600_000, -1);
    expect(Math.abs(laterMs(ben, ana) - INTRO_MS)).toBeLessThan(40);
    ana.player.user({ type: 'pause', positionMs: ana.player.positionMs() });
    world.run(2_000);
    expect(laterMs(ben, ana)).toBeCloseTo(INTRO_MS, -2);
  });

  it('moves while the film rests, too, and nobody else by it', () => {
    const { world, ana, ben } = twoVersions();
    ana.player.user({ type: 'pause', positionMs: ana.player.positionMs() });
    world.run(2_000);
    const [seq, ofAna] = [world.relay.timeline.seq, ana.player.positionMs()];
    for (const ms of [12_500, 13_000, 13_500]) {
      ben.input({ type: 'cut', cut: { item: ITEM, ms } });
      world.run(500);
    }
    expect(laterMs(ben, ana)).toBeCloseTo(13_500, -2);
    expect([world.relay.timeline.seq, ana.player.positionMs()]).toEqual([seq, ofAna]);
  });

  it('rests at its beginning where the room has nothing of it yet', () => {
    const { world, ana, ben } = party();
    ana.player.user({ type: 'pause', positionMs: 5_000 });
    ana.player.user({ type: 'seek', positionMs: 5_000 });
    world.run(2_000);
    ben.input({ type: 'cut', cut: { item: ITEM, ms: -INTRO_MS } });
    world.run(3_000);
    expect(ben.player.positionMs()).toBe(0);
  });

  it('is that of one item: the next one plays as it is', () => {
    const { world, ana, ben } = twoVersions();
    ana.player.load(film('b'), 0);
    world.run(8_000);
    expect(world.relay.timeline.media).toEqual(film('b'));
    expect(Math.abs(laterMs(ben, ana))).toBeLessThan(40);
  });

  it('is opened where its own place is', () => {
    const { ben } = twoVersions();
    const state = { ...ben.engine, cut: { item: mediaKey(film('b')), ms: INTRO_MS } };
    expect(effectInFile({ type: 'open', media: film('b'), positionMs: 60_000 }, state)).toMatchObject({
      positionMs: 72_000,
    });
    expect(effectInFile({ type: 'open', media: film('a'), positionMs: 60_000 }, state)).toMatchObject({
      positionMs: 60_000,
    });
  });

  it('goes there and back without losing anything', () => {
    const place = fc.integer({ min: 1_000_000, max: 2_000_000 });
    fc.assert(
      fc.property(place, fc.integer({ min: -900_000, max: 900_000 }), (positionMs, cutMs) => {
        const reading = { positionMs, durationMs: 7_200_000 } as Reading;
        const inRoom = readingInRoom(reading, cutMs);
        expect((inRoom?.positionMs ?? 0) + cutMs).toBe(positionMs);
        const user = inputInRoom({ type: 'user', event: { type: 'seek', positionMs } }, cutMs);
        expect(user).toEqual({ type: 'user', event: { type: 'seek', positionMs: positionMs - cutMs } });
      }),
    );
  });
});
