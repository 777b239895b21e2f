import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SnapshotClaimsSchema } from '../../relay/auth/claims.ts';
import { createTokens } from '../../relay/auth/tokens.ts';
import { readConfig } from '../../relay/config.ts';
import { randomId } from '../../relay/rooms/registry.ts';
import { clientAddress, publicBase } from '../../relay/server/address.ts';
import type { HttpRequest } from '../../relay/server/port.ts';
import type { Media } from '../../shared/protocol.ts';
import { type RelayProcess, startRelayProcess } from '../support/relay-process.ts';
import { ask } from './ask.ts';
import { type Balancer, type NodeAddress, startBalancer } from './haproxy.ts';
import { Member } from './member.ts';

const BACK_MS = 3_000;
/** How far the film may be from where it would be if its node had lived. */
const FILM_MOVED_MS = 250;
const SECRET = 'a secret that three nodes of one test share';
const FILM: Media = { serverId: 'a'.repeat(32), itemId: 'b'.repeat(32), title: 'Film', runtimeMs: 600_000 };

const tokens = createTokens([SECRET]);
const relays = new Map<string, RelayProcess>();
const members: Member[] = [];
let balancer: Balancer;

const startNode = (name: string, port?: number): Promise<RelayProcess> =>
  startRelayProcess({
    jellyfinUrls: ['http://127.0.0.1:9'],
    secret: SECRET,
    env: { OSP_TRUSTED_PROXIES: '127.0.0.1', OSP_PUBLIC_URL: 'https://party.example.org' },
    ...(port ? { port } : {}),
  }).then((relay) => {
    relays.set(name, relay);
    return relay;
  });

const addresses = (): NodeAddress[] =>
  [...relays]
    .map(([name, relay]) => ({ name, address: new URL(relay.url).host }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));

beforeAll(async () => {
  await Promise.all(['a', 'b', 'c'].map((name) => startNode(name)));
  balancer = await startBalancer(addresses());
}, 60_000);

afterAll(async () => {
  for (const member of members) member.stop();
  await balancer?.close();
  await Promise.all([...relays.values()].map((relay) => relay.close()));
});

/** Opens a room through the balancer: its host and a guest, with a film that plays from its first minute on. */
async function party(): Promise<Member[]> {
  const room = randomId();
  const grant = await tokens.mint('grant', { room, sub: 'ana@test', name: 'Ana', verified: true }, 60_000);
  const host = enter(room, { kind: 'grant', grant });
  await host.welcomed();
  const action = { kind: 'media', media: FILM, positionMs: 60_000, play: true } as const;
  host.send({ type: 'command', id: 'c1', base: 0, action });
  const claims = { jti: randomId(), uses: 5, by: 'Ana', title: null, itemId: null, serverId: null };
  const invite = await tokens.mint('invite', { room, jellyfinUrl: 'http://jellyfin.test', ...claims }, 60_000);
  const guest = enter(room, { kind: 'invite', invite, name: 'Ben' });
  await guest.welcomed();
  for (const member of [host, guest]) await member.until('a snapshot with both in it', () => countKept(member) === 2);
  return [host, guest];
}

/** How many people the newest snapshot names that a member was given. */
function countKept({ messages }: Member): number {
  const newest = messages.findLast((message) => message.type === 'snapshot');
  const [, claims] = newest?.snapshot.token.split('.') ?? [];
  if (claims === undefined) return 0;
  return v.parse(SnapshotClaimsSchema, JSON.parse(Buffer.from(claims, 'base64url').toString())).people.length;
}

function enter(room: string, credential: ConstructorParameters<typeof Member>[0]['credential']): Member {
  const member = new Member({ relay: balancer.url, room, credential });
  members.push(member);
  return member;
}

/** Opens parties until each of the nodes has one. */
async function partiesOnEach(names: readonly string[]): Promise<Map<string, Member[][]>> {
  const byNode = new Map<string, Member[][]>(names.map((name) => [name, []]));
  for (let tries = 0; tries < 40 && [...byNode.values()].some((some) => some.length === 0); tries++) {
    const people = await party();
    const node = people[0]?.nodes[0] ?? 'none';
    byNode.set(node, [...(byNode.get(node) ?? []), people]);
  }
  return byNode;
}

