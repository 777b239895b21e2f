import { describe, expect, it } from 'vitest';
import type { EngineEffect } from './io.ts';
import { apartMs, party } from './testing/party.ts';
import type { SimMember } from './testing/world.ts';
import { film } from './testing/world.ts';

const TOUCHES: ReadonlySet<EngineEffect['type']> = new Set([
  'play',
  'pause',
  'seek',
  'rate',
  'open',
  'ready',
  'stall',
  'command',
]);

/** What was done to this member's player, or said for it, since then. */
const touches = (member: SimMember, sinceMs: number): string[] =>
  member.effects.flatMap(({ atMs, effect }) => (atMs > sinceMs && TOUCHES.has(effect.type) ? [effect.type] : []));

const lastFollow = (member: SimMember): unknown => {
  const found = member.effects.findLast(({ effect }) => effect.type === 'status')?.effect;
  return found?.type === 'status' ? [found.state, found.follow] : null;
};

describe("on one's own", () => {
  function free() {
    const { world, ana, ben } = party();
    ben.input({ type: 'follow', how: 'free' });
    world.run(1_000);
    return { world, ana, ben, since: world.agenda.now() };
  }

  it('[M-12] moves nothing here that the room does, and nothing there that is done here', () => {
    const { world, ana, ben, since } = free();
    ana.player.user({ type: 'seek', positionMs: 1_200_000 });
    world.run(4_000);
    ana.player.user({ type: 'pause', positionMs: 1_204_000 });
    world.run(2_000);
    ben.player.user({ type: 'seek', positionMs: 300_000 });
    ben.player.user({ type: 'pause', positionMs: 300_000 });
    world.run(5_000);
    ben.player.user({ type: 'play', positionMs: 300_000 });
    world.run(5_000);
    expect(touches(ben, since)).toEqual([]);
    expect(world.relay.timeline.positionMs).toBeGreaterThan(1_190_000);
    expect(lastFollow(ben)).toEqual(['away', 'free']);
  });

  it('[M-12] stays so when the room goes on to another film, or this person does', () => {
    const { world, ana, ben, since } = free();
    ana.player.load(film('b'), 0);
    world.run(6_000);
    expect(world.relay.timeline.media).toEqual(film('b'));
    ben.player.load(film('c'), 0);
    world.run(6_000);
    expect(touches(ben, since)).toEqual([]);
    expect(world.relay.timeline.media).toEqual(film('b'));
  });

  it("[M-12] ends with one wish, which brings the room's film and place back and takes nobody along", () => {
    const { world, ana, ben } = free();
    ben.player.user({ type: 'seek', positionMs: 300_000 });
    world.run(3_000);
    const before = ana.commands().length;
    ben.input({ type: 'follow', how: 'closely' });
    world.run(6_000);
    expect(apartMs(ana, ben)).toBeLessThan(20);
    expect(ben.commands()).toEqual([]);
    expect(ana.commands()).toHaveLength(before);
    expect(lastFollow(ben)).toEqual(['in-sync', undefined]);
  });

  it("[M-12] ends with the room's film, also when another one is on here", () => {
    const { world, ana, ben } = free();
    ben.player.load(film('c'), 0);
    world.run(3_000);
    ben.input({ type: 'follow', how: 'closely' });
    world.run(8_000);
    expect(ben.commands()).toEqual([]);
    expect(ben.player.media).toEqual(film('a'));
    expect(apartMs(ana, ben)).toBeLessThan(20);
  });
});

describe('loosely', () => {
  function loose() {
    const { world, ana, ben } = party();
    ben.input({ type: 'follow', how: 'loosely' });
    world.run(1_000);
    return { world, ana, ben, since: world.agenda.now() };
  }

  it('[M-12] leaves a difference of two seconds alone, and never changes the rate', () => {
    const { world, ana, ben, since } = loose();
    ben.player.stall(2_000);
    world.run(60_000);
    expect(touches(ben, since)).toEqual([]);
    expect(apartMs(ana, ben)).toBeGreaterThan(1_500);
  });

  it('[M-12] is put right by a seek when it is more than three', () => {
    const { world, ana, ben, since } = loose();
    ben.player.stall(5_000);
    world.run(10_000);
    expect(touches(ben, since)).toEqual(['seek']);
    expect(apartMs(ana, ben)).toBeLessThan(200);
  });

  it('[M-12] pauses, plays and seeks with the others all the same', () => {
    const { world, ana, ben } = loose();
    ana.player.user({ type: 'pause', positionMs: ana.player.positionMs() });
    world.run(2_000);
    expect(ben.player.isMoving()).toBe(false);
    ana.player.user({ type: 'play', positionMs: ana.player.positionMs() });
    world.run(2_000);
    expect(ben.player.isMoving()).toBe(true);
    ben.player.user({ type: 'seek', positionMs: 900_000 });
    world.run(5_000);
    expect(ana.player.positionMs()).toBeGreaterThan(900_000);
    expect(apartMs(ana, ben)).toBeLessThan(300);
  });

  it('[M-12] goes at the plain rate after a skip, whatever the pace of this device was found to be', () => {
    const { world, ana, ben } = party(5, { skew: 1e-4 });
    world.run(120_000);
    ben.input({ type: 'follow', how: 'loosely' });
    world.run(1_000);
    const since = world.agenda.now();
    ana.player.user({ type: 'seek', positionMs: 900_000 });
    world.run(10_000);
    const rates = ben.effects.flatMap(({ atMs, effect }) =>
      atMs > since && effect.type === 'rate' ? [effect.rate] : [],
    );
    expect(rates.filter((rate) => rate !== 1)).toEqual([]);
    expect(ben.player.positionMs()).toBeGreaterThan(900_000);
  });

  it('[M-12] is in step again when it no longer wants to be loose', () => {
    const { world, ana, ben } = loose();
    ben.player.stall(2_000);
    world.run(5_000);
    ben.input({ type: 'follow', how: 'closely' });
    world.run(8_000);
    expect(apartMs(ana, ben)).toBeLessThan(20);
  });
});
