import { createTokens, type Tokens } from '../../auth/tokens.ts';
import { randomId } from '../../rooms/registry.ts';
import { EXTENSION_ORIGIN } from '../client.ts';
import type { Held, RelayProcess } from '../process.ts';
import { TEST_SECRET } from '../relay.ts';
import { SoakMember } from './member.ts';

/** Requests and handshakes under way at the same time. */
const AT_ONCE = 20;
/** Far below what one person may open at once (PROTOCOL.md B-02). */
const ROOMS_OF_ONE = 10;
const ROOM_SIZE = 5;
const BEAT_MS = 2_000;
/** Members of a room click, and one of them loses its connection, every so many beats. */
const CLICK_BEATS = 4;
const DROP_BEATS = 15;
/** Empty rooms are forgotten after five minutes (PROTOCOL.md section 6). */
const FORGOTTEN_MS = 8 * 60_000;

/** What a relay holds when nobody is there. */
export interface AtRest extends Held {
  files: number;
  residentBytes: number;
}

/** What became of the members. */
export interface Soaked {
  pongs: number;
  timelines: number;
  returns: number;
  faults: string[];
}

/** Lets `atRest` read the relay's metrics: who comes by a trusted proxy, as all do here, is not taken for this machine. */
export const METRICS_TOKEN = 'metrics-of-a-soaked-relay';

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const addressOf = (index: number): string => `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`;

/** Waits until the last room is forgotten. @returns what is left. */
export async function atRest(relay: RelayProcess): Promise<AtRest> {
  for (const endMs = performance.now() + FORGOTTEN_MS; ; await pause(2_000)) {
    const [rooms, sockets] = await occupancy(relay);
    if (rooms === 0 && sockets === 0) break;
    if (performance.now() > endMs) throw new Error(`${rooms} rooms and ${sockets} sockets are still there`);
  }
  return { ...(await relay.held()), ...relay.footprint() };
}

/** @returns rooms in memory and open sockets. */
export async function occupancy(relay: RelayProcess): Promise<[rooms: number, sockets: number]> {
  const response = await fetch(`${relay.url}/metrics`, { headers: { authorization: `Bearer ${METRICS_TOKEN}` } });
  const page = await response.text();
  const read = (name: string): number => {
    const value = new RegExp(`^${name} (\\d+)$`, 'm').exec(page)?.[1];
    if (value === undefined) throw new Error(`no ${name} in the metrics (${response.status})`);
    return Number(value);
  };
  return [read('osp_rooms'), read('osp_sockets')];
}

/**
 * Opens so many rooms, each as people do: an identity, a room, a hello as its host, and out again.
 * @param relay trusts this machine as a proxy, so that rooms are opened from many addresses by many people, each within its limits.
 */
export async function openAndLeave(relay: RelayProcess, rooms: number): Promise<void> {
  const tokens = createTokens([TEST_SECRET]);
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < rooms) {
      const index = next++;
      const member = await host(relay, tokens, index);
      member.click();
      if (index % 2 === 0) member.leave();
      else member.drop();
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

async function host(relay: RelayProcess, tokens: Tokens, index: number): Promise<SoakMember> {
  const sub = `person-${Math.floor(index / ROOMS_OF_ONE)}@s`;
  const identity = await tokens.mint('identity', { sub, name: 'Ana', verified: true }, 60_000);
  const headers = {
    origin: EXTENSION_ORIGIN,
    authorization: `Bearer ${identity}`,
    'x-forwarded-for': addressOf(index),
  };
  const response = await fetch(`${relay.url}/v1/rooms`, { method: 'POST', headers });
  const { room, grant } = (await response.json()) as { room?: string; grant?: string };
  if (room === undefined || grant === undefined) throw new Error(`a room was refused with ${response.status}`);
  const member = new SoakMember(relay, room, addressOf(index));
  await member.enter({ kind: 'grant', grant });
  return member;
}

/**
 * Lets people watch in rooms of five: they ping, report, click, lose connections and come back; then all leave.
 * @param ms for how long.
 */
export async function watch(relay: RelayProcess, members: number, ms: number): Promise<Soaked> {
  const rooms = await gather(relay, members);
  const underWay = new Set<Promise<void>>();
  let returns = 0;
  const endMs = performance.now() + ms;
  for (let beat = 0; performance.now() < endMs; beat++) {
    const dueMs = performance.now() + BEAT_MS;
    for (const [index, room] of rooms.entries()) {
      for (const member of room) member.beat();
      const actor = room[beat % room.length];
      if ((beat + index) % CLICK_BEATS === 0) actor?.click();
      if ((beat + index) % DROP_BEATS !== 0 || !actor) continue;
      actor.drop();
      returns += 1;
      const back: Promise<void> = actor
        .enter()
        .catch((error: unknown) => void actor.faults.push(String(error)))
        .finally(() => underWay.delete(back));
      underWay.add(back);
    }
    await pause(Math.max(0, dueMs - performance.now()));
  }
  await Promise.all(underWay);
  const everyone = rooms.flat();
  for (const member of everyone) member.leave();
  const sum = (count: (member: SoakMember) => number): number => everyone.reduce((all, one) => all + count(one), 0);
  return {
    pongs: sum(({ heard }) => heard.pongs),
    timelines: sum(({ heard }) => heard.timelines),
    returns,
    faults: everyone.flatMap(({ faults }) => faults),
  };
}

async function gather(relay: RelayProcess, members: number): Promise<SoakMember[][]> {
  const tokens = createTokens([TEST_SECRET]);
  const rooms: SoakMember[][] = [];
  for (let first = 0; first < members; first += ROOM_SIZE) {
    const room = randomId();
    const enter = async (index: number): Promise<SoakMember> => {
      const member = new SoakMember(relay, room, addressOf(index));
      const person = { room, sub: `p${index}@s`, name: `P${index}`, verified: true };
      await member.enter({ kind: 'grant', grant: await tokens.mint('grant', person, 60_000) });
      return member;
    };
    rooms.push(await Promise.all(Array.from({ length: ROOM_SIZE }, (_, seat) => enter(first + seat))));
  }
  return rooms;
}