/** Both ends of a fault: those of the fallen node are back elsewhere in time with all they had, nobody else has noticed. */
async function expectMoved(fallen: string, byNode: ReadonlyMap<string, Member[][]>, sinceMs: number): Promise<void> {
  const moving = (byNode.get(fallen) ?? []).map((people) => ({
    people,
    startedAtMs: people[0]?.filmStartedAtMs() ?? 0,
  }));
  for (const { people, startedAtMs } of moving) {
    for (const member of people) await member.welcomed(2, BACK_MS - (performance.now() - sinceMs));
    const nodes = new Set(people.map((member) => member.nodes.at(-1)));
    expect(nodes.size).toBe(1);
    expect(nodes).not.toContain(fallen);
    for (const member of people) {
      const [before, after] = member.welcomes();
      expect(after).toMatchObject({ you: before?.you, room: member.room, resumed: true });
      expect(after?.timeline).toMatchObject({ media: FILM, phase: 'playing', rate: 1 });
      expect(Math.abs(member.filmStartedAtMs() - startedAtMs)).toBeLessThan(FILM_MOVED_MS);
      expect(after?.timeline.epoch).toBeGreaterThan(before?.timeline.epoch ?? Number.POSITIVE_INFINITY);
      expect(after?.members.map(({ name, role }) => [name, role])).toEqual([
        ['Ana', 'host'],
        ['Ben', 'guest'],
      ]);
    }
  }
  const others = [...byNode].filter(([name]) => name !== fallen).flatMap(([, parties]) => parties.flat());
  for (const member of others) {
    expect(member.nodes).toHaveLength(1);
    expect(member.last).toEqual({ state: 'open' });
  }
}

/** A command from one reaches the other: the room is alive. */
async function expectAlive([host, guest]: readonly Member[]): Promise<void> {
  if (!host || !guest) throw new Error('a party of two');
  const seen = guest.messages.length;
  const base = Math.max(
    ...guest.messages.map((m) => (m.type === 'timeline' || m.type === 'welcome' ? m.timeline.seq : 0)),
  );
  host.send({ type: 'command', id: 'alive', base, action: { kind: 'seek', positionMs: 90_000 } });
  const isAnswer = (message: Member['messages'][number]): boolean =>
    message.type === 'timeline' && message.timeline.positionMs === 90_000;
  await guest.until('the seek', () => guest.messages.slice(seen).some(isAnswer));
}

/** Names every node of these rooms, asked in turn. */
async function nodesOf(rooms: readonly string[], of: Balancer): Promise<string[]> {
  const nodes: string[] = [];
  for (const room of rooms) nodes.push(await of.nodeOf(room));
  return nodes;
}

describe('three relays behind HAProxy', () => {
  it('brings everybody who names a room to the same node, also who only checks an invite', async () => {
    const byNode = await partiesOnEach(['a', 'b', 'c']);
    for (const [name, parties] of byNode) {
      expect(['a', 'b', 'c']).toContain(name);
      for (const people of parties) {
        expect(people.map((member) => member.nodes)).toEqual([[name], [name]]);
        const room = people[0]?.room ?? '';
        expect(await balancer.nodeOf(room)).toBe(name);
        const check = await ask(`${balancer.url}/v1/invites/check`, {
          method: 'POST',
          headers: { origin: 'chrome-extension://abcdefghijklmnopabcdefghijklmnop' },
          body: JSON.stringify({ room, invite: 'no-such-invite-01' }),
        });
        expect([check.status, check.header('x-test-node')]).toEqual([401, name]);
      }
    }
  });

  it('has the metrics of no node on the internet', async () => {
    expect((await ask(`${balancer.url}/metrics`)).status).toBe(404);
    expect((await fetch(`${relays.get('a')?.url}/metrics`)).status).toBe(404);
  });

  it('a reload of the balancer cuts everybody off, and has all of them back in their seats within 3 s', async () => {
    const byNode = await partiesOnEach(['a', 'b', 'c']);
    const people = [...byNode.values()].flat(2);
    const sinceMs = performance.now();
    balancer.reload();
    for (const member of people) {
      await member.welcomed(2, BACK_MS - (performance.now() - sinceMs));
      const [before, after] = member.welcomes();
      expect([after?.you, after?.resumed]).toEqual([before?.you, true]);
      expect(member.nodes[1]).toBe(member.nodes[0]);
    }
  });

  it('kill -9 of one: its rooms are on another node with all their members within 3 s, the others notice nothing', async () => {
    const byNode = await partiesOnEach(['a', 'b', 'c']);
    const sinceMs = performance.now();
    await relays.get('b')?.kill();
    await expectMoved('b', byNode, sinceMs);
    for (const name of ['a', 'c']) await expectAlive(byNode.get(name)?.[0] ?? []);
    for (const people of byNode.get('b') ?? []) await expectAlive(people);
  });

  it('a node that comes back takes no room away from where it is now', async () => {
    const rooms = Array.from({ length: 60 }, randomId);
    const before = await nodesOf(rooms, balancer);
    expect(new Set(before)).toEqual(new Set(['a', 'c']));
    await startNode('b', Number(new URL(relays.get('b')?.url ?? '').port));
    await expect.poll(() => balancer.nodeOf(randomId()), { timeout: 15_000, interval: 20 }).toBe('b');
    expect(await nodesOf(rooms, balancer)).toEqual(before);
  });

  it('a node that is stopped moves its members on without a gap', async () => {
    const byNode = await partiesOnEach(['a', 'b', 'c']);
    const sinceMs = performance.now();
    const stopped = relays.get('c')?.stop();
    await expectMoved('c', byNode, sinceMs);
    await stopped;
    for (const name of ['a', 'b', 'c']) await expectAlive(byNode.get(name)?.[0] ?? []);
  });
});

