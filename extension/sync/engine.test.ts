import { describe, expect, it } from 'vitest';
import { apartMs, party } from './testing/party.ts';
import { CHROMIUM, FIREFOX } from './testing/sim-player.ts';
import { film, SimWorld } from './testing/world.ts';

describe('a party', () => {
  it('begins with the film of the one who has one on, playing', () => {
    const { world, ana, ben } = party();
    expect(ana.commands()).toEqual(['media']);
    expect(world.relay.timeline.phase).toBe('playing');
    expect(ben.player.isMoving()).toBe(true);
    expect(apartMs(ana, ben)).toBeLessThan(10);
  });

  it('says that sound comes out late until the person has said so themselves', () => {
    const { world, ben } = party();
    const reasons = (): unknown[] =>
      ben.effects.flatMap(({ atMs, effect }) => (effect.type === 'status' && atMs >= since ? [effect.reason] : []));
    let since = world.agenda.now();
    ben.input({ type: 'output', ms: 60 });
    world.run(7_000);
    expect(new Set(reasons())).toEqual(new Set([null]));
    ben.input({ type: 'output', ms: 210 });
    since = world.agenda.now();
    world.run(7_000);
    expect(new Set(reasons())).toEqual(new Set(['audio-delay']));
    ben.input({ type: 'nudge', ms: 150 });
    world.run(3_500);
    since = world.agenda.now();
    world.run(7_000);
    expect(new Set(reasons())).toEqual(new Set([null]));
  });

  it('leaves a start as it came while nobody else is there to be in step with', () => {
    const world = new SimWorld(1);
    const ana = world.member('ana', { latency: { ...CHROMIUM, coldMs: 150 }, others: 0 });
    ana.player.load(film('a'), 0);
    world.run(1_000);
    ana.connect();
    world.run(3_000);
    const before = world.agenda.now();
    ana.player.user({ type: 'seek', positionMs: 600_000 });
    world.run(4_000);
    expect(ana.player.isMoving()).toBe(true);
    expect(ana.effects.filter(({ atMs, effect }) => effect.type === 'seek' && atMs >= before)).toEqual([]);
  });

  it('[peer R-34] takes a late joiner in without a command and without touching the others', () => {
    const { world, ana, ben } = party();
    const before = world.agenda.now();
    const cleo = world.member('cleo', { clockOffsetMs: 7, upMs: 60, downMs: 60 });
    cleo.connect();
    world.run(6_000);
    expect(cleo.commands()).toEqual([]);
    expect(cleo.count('open')).toBe(1);
    expect(apartMs(ana, cleo)).toBeLessThan(20);
    for (const type of ['pause', 'seek', 'play'] as const) {
      expect(ana.count(type, before) + ben.count(type, before)).toBe(0);
    }
  });

  it('pauses together on the same frame and starts together again', () => {
    const { world, ana, ben } = party();
    ben.player.user({ type: 'pause', positionMs: 0 });
    world.run(1_000);
    expect(ana.player.isMoving() || ben.player.isMoving()).toBe(false);
    expect(apartMs(ana, ben)).toBeLessThanOrEqual(30);
    ana.player.user({ type: 'play', positionMs: 0 });
    world.run(700);
    expect(ana.player.isMoving() && ben.player.isMoving()).toBe(true);
    expect(apartMs(ana, ben)).toBeLessThan(20);
    expect([...ana.commands(), ...ben.commands()]).toEqual(['media', 'play', 'pause']);
  });

  it('seeks together through the gate', () => {
    const { world, ana, ben } = party();
    ana.player.user({ type: 'seek', positionMs: 600_000 });
    world.run(1_000);
    expect(ana.player.positionMs()).toBeGreaterThan(600_000);
    expect(apartMs(ana, ben)).toBeLessThan(20);
    ben.player.user({ type: 'pause', positionMs: 0 });
    world.run(500);
    ben.player.user({ type: 'seek', positionMs: 30_000 });
    world.run(500);
    expect(ana.player.positionMs()).toBeCloseTo(30_000, 0);
    expect(ana.player.isMoving()).toBe(false);
  });

  it('changes speed together and keeps it', () => {
    const { world, ana, ben } = party();
    ben.player.user({ type: 'rate', rate: 1.5 });
    world.run(4_000);
    expect(ana.player.read()?.rate).toBeCloseTo(1.5, 1);
    expect(apartMs(ana, ben)).toBeLessThan(60);
    expect(ana.commands()).toEqual(['media']);
  });

  it('sends the last of many quick seeks, not all of them', () => {
    const { world, ana, ben } = party();
    for (let i = 1; i <= 10; i++) {
      ana.player.user({ type: 'seek', positionMs: 100_000 + i * 10_000 });
      world.run(33);
    }
    world.run(3_000);
    expect(ana.player.positionMs()).toBeGreaterThan(200_000);
    expect(apartMs(ana, ben)).toBeLessThan(20);
    expect(ana.commands().length).toBeLessThan(10);
  });

  it('[peer R-39] settles two commands given at the same moment in one order', () => {
    const { world, ana, ben } = party();
    ana.player.user({ type: 'seek', positionMs: 500_000 });
    ben.player.user({ type: 'pause', positionMs: 0 });
    world.run(3_000);
    expect(apartMs(ana, ben)).toBeLessThan(30);
    expect(ana.player.isMoving()).toBe(ben.player.isMoving());
  });

  it('makes up for a stall alone', () => {
    const { world, ana, ben } = party();
    ben.player.stall(900);
    world.run(8_000);
    expect(apartMs(ana, ben)).toBeLessThan(20);
    expect(ana.count('pause', 20_000)).toBe(0);
    expect(ben.commands()).toEqual([]);
  });

  it('stays together for ten minutes with ten commands, without automatic seeks', () => {
    for (const seed of [1, 2, 3]) {
      const { world, ana, ben } = party(seed, { skew: 60e-6, jitterMs: 6 });
      const offsets: number[] = [];
      for (let second = 0; second < 600; second++) {
        if (second % 60 === 30) ana.player.user({ type: 'seek', positionMs: 10_000 + second * 1_000 });
        world.run(1_000);
        if (ana.player.isMoving() && ben.player.isMoving() && second % 60 !== 30) offsets.push(apartMs(ana, ben));
      }
      offsets.sort((a, b) => a - b);
      expect(offsets[Math.floor(offsets.length * 0.5)]).toBeLessThan(2);
      expect(offsets[Math.floor(offsets.length * 0.95)]).toBeLessThan(5);
      expect(ben.commands()).toEqual([]);
      expect(ana.commands().filter((kind) => kind !== 'seek')).toEqual(['media']);
    }
  });
});

