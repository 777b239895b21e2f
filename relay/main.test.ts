import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connect, EXTENSION_ORIGIN, hello, type TestClient } from './testing/client.ts';
import { FILM } from './testing/rooms.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

let dataDir = '';
const children: ChildProcess[] = [];
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'osp-main-'));
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  rmSync(dataDir, { recursive: true });
});

interface Process {
  child: ChildProcess;
  output: () => string;
  exited: Promise<unknown[]>;
}

function run(script: string, env: Record<string, string>, args: readonly string[] = []): Process {
  const child = spawn(process.execPath, ['--import', 'tsx', join('relay', script), ...args], {
    cwd: ROOT,
    env: { ...process.env, OSP_HOST: '127.0.0.1', OSP_PORT: '0', OSP_DATA_DIR: dataDir, ...env },
  });
  children.push(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return { child, output: () => output, exited: once(child, 'exit') };
}

/** @returns the first group of what the process prints at last. */
async function printed(relay: Process, pattern: RegExp): Promise<string> {
  await expect.poll(relay.output, { timeout: 10_000 }).toMatch(pattern);
  return pattern.exec(relay.output())?.[1] ?? '';
}

async function host(
  url: string,
  identity: string,
): Promise<{ client: TestClient; room: string; you: string; seat: string }> {
  const headers = { origin: EXTENSION_ORIGIN, authorization: `Bearer ${identity}` };
  const response = await fetch(`${url}/v1/rooms`, { method: 'POST', headers });
  const { room, grant } = (await response.json()) as { room: string; grant: string };
  const client = await connect(`${url.replace('http', 'ws')}/v1/rooms/${room}`);
  client.send(hello({ kind: 'grant', grant }));
  const { you, seat } = await client.next('welcome');
  return { client, room, you, seat };
}

describe('the relay as a process', () => {
  it('[peer R-61][C-03][H-02][A-07] starts with nothing set, pairs, hosts, and on SIGTERM closes with 1001 and ends well', async () => {
    const relay = run('main.ts', {});
    const url = await printed(relay, /OpenSyncParty relay: (http:\S+)/);
    const code = await printed(relay, /Pairing code for the next host: (\S+)/);
    expect(statSync(join(dataDir, 'secret')).mode & 0o777).toBe(0o600);
    const pairing = await fetch(`${url}/v1/token`, {
      method: 'POST',
      headers: { origin: EXTENSION_ORIGIN },
      body: JSON.stringify({ kind: 'pairing', code, name: 'Anastasia' }),
    });
    const { identity } = (await pairing.json()) as { identity: string };
    await expect.poll(() => relay.output().match(/Pairing code/g)?.length).toBe(2);
    const { client } = await host(url, identity);
    relay.child.kill('SIGTERM');
    expect((await client.closed).code).toBe(1001);
    expect(await relay.exited).toEqual([0, null]);
    for (const secret of [identity, 'Anastasia', '127.0.0.1"']) expect(relay.output()).not.toContain(secret);
  });

  it('[S-04] is killed in mid-party, started again on the same folder, and has its members back', async () => {
    const first = run('main.ts', {});
    const url = await printed(first, /OpenSyncParty relay: (http:\S+)/);
    const cli = run('token-cli.ts', {}, ['--name', 'Ana', '--ttl', '12h']);
    await cli.exited;
    const ana = await host(url, cli.output().trim());
    ana.client.send({
      type: 'command',
      id: 'c',
      base: 0,
      action: { kind: 'media', media: FILM, positionMs: 5000, play: true },
    });
    ana.client.send({ type: 'command', id: 'd', base: 1, action: { kind: 'wait', waitMs: 0 } });
    const { snapshot } = await ana.client.next('snapshot', ({ snapshot: { serial } }) => serial === 2);
    first.child.kill('SIGKILL');
    expect((await ana.client.closed).code).toBe(1006);
    // On any free port: somebody else may have taken the one that was.
    const second = run('main.ts', {});
    const anew = await printed(second, /OpenSyncParty relay: (http:\S+)/);
    const client = await connect(`${anew.replace('http', 'ws')}/v1/rooms/${ana.room}`);
    client.send(hello({ kind: 'seat', seat: ana.seat }, 1, { snapshot }));
    const welcome = await client.next('welcome');
    expect(welcome).toMatchObject({ you: ana.you, resumed: true, members: [{ name: 'Ana', role: 'host' }] });
    expect(welcome.timeline).toMatchObject({ epoch: 2, seq: 2, phase: 'playing', media: FILM });
    // By the time of day, as nobody said where the film is.
    expect(welcome.timeline.positionMs).toBeGreaterThan(5000);
    expect(welcome.timeline.positionMs).toBeLessThan(5000 + 20_000);
  });

  it('[A-02] takes an identity that `npm run token` prints on the same machine', async () => {
    const relay = run('main.ts', {});
    const url = await printed(relay, /OpenSyncParty relay: (http:\S+)/);
    const cli = run('token-cli.ts', {}, ['--name', 'Ana', '--ttl', '12h']);
    expect(await cli.exited).toEqual([0, null]);
    await host(url, cli.output().trim());
  });

  it('[peer R-05][A-06] does not start with a short secret, and says everything that is wrong', async () => {
    const relay = run('main.ts', { OSP_SECRET: 'hunter2', OSP_PORT: 'x' });
    expect(await relay.exited).toEqual([1, null]);
    expect(relay.output()).toContain('OSP_SECRET is too short');
    expect(relay.output()).toContain('OSP_PORT');
    expect(relay.output()).not.toContain('hunter2');
  });

  it('says so when the port is taken', async () => {
    const first = run('main.ts', {});
    const port = new URL(await printed(first, /OpenSyncParty relay: (http:\S+)/)).port;
    const second = run('main.ts', { OSP_PORT: port });
    expect(await second.exited).toEqual([1, null]);
    expect(second.output()).toContain(port);
  });
});
