import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTokens } from './auth/tokens.ts';
import { randomId } from './rooms/registry.ts';
import { connect, EXTENSION_ORIGIN, hello, type TestClient } from './testing/client.ts';
import { FAKE_SERVER_ID, startFakeJellyfin } from './testing/fake-jellyfin.ts';
import { startWitness } from './testing/fuzz/witness.ts';
import { type RelayProcess, startRelayProcess } from './testing/process.ts';
import { frame, OPCODE, rawWebSocket } from './testing/raw.ts';
import { askForInvite, TEST_SECRET } from './testing/relay.ts';

const tokens = createTokens([TEST_SECRET]);

/** @returns a member that came in with a grant, and its seat. */
async function enter(
  relay: RelayProcess,
  room: string,
  address: string,
): Promise<TestClient & { seat: string; id: string }> {
  const client = await connect(`${relay.wsUrl}/v1/rooms/${room}`, { 'x-forwarded-for': address });
  const grant = await tokens.mint('grant', { room, sub: address, name: 'Anastasia', verified: true }, 60_000);
  client.send(hello({ kind: 'grant', grant }));
  const { seat, you } = await client.next('welcome');
  return Object.assign(client, { seat, id: you });
}

async function comeBack(relay: RelayProcess, room: string, seat: string, address: string): Promise<string> {
  const client = await connect(`${relay.wsUrl}/v1/rooms/${room}`, { 'x-forwarded-for': address });
  client.send(hello({ kind: 'seat', seat }));
  const { you, resumed } = await client.next('welcome');
  client.close();
  return resumed ? you : 'somebody new';
}

describe.each(['uws', 'ws'])('the relay process on %s', (socket) => {
  let relay: RelayProcess;
  let filesAtRest = 0;
  beforeAll(async () => {
    relay = await startRelayProcess({ OSP_SOCKET: socket });
    filesAtRest = relay.footprint().files;
  }, 40_000);
  afterAll(() => relay.stop());

  it('[peer R-17][peer R-18][peer R-19] serves one room while others flood it with messages, pings and connections', async () => {
    const witness = await startWitness(relay, tokens);
    const endMs = performance.now() + 4_000;
    const rooms = Array.from({ length: 4 }, randomId);
    const flooders = Array.from({ length: 12 }, async (_, index) => {
      const room = rooms[index % rooms.length] ?? '';
      for (let visit = 0; performance.now() < endMs; visit++) {
        const address = `10.${index}.${visit >> 8}.${visit & 255}`;
        const raw = await rawWebSocket(relay.port, `/v1/rooms/${room}`, { 'x-forwarded-for': address });
        const grant = await tokens.mint('grant', { room, sub: 'e', name: 'Eve', verified: true }, 60_000);
        raw.write(frame(OPCODE.text, JSON.stringify(hello({ kind: 'grant', grant }))));
        const status = '{"type":"status","state":"in-sync","offsetMs":0,"errorMs":1,"deliveryMs":9,"startMs":9}';
        const flood = [OPCODE.text, OPCODE.ping].map((code) =>
          Buffer.concat(Array(500).fill(frame(code, code === OPCODE.text ? status : 'p'))),
        );
        raw.write(flood[index % 2] ?? '');
        raw.write(flood[1] ?? '');
        await raw.hungUp(200);
        raw.end();
      }
    });
    await Promise.all(flooders);
    await witness.stop();
    expect(witness.result.faults).toEqual([]);
    expect(witness.result.delivered).toBeGreaterThan(3);
    expect(witness.result.slowestMs).toBeLessThan(3_000);
    expect(relay.isAlive()).toBe(true);
  }, 40_000);

  it('[peer R-19][peer R-24] takes 200 members back into their seats who all lost their connection at once', async () => {
    const rooms = Array.from({ length: 10 }, randomId);
    const places = Array.from({ length: 200 }, (_, index) => ({
      room: rooms[index % rooms.length] ?? '',
      address: `172.16.${index >> 4}.${index & 15}`,
    }));
    const members = await Promise.all(places.map(({ room, address }) => enter(relay, room, address)));
    for (const member of members) member.vanish();
    const back = await Promise.all(
      places.map(({ room, address }, index) => comeBack(relay, room, members[index]?.seat ?? '', address)),
    );
    expect(back).toEqual(members.map(({ id }) => id));
  }, 40_000);

  it('[peer R-20] has no socket left when all are gone', async () => {
    const members = await Promise.all(
      Array.from({ length: 50 }, (_, index) => enter(relay, randomId(), `10.9.8.${index}`)),
    );
    expect(relay.footprint().files).toBeGreaterThanOrEqual(filesAtRest + 50);
    for (const member of members) member.vanish();
    await expect.poll(() => relay.footprint().files, { timeout: 10_000 }).toBeLessThanOrEqual(filesAtRest);
  });
});

describe('what the relay process tells', () => {
  it('[peer R-01][peer R-42] its log is no secret, even at its most talkative: no token, name, room or address', async () => {
    const jellyfin = await startFakeJellyfin();
    const relay = await startRelayProcess({ OSP_LOG_LEVEL: 'trace', OSP_JELLYFIN_URLS: jellyfin.url });
    const room = randomId();
    const ana = await enter(relay, room, '203.0.113.77');
    const invite = await askForInvite(ana);
    const bad = await connect(`${relay.wsUrl}/v1/rooms/${room}`, { 'x-forwarded-for': '203.0.113.78' });
    bad.send(hello({ kind: 'invite', invite: `${invite}x`, name: 'Beatrix' }));
    await bad.closed;
    const secrets = [
      ana.seat,
      invite,
      room,
      'Anastasia',
      'Beatrix',
      '203.0.113.7',
      'good-token',
      'wrong-token',
      TEST_SECRET,
    ];
    for (const token of ['good-token', 'wrong-token']) {
      const body = JSON.stringify({ kind: 'jellyfin', serverId: FAKE_SERVER_ID, token });
      const response = await fetch(`${relay.url}/v1/token`, {
        method: 'POST',
        headers: { origin: EXTENSION_ORIGIN },
        body,
      });
      const { identity } = (await response.json()) as { identity?: string };
      if (identity !== undefined) secrets.push(identity);
    }
    ana.sendText('Anastasia, in a message that is no message');
    ana.vanish();
    await relay.stop();
    await jellyfin.close();
    expect(secrets).toHaveLength(10);
    expect(relay.output()).toContain('member in');
    for (const secret of secrets) expect(relay.output()).not.toContain(secret);
  }, 40_000);

  it.each(['a'.repeat(64), 'abcabcabcabcabcabcabcabcabcabcabcabc', '1234567'.repeat(9)])(
    '[peer R-05] it does not start with the guessable secret "%s", nor repeats it',
    async (secret) => {
      const env = { ...process.env, OSP_SECRET: secret, OSP_PORT: '0' };
      const child = spawn(process.execPath, ['--import', 'tsx', 'relay/main.ts'], { env });
      let output = '';
      for (const stream of [child.stdout, child.stderr])
        stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
      expect(await once(child, 'exit')).toEqual([1, null]);
      expect(output).toContain('OSP_SECRET');
      expect(output).not.toContain(secret);
    },
    20_000,
  );
});
