import { describe, expect, it } from 'vitest';
import { positionAt } from '../../shared/timeline.ts';
import { filmOf } from './film.ts';
import { film, type SimMember, SimWorld } from './testing/world.ts';

const UP_MS = 30;

function watching(quantisedFps = 0): { world: SimWorld; ana: SimMember } {
  const world = new SimWorld(3);
  const ana = world.member('ana', { upMs: UP_MS, downMs: UP_MS, quantisedFps });
  ana.player.load(film('a'), 60_000);
  ana.connect();
  world.run(5_000);
  return { world, ana };
}

describe('where the film is, for a relay that does not know', () => {
  it('[S-06] is where it will be when the message is there, also long after the relay is gone', () => {
    const { world, ana } = watching();
    ana.disconnect();
    for (const awayMs of [0, 500, 60_000]) {
      world.run(awayMs);
      const said = filmOf(ana.engine, ana.now());
      const truth = positionAt(world.relay.timeline, world.relay.now() + UP_MS);
      const { epoch, seq, phase, rate, media } = world.relay.timeline;
      expect(said).toMatchObject({ epoch, seq, phase, rate, media });
      expect(Math.abs((said?.positionMs ?? 0) - truth)).toBeLessThan(5);
    }
  });

  it('[S-06] is not known before there is a film, nor before the clock is', () => {
    const world = new SimWorld(3);
    const ana = world.member('ana');
    expect(filmOf(ana.engine, ana.now())).toBeNull();
    ana.connect();
    world.run(5_000);
    expect(filmOf(ana.engine, ana.now())).toBeNull();
  });
});

/** It comes back as the members say, and they are back with it. */
function startAnew({ relay, agenda }: SimWorld, member: SimMember): number {
  const said = filmOf(member.engine, member.now());
  const atMs = relay.now() + UP_MS;
  relay.timeline = { ...relay.timeline, epoch: 2, positionMs: said?.positionMs ?? 0, atMs };
  return agenda.now();
}

describe('a relay that was started anew', () => {
  /** How long a page that has much else to do is late in hearing the first answers; a burst of pings takes 400 ms. */
  it.each([0, 100, 250, 390])(
    '[S-06] finds the film going on where it was, also when its first answers are heard %i ms late: nobody is paused, sought or stopped',
    (busyMs) => {
      for (const quantisedFps of [0, 24]) {
        const { world, ana } = watching(quantisedFps);
        ana.disconnect();
        world.run(1_500);
        const before = startAnew(world, ana);
        ana.deafen(busyMs);
        ana.connect();
        world.run(10_000);
        for (const type of ['pause', 'seek', 'play', 'open', 'command'] as const) {
          expect(ana.count(type, before)).toBe(0);
        }
        expect(ana.lastStatus()).toBe('in-sync');
      }
    },
  );

  it('[S-06] is followed at once to where the film is now', () => {
    const { world, ana } = watching();
    ana.disconnect();
    world.run(1_500);
    const before = startAnew(world, ana);
    world.relay.timeline = { ...world.relay.timeline, positionMs: 600_000 };
    ana.connect();
    world.run(500);
    expect(ana.count('seek', before)).toBe(1);
    world.run(3_000);
    expect(Math.abs(ana.player.positionMs() - positionAt(world.relay.timeline, world.relay.now()))).toBeLessThan(30);
  });
});
