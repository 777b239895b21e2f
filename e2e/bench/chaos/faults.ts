/** What can happen to relays and networks. Each fault ends when everything runs again, and says when that was. */
import { setTimeout as delay } from 'node:timers/promises';
import { assertNever } from '../../../shared/errors.ts';
import { forged, Intruder } from './intruder.ts';
import { allOpen, type Side, type World } from './world.ts';

export const FAULTS = [
  'kill',
  'clock-step',
  'terminate',
  'clock-set',
  'failover',
  'forgery',
  'network',
  'half-open',
  'split',
] as const;
export type Fault = (typeof FAULTS)[number];

/** How long a relay is down, in ms. */
const DOWN_MS = [200, 2_000] as const;
const STEP_MS = [-1_200_000, 1_200_000] as const;
const FROZEN_SHARE = 0.2;
/** Members find out by an unanswered ping (8 s); a moment before, nobody has. */
const FROZEN_MS = 10_500;
const APART_MS = 1_500;
/** For all to hear that their connection has ended; nobody tries again so soon. */
const NOTICE_MS = 200;
/** For those who left to be gone, and for who stays to be told. */
const LEAVE_MS = 600;
/** A clock that was set while people went on is to have been noticed by then. */
const CLOCK_MS = 500;

/** @returns since when members can come back, in ms of this process; null where that cannot be said. */
export async function strike(world: World, fault: Fault): Promise<number | null> {
  const { random } = world;
  const side = struckSide(world);
  const other: Side = side === 0 ? 1 : 0;
  const { node, wire } = world.places[side];
  switch (fault) {
    case 'kill':
      await node.end('SIGKILL');
      await delay(random.between(DOWN_MS));
      await node.start();
      return performance.now();
    case 'clock-step':
      await node.end('SIGKILL');
      await node.start(random.between(STEP_MS));
      return performance.now();
    case 'terminate':
      await node.end('SIGTERM');
      await node.start();
      return performance.now();
    case 'clock-set':
      node.setClock();
      await delay(CLOCK_MS);
      return null;
    case 'forgery':
      return forgery(world, side);
    case 'failover': {
      const rooms = world.roomsAt(side);
      await node.end('SIGKILL');
      world.lead(rooms, other);
      const sinceMs = performance.now();
      await allOpen(world.rooms);
      await node.start();
      return sinceMs;
    }
    case 'network':
      wire.cut();
      await delay(random.between(DOWN_MS));
      wire.mend();
      return performance.now();
    case 'half-open':
      wire.freeze(() => random.chance(FROZEN_SHARE));
      await delay(FROZEN_MS);
      return null;
    case 'split':
      return split(world, side, other);
    default:
      return assertNever(fault);
  }
}

/** One that has rooms: after a failover the other has none. */
function struckSide(world: World): Side {
  const side: Side = world.random.chance(0.5) ? 0 : 1;
  const other: Side = side === 0 ? 1 : 0;
  return world.roomsAt(side).length > 0 ? side : other;
}

/** One relay cannot be reached, the other goes on with its rooms, and then the first, which knows nothing of it, is back. */
async function split(world: World, side: Side, other: Side): Promise<number> {
  const rooms = world.roomsAt(side);
  world.places[side].wire.cut();
  world.lead(rooms, other);
  await delay(NOTICE_MS);
  await allOpen(world.rooms);
  world.traffic = 'commands';
  await delay(APART_MS);
  world.traffic = 'none';
  world.places[side].wire.mend();
  world.lead(rooms, side);
  const sinceMs = performance.now();
  // Their connections to the other relay end, as a balancer ends them.
  world.places[other].wire.cut();
  await delay(NOTICE_MS);
  world.places[other].wire.mend();
  return sinceMs;
}

/** Those who have left are at the door of a relay that knows nothing, before anybody else. */
async function forgery(world: World, side: Side): Promise<number> {
  const { node } = world.places[side];
  const rooms = world.roomsAt(side);
  for (const room of rooms) room.loseGuest();
  await delay(LEAVE_MS);
  await node.end('SIGKILL');
  await node.start();
  for (const [index, { id, former }] of rooms.entries()) {
    if (!former) continue;
    const address = `11.0.${index >> 8}.${index & 255}`;
    for (const shown of [forged(former), former]) world.intruders.push(new Intruder(node.port, id, shown, address));
  }
  return performance.now();
}
