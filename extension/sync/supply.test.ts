import { describe, expect, it } from 'vitest';
import { HOLD_BUFFER_MS, LOW_BUFFER_MS, STALL_PATIENCE_MS } from './constants.ts';
import { film, type SimMember, SimWorld } from './testing/world.ts';

const apartMs = (a: SimMember, b: SimMember): number => Math.abs(a.player.positionMs() - b.player.positionMs());

/** Two members in the middle of a film, in step. */
function watching(): { world: SimWorld; ana: SimMember; ben: SimMember } {
  const world = new SimWorld(1);
  const ana = world.member('ana');
  ana.player.load(film('a'), 0);
  world.run(1_000);
  ana.connect();
  const ben = world.member('ben', { clockOffsetMs: -40_000, upMs: 30, downMs: 30 });
  ben.connect();
  world.run(12_000);
  return { world, ana, ben };
}

describe('a member whose film does not arrive', () => {
  it('keeps a short stall to itself', () => {
    const { world, ana, ben } = watching();
    const since = world.agenda.now();
    ben.player.stall(STALL_PATIENCE_MS - 200);
    world.run(4_000);
    expect(ben.count('stall', since)).toBe(0);
    expect(ana.count('pause', since)).toBe(0);
    expect(apartMs(ana, ben)).toBeLessThan(30);
  });

  it('[T-11] holds the film for all when it stands for longer, at its own frame, and everybody goes on together', () => {
    const { world, ana, ben } = watching();
    const since = world.agenda.now();
    const stoodAtMs = ben.player.positionMs();
    ben.player.stall(4_000);
    world.run(STALL_PATIENCE_MS + 300);
    expect(ben.count('stall', since)).toBe(1);
    expect(world.relay.timeline).toMatchObject({ phase: 'holding' });
    expect(world.relay.timeline.positionMs).toBeCloseTo(stoodAtMs, -1);
    expect(ana.player.isMoving()).toBe(false);
    world.run(4_000);
    expect(world.relay.timeline.phase).toBe('playing');
    expect(ana.player.isMoving() && ben.player.isMoving()).toBe(true);
    expect(apartMs(ana, ben)).toBeLessThan(20);
  });

  it('[T-11] holds the film before it runs dry, so that nobody gets ahead, and waits for a reserve', () => {
    const { world, ana, ben } = watching();
    const since = world.agenda.now();
    ben.player.feed(4_000, 0.3);
    world.run(6_000);
    expect(ben.count('stall', since)).toBe(1);
    expect(ben.player.read()?.readyState).toBe(4);
    expect(apartMs(ana, ben)).toBeLessThan(30);
    expect(world.relay.timeline.phase).toBe('holding');
    ben.player.feed(HOLD_BUFFER_MS - 500, 1);
    world.run(1_000);
    expect(world.relay.timeline.phase).toBe('holding');
    ben.player.feed(HOLD_BUFFER_MS, 1);
    world.run(1_500);
    expect(world.relay.timeline.phase).toBe('playing');
  });

  it('says so once, not again and again', () => {
    const { world, ben } = watching();
    const since = world.agenda.now();
    // A relay that does not wait: nothing comes of it.
    world.relay.waits = false;
    ben.player.stall(8_000);
    world.run(8_000);
    expect(ben.count('stall', since)).toBe(1);
  });

  it('does not take a full buffer that is not filled any more for a dry one, nor the end of the film', () => {
    const { world, ben } = watching();
    const since = world.agenda.now();
    ben.player.feed(30_000, 0);
    world.run(20_000);
    expect(ben.count('stall', since)).toBe(0);
    ben.player.durationMs = ben.player.positionMs() + 5_000;
    ben.player.feed(5_000, 0);
    world.run(5_000 - LOW_BUFFER_MS / 3);
    expect(ben.count('stall', since)).toBe(0);
  });
});
