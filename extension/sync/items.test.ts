import { describe, expect, it } from 'vitest';
import { COUNTDOWN_MS } from '../../shared/limits.ts';
import { apartMs, atEnd, party, RUNTIME_MS } from './testing/party.ts';
import { film } from './testing/world.ts';

describe('items', () => {
  it('[T-15] go on to the next episode once, whoever is first, counted down, and start it together', () => {
    const { world, ana, ben } = atEnd();
    const before = world.agenda.now();
    ana.player.finish(film('b'), 120);
    world.run(30);
    ben.player.finish(film('b'), 300);
    world.run(COUNTDOWN_MS);
    expect(ana.player.media?.itemId).toBe(film('b').itemId);
    expect(ana.player.isMoving() || ben.player.isMoving()).toBe(false);
    world.run(2_500);
    const said = world.relay.commands.slice(2);
    expect(said.filter(({ accepted }) => accepted).map(({ action }) => action)).toMatchObject([
      { kind: 'media', media: film('b'), ended: true, play: true },
    ]);
    expect(said.every(({ action }) => action.kind === 'media')).toBe(true);
    expect(world.relay.timeline.media?.itemId).toBe(film('b').itemId);
    expect(ana.count('open', before) + ben.count('open', before)).toBe(0);
    expect(ben.player.isMoving()).toBe(true);
    expect(apartMs(ana, ben)).toBeLessThan(20);
  });

  it('[T-15] wait for the room with who has a shorter version, and the room goes on with the others', () => {
    const { world, ana, ben } = party();
    ana.player.user({ type: 'seek', positionMs: RUNTIME_MS - 25_000 });
    world.run(1_500);
    ben.player.finish(film('b'), 120);
    world.run(5_000);
    expect(ben.commands()).toEqual([]);
    expect(ben.player.isMoving()).toBe(false);
    expect(ana.player.isMoving()).toBe(true);
    world.run(19_000);
    ana.player.finish(film('b'), 120);
    world.run(COUNTDOWN_MS + 3_000);
    expect(world.relay.timeline.media?.itemId).toBe(film('b').itemId);
    expect(ben.count('open', 5_000)).toBe(0);
    expect(ben.player.isMoving()).toBe(true);
    expect(apartMs(ana, ben)).toBeLessThan(20);
  });

  it.each(['tells of its end', 'is taken away'])('[Q-04] whose player %s keep everyone in the party', (how) => {
    const { world, ana, ben } = atEnd();
    for (const { player } of [ana, ben]) {
      if (how === 'is taken away') player.leave();
      else player.finish(null, 200);
    }
    world.run(4_000);
    expect([ana.lastStatus(), ben.lastStatus()]).toEqual(['in-sync', 'in-sync']);
    ana.player.load(film('b'), 0);
    world.run(6_000);
    expect(world.relay.commands.at(-1)?.action).toMatchObject({ kind: 'media', ended: false });
    expect(ben.player.media?.itemId).toBe(film('b').itemId);
    expect(ben.player.isMoving()).toBe(true);
    expect(apartMs(ana, ben)).toBeLessThan(20);
  });

  it('[M-08] are said to be another version by who has one that is longer or shorter, also where positions are coarse', () => {
    for (const [durationMs, quantisedFps, reason] of [
      [RUNTIME_MS - 2_000, 0, null],
      [RUNTIME_MS - 20_000, 0, 'other-cut'],
      [RUNTIME_MS + 20_000, 0, 'other-cut'],
      [RUNTIME_MS - 2_000, 24, 'coarse-clock'],
      [RUNTIME_MS + 20_000, 24, 'other-cut'],
    ] as const) {
      const { world, ben } = party(1, { quantisedFps });
      ben.player.durationMs = durationMs;
      world.run(4_000);
      const said = ben.effects.flatMap(({ effect }) => (effect.type === 'status' ? [effect.reason] : []));
      expect(said.at(-1)).toBe(reason);
    }
  });

  it('are come back to when somebody seeks back after the end', () => {
    const { world, ana, ben } = atEnd();
    ben.player.finish(film('b'), 1_500);
    ana.player.user({ type: 'seek', positionMs: 100_000 });
    world.run(12_000);
    expect(ben.commands()).toEqual([]);
    expect(ben.player.media?.itemId).toBe(film('a').itemId);
    expect(apartMs(ana, ben)).toBeLessThan(20);
  });

  it('[T-15] end the same for who may not steer: that one waits, and never says a word', () => {
    const { world, ana, ben } = atEnd();
    ben.input({ type: 'may-steer', may: false });
    ben.player.finish(film('b'), 120);
    world.run(4_000);
    expect(ben.player.isMoving()).toBe(false);
    ana.player.finish(film('b'), 120);
    world.run(COUNTDOWN_MS + 3_000);
    expect(ben.commands()).toEqual([]);
    expect(ben.count('open', 20_000)).toBe(0);
    expect(apartMs(ana, ben)).toBeLessThan(20);
    expect(ben.player.isMoving()).toBe(true);
  });

  it('are left alone by who plays on instead of waiting for the room', () => {
    const { world, ben } = atEnd();
    ben.input({ type: 'may-steer', may: false });
    ben.player.finish(film('b'), 120);
    world.run(2_000);
    ben.player.user({ type: 'play', positionMs: 0 });
    world.run(3_500);
    expect(ben.lastStatus()).toBe('other-item');
    expect(ben.player.isMoving()).toBe(true);
  });

  it.each(['knows it', 'is told so by the relay'])('of one who may not steer and %s detach only that one', (how) => {
    const { world, ana, ben } = party();
    if (how === 'knows it') ben.input({ type: 'may-steer', may: false });
    else world.relay.guests.add('ben');
    const before = world.agenda.now();
    ben.player.load(film('d'), 0);
    world.run(5_000);
    expect(ben.lastStatus()).toBe('other-item');
    expect(ben.player.isMoving()).toBe(true);
    expect(ben.player.media?.itemId).toBe(film('d').itemId);
    expect(ana.player.isMoving()).toBe(true);
    for (const type of ['pause', 'seek', 'open'] as const) expect(ana.count(type, before)).toBe(0);
    ben.input({ type: 'return-to-film' });
    world.run(5_000);
    expect(apartMs(ana, ben)).toBeLessThan(20);
  });

  it('[T-15] wait for a word about the countdown: now, or stay', () => {
    for (const wish of ['play-now', 'stay'] as const) {
      const { world, ana, ben } = atEnd();
      ana.player.finish(film('b'), 120);
      ben.player.finish(film('b'), 180);
      world.run(1_500);
      ben.input({ type: wish });
      world.run(1_000);
      expect(ana.player.isMoving()).toBe(wish === 'play-now');
      world.run(COUNTDOWN_MS);
      expect(ana.player.isMoving()).toBe(wish === 'play-now');
      expect(apartMs(ana, ben)).toBeLessThan(30);
    }
  });

  it('are opened when someone else chooses another', () => {
    const { world, ana, ben } = party();
    ben.player.load(film('c'), 0);
    world.run(6_000);
    expect(ana.player.media?.itemId).toBe(film('c').itemId);
    expect(ana.commands()).toEqual(['media']);
    expect(world.relay.commands.at(-1)?.action).toMatchObject({ kind: 'media', ended: false });
    expect(apartMs(ana, ben)).toBeLessThan(20);
  });

  it('end without a command', () => {
    const { world, ana, ben } = party();
    ana.player.finish(null, 200);
    ben.player.finish(null, 260);
    world.run(6_000);
    expect(ana.commands()).toEqual(['media']);
    expect(ben.commands()).toEqual([]);
    expect(ana.count('open')).toBe(0);
    expect(ben.count('open')).toBe(1);
  });

  it('of one who left the player are their own until they ask back or take everyone along', () => {
    const { world, ana, ben } = party();
    ben.player.leave();
    world.run(3_500);
    expect(ben.lastStatus()).toBe('away');
    ben.player.load(film('d'), 0);
    world.run(4_000);
    expect(ben.lastStatus()).toBe('other-item');
    ben.player.user({ type: 'pause', positionMs: 0 });
    world.run(500);
    expect(ana.player.isMoving()).toBe(true);
    expect(ben.commands()).toEqual([]);
    ben.input({ type: 'return-to-film' });
    world.run(5_000);
    expect(apartMs(ana, ben)).toBeLessThan(20);
    ben.player.leave();
    world.run(500);
    ben.player.load(film('d'), 0);
    world.run(2_000);
    ben.input({ type: 'bring-everyone' });
    world.run(6_000);
    expect(ana.player.media?.itemId).toBe(film('d').itemId);
    expect(apartMs(ana, ben)).toBeLessThan(20);
  });

  it('that a member does not have leave that member aside', () => {
    const { world, ana, ben } = party();
    ben.player.load = () => ben.input({ type: 'open-failed', missing: true });
    ana.player.load(film('e'), 0);
    world.run(8_000);
    expect(ben.lastStatus()).toBe('item-missing');
    expect(ben.count('open', 5_000)).toBe(1);
    expect(ana.player.isMoving()).toBe(true);
  });
});