describe('a Firefox member, whose clock moves in frames', () => {
  it.each([23.976, 24, 25, 30, 60])('is in step with a Chromium one at %s frames a second', (fps) => {
    const { world, ana, ben } = party(7, { quantisedFps: fps, latency: FIREFOX, skew: 40e-6 });
    const offsets: number[] = [];
    for (let second = 0; second < 300; second++) {
      if (second % 40 === 20) ana.player.user({ type: 'pause', positionMs: 0 });
      if (second % 40 === 23) ben.player.user({ type: 'play', positionMs: 0 });
      world.run(1_000);
      if (ana.player.isMoving() && ben.player.isMoving()) offsets.push(apartMs(ana, ben));
    }
    offsets.sort((a, b) => a - b);
    expect(offsets[Math.floor(offsets.length * 0.5)]).toBeLessThan(20);
    expect(offsets[Math.floor(offsets.length * 0.95)]).toBeLessThan(40);
  });
});

describe('trouble', () => {
  it('plays on when the relay is gone and keeps the person in charge', () => {
    const { world, ana, ben } = party();
    ben.disconnect();
    world.run(2_000);
    expect(ben.player.isMoving()).toBe(true);
    expect(apartMs(ana, ben)).toBeLessThan(20);
    ben.player.user({ type: 'pause', positionMs: 0 });
    world.run(2_000);
    expect(ben.player.isMoving()).toBe(false);
    ben.connect();
    world.run(4_000);
    expect(ben.commands()).toEqual([]);
    expect(ben.player.isMoving()).toBe(true);
    expect(apartMs(ana, ben)).toBeLessThan(20);
  });

  it('plays by itself when no answer to a play click comes', () => {
    const { world, ana } = party();
    ana.player.user({ type: 'pause', positionMs: 0 });
    world.run(1_000);
    ana.player.user({ type: 'play', positionMs: 0 });
    world.run(5);
    ana.disconnect();
    world.run(100);
    expect(ana.player.isMoving()).toBe(true);
  });

  it('waits for the click when the browser blocks the start, and then only catches up', () => {
    const world = new SimWorld(4);
    const ana = world.member('ana');
    ana.player.load(film('a'), 0);
    ana.connect();
    world.run(3_000);
    const ben = world.member('ben');
    ben.player.autoplayAllowed = false;
    ben.connect();
    world.run(6_000);
    expect(ben.lastStatus()).toBe('autoplay-blocked');
    expect(ana.player.isMoving()).toBe(true);
    ben.player.user({ type: 'play', positionMs: 0 });
    world.run(5_000);
    expect(ben.commands()).toEqual([]);
    expect(apartMs(ana, ben)).toBeLessThan(20);
  });

  it('[T-16] wants that click while the film rests, too, and moves nobody with it', () => {
    const { world, ana } = party();
    ana.player.user({ type: 'pause', positionMs: 0 });
    world.run(1_000);
    const cleo = world.member('cleo');
    cleo.player.autoplayAllowed = false;
    cleo.connect();
    world.run(6_000);
    expect(cleo.lastStatus()).toBe('autoplay-blocked');
    cleo.player.autoplayAllowed = true;
    cleo.player.play();
    world.run(200);
    cleo.input({ type: 'player', event: 'flowing' });
    world.run(4_000);
    expect(cleo.lastStatus()).toBe('in-sync');
    expect(cleo.player.isMoving() || ana.player.isMoving()).toBe(false);
    expect(apartMs(ana, cleo)).toBeLessThanOrEqual(30);
    expect(cleo.commands()).toEqual([]);
  });

  it('[T-16] is on its way until the film has loaded, however soon the page names it', () => {
    const { world, ana } = party();
    ana.player.user({ type: 'seek', positionMs: 0 });
    ana.player.user({ type: 'pause', positionMs: 0 });
    world.run(1_000);
    const cleo = world.member('cleo');
    // What is asked for comes up without a byte, at the beginning, where the room rests.
    cleo.player.load = (media) => {
      cleo.player.media = media;
      cleo.input({ type: 'media', media });
    };
    cleo.connect();
    world.run(6_000);
    const said = cleo.effects.flatMap(({ effect }) => (effect.type === 'status' ? [effect.state] : []));
    expect(new Set(said)).toEqual(new Set(['joining']));
  });

  it('survives a sleeping machine', () => {
    const { world, ana, ben } = party();
    ben.player.stall(20_000);
    world.run(30_000);
    expect(apartMs(ana, ben)).toBeLessThan(20);
  });
});
