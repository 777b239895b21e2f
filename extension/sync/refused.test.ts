import { describe, expect, it } from 'vitest';
import type { Gesture } from './io.ts';
import { apartMs, party } from './testing/party.ts';

const PLACES: Record<string, Gesture> = {
  'a pause': { type: 'pause', positionMs: 11_000 },
  'a seek': { type: 'seek', positionMs: 200_000 },
  'a speed': { type: 'rate', rate: 2 },
};

describe('[P-03] who may not steer', () => {
  it.each(Object.entries(PLACES))('and does so while the film plays (%s) is back with the room soon', (_, gesture) => {
    const { world, ana, ben } = party();
    world.relay.guests.add('ben');
    const before = world.agenda.now();
    ben.player.user(gesture);
    world.run(4_000);
    expect(world.relay.commands.filter(({ by }) => by === 'ben')).toMatchObject([{ accepted: false }]);
    expect(ben.player.isMoving()).toBe(true);
    expect(apartMs(ana, ben)).toBeLessThan(20);
    for (const type of ['pause', 'seek'] as const) expect(ana.count(type, before)).toBe(0);
  });

  it.each<[string, Gesture]>([
    ['a play', { type: 'play', positionMs: 0 }],
    ['a seek', { type: 'seek', positionMs: 200_000 }],
  ])('and does so while it rests (%s) rests there again', (_, gesture) => {
    const { world, ana, ben } = party();
    ana.player.user({ type: 'pause', positionMs: ana.player.positionMs() });
    world.run(2_000);
    world.relay.guests.add('ben');
    ben.player.user(gesture);
    world.run(3_000);
    expect(ben.player.isMoving()).toBe(false);
    expect(apartMs(ana, ben)).toBeLessThan(1);
    expect(ana.player.isMoving()).toBe(false);
  });
});
