import { describe, expect, it } from 'vitest';
import type { Reading } from './io.ts';
import { party } from './testing/party.ts';
import type { SimMember } from './testing/world.ts';
import { film } from './testing/world.ts';

/** What this member's last word of itself said of its stream. */
function said(member: SimMember): unknown {
  const last = member.effects.findLast(({ effect }) => effect.type === 'status')?.effect;
  return last?.type === 'status' ? last.delivery : null;
}

describe('how the stream comes', () => {
  it.each<[Reading['kind'], string]>([
    ['direct', 'direct'],
    ['hls', 'transcode'],
    ['progressive-transcode', 'transcode'],
  ])('[M-13] is said of one that is %s: %s', (kind, delivery) => {
    const { world, ben } = party();
    ben.player.kind = kind;
    world.run(4_000);
    expect(said(ben)).toBe(delivery);
  });

  it("[M-13] is not said of anything but the room's item", () => {
    const { world, ben } = party();
    ben.input({ type: 'follow', how: 'free' });
    ben.player.load(film('b'), 0);
    world.run(8_000);
    expect(said(ben)).toBeUndefined();
  });
});