describe('one node that remembers what it was asked', () => {
  let asked: HttpRequest | null = null;
  const extra = createServer((request, response) => {
    const { method = '', url: path = '', headers } = request;
    const header = (name: string): string => String(headers[name] ?? '');
    if (path !== '/readyz') asked = { method, path, header, peerAddress: '198.51.100.7', body: '' };
    response.end();
  });
  beforeAll(() => new Promise<void>((resolve) => extra.listen(0, '127.0.0.1', resolve)));
  afterAll(() => {
    extra.close();
  });

  it('hears who asks and by what address, whatever they claim to be', async () => {
    const one = await startBalancer([{ name: 'a', address: `127.0.0.1:${(extra.address() as AddressInfo).port}` }]);
    try {
      const claims = {
        'x-forwarded-for': '203.0.113.9',
        'x-forwarded-proto': 'gopher',
        'x-forwarded-host': 'evil.test',
      };
      await ask(`${one.url}/v1/info`, { headers: claims });
      if (asked === null) throw new Error('nothing came through');
      // As if HAProxy stood on another machine: the one address it vouches for is the one it was asked from.
      const { trustedProxies } = readConfig({ OSP_TRUSTED_PROXIES: '198.51.100.7' });
      expect(clientAddress(asked, trustedProxies)).toBe('127.0.0.1');
      expect(publicBase(asked, trustedProxies, null)).toBe(one.url);
    } finally {
      await one.close();
    }
  });

  it('takes no room away when it is added as a fourth, and about its share once the balancer starts anew', async () => {
    const d = { name: 'd', address: `127.0.0.1:${(extra.address() as AddressInfo).port}` };
    const three = [...'abc'].map((name) => ({ ...d, name }));
    const rooms = Array.from({ length: 300 }, randomId);
    const [small, large] = await Promise.all([startBalancer(three), startBalancer([...three, d])]);
    try {
      const [before = [], after = []] = await Promise.all([small, large].map((of) => nodesOf(rooms, of)));
      const moved = rooms.flatMap((_, i) => (before[i] === after[i] ? [] : [after[i]]));
      // A quarter, give or take four standard deviations; what moves goes to the new node and nowhere else.
      expect(moved.length).toBeGreaterThan(45);
      expect(moved.length).toBeLessThan(105);
      expect(new Set(moved)).toEqual(new Set(['d']));
      for (const name of 'abc') expect(before.filter((node) => node === name).length).toBeGreaterThan(60);
      await small.addNode(d, 4);
      await expect.poll(() => small.nodeOf(randomId()), { timeout: 15_000, interval: 20 }).toBe('d');
      expect(await nodesOf(rooms, small)).toEqual(before);
    } finally {
      await Promise.all([small.close(), large.close()]);
    }
  });
});
