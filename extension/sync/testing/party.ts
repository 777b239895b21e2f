import { film, type MemberOptions, type SimMember, SimWorld } from './world.ts';

/** @returns how far apart two pictures are, in media ms. */
export const apartMs = (a: SimMember, b: SimMember): number => Math.abs(a.player.positionMs() - b.player.positionMs());

/** Two members, the host's film on and running. */
export function party(seed = 1, options: MemberOptions = {}): { world: SimWorld; ana: SimMember; ben: SimMember } {
  const world = new SimWorld(seed);
  const ana = world.member('ana');
  ana.player.load(film('a'), 0);
  world.run(1_000);
  ana.connect();
  world.run(3_000);
  const ben = world.member('ben', { clockOffsetMs: -40_000, upMs: 30, downMs: 30, ...options });
  ben.connect();
  world.run(8_000);
  return { world, ana, ben };
}

export const RUNTIME_MS = film('a').runtimeMs ?? 0;

/** The same two, with the film at its end, and nothing said yet by either player. */
export function atEnd(): ReturnType<typeof party> {
  const two = party();
  two.ana.player.user({ type: 'seek', positionMs: RUNTIME_MS - 3_000 });
  two.world.run(4_500);
  return two;
}
