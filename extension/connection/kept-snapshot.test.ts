import { describe, expect, it } from 'vitest';
import type { LinkOptions } from './link-options.ts';
import { aMember, aRelay } from './testing/cast.ts';

describe('what it kept of the room', () => {
  const snapshot = (epoch: number, serial: number) => ({ epoch, serial, token: `snapshot-token-${epoch}-${serial}` });

  /** The relay hands out these, and then cuts the member off. */
  async function comesBackWith(given: ReturnType<typeof snapshot>[], change: Partial<LinkOptions> = {}) {
    const relay = await aRelay();
    const member = aMember(relay, change);
    await member.opened();
    for (const socket of relay.sockets()) {
      for (const one of given) socket.send(JSON.stringify({ type: 'snapshot', s: 1, snapshot: one }));
    }
    await member.until((m) => m.messages.filter(({ type }) => type === 'snapshot').length === given.length);
    for (const socket of relay.sockets()) socket.terminate();
    await member.opened(2);
    return { member, first: relay.hellos[0], second: relay.hellos[1] };
  }

  it('[S-03] brings along the newest, with its seat alone', async () => {
    const { first, second } = await comesBackWith([snapshot(1, 4), snapshot(2, 5), snapshot(1, 9), snapshot(2, 4)]);
    expect(first).not.toHaveProperty('snapshot');
    expect(second?.snapshot).toEqual(snapshot(2, 5));
    expect(second).not.toHaveProperty('film');
  });

  it('[S-03] has none to bring along until it was given one', async () => {
    const { second } = await comesBackWith([]);
    expect(second).not.toHaveProperty('snapshot');
  });

  it('[S-06] says where the film is each time, as of then', async () => {
    let positionMs = 1000;
    const media = { serverId: 'a'.repeat(32), itemId: 'b'.repeat(32), title: 'Film', runtimeMs: null };
    const moving = { epoch: 1, seq: 2, phase: 'playing', rate: 1, media } as const;
    const film = () => ({ ...moving, positionMs: positionMs++ });
    const relay = await aRelay();
    const member = aMember(relay, {
      credential: () => ({ kind: 'seat', seat: 'seat-of-before-0001' }),
      snapshot: snapshot(1, 1),
      events: { onState: () => undefined, onMessage: () => undefined, film },
    });
    await relay.until(() => relay.hellos.length === 1);
    for (const socket of relay.sockets()) socket.terminate();
    await relay.until(() => relay.hellos.length === 2);
    expect(relay.hellos.map((hello) => hello.film)).toEqual([
      { ...moving, positionMs: 1000 },
      { ...moving, positionMs: 1001 },
    ]);
    expect(relay.hellos.map((hello) => hello.snapshot)).toEqual([snapshot(1, 1), snapshot(1, 1)]);
    member.lifetime.abort();
  });
});
