import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTokens } from '../../relay/auth/tokens.ts';
import { connect, hello } from '../../relay/testing/client.ts';
import { buildRelay } from '../support/shipped-relay.ts';
import { until } from '../support/tab.ts';

const SECRET = 'a secret of a relay that was built for a test';
/** Outside of the project, so that nothing is found in its node_modules. */
const folder = mkdtempSync(join(tmpdir(), 'osp-dist-'));
const built = join(folder, 'relay');
const children: ChildProcess[] = [];

beforeAll(() => buildRelay(built), 60_000);
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

function run(cwd: string, script: string, args: readonly string[] = []): { child: ChildProcess; output: () => string } {
  const env = {
    PATH: process.env.PATH,
    OSP_HOST: '127.0.0.1',
    OSP_PORT: '0',
    OSP_SECRET: SECRET,
    OSP_DATA_DIR: folder,
  };
  const child = spawn(process.execPath, [script, ...args], { cwd, env });
  children.push(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return { child, output: () => output };
}

/** Starts what was built, and lets somebody in. @returns which sockets it runs on. */
async function serve(cwd: string): Promise<{ url: string; page: string }> {
  const relay = run(cwd, 'main.js');
  const url = await until('the relay to say where it is', async () => {
    if (relay.child.exitCode !== null) throw new Error(relay.output());
    return /OpenSyncParty relay: (http:\S+)/.exec(relay.output())?.[1] ?? null;
  });
  const room = 'room-0123456789abcdef';
  const claims = { room, sub: 'ana@test', name: 'Ana', verified: true };
  const client = await connect(`${url.replace('http', 'ws')}/v1/rooms/${room}`);
  client.send(hello({ kind: 'grant', grant: await createTokens([SECRET]).mint('grant', claims, 60_000) }));
  await client.next('welcome');
  expect((await fetch(`${url}/join/${room}`)).status).toBe(200);
  return { url, page: await (await fetch(`${url}/metrics`)).text() };
}

describe('what `npm run build` makes of the relay', () => {
  it('runs alone, on the native sockets that lie beside it', async () => {
    expect(existsSync(join(folder, 'node_modules'))).toBe(false);
    const { url, page } = await serve(built);
    expect(page).toContain('socket="uws"');
    const doctor = run(built, 'doctor.js', [url]);
    await once(doctor.child, 'exit');
    expect([doctor.child.exitCode, doctor.output()]).toEqual([0, expect.stringContaining('ok    socket')]);
    const token = run(built, 'token.js', ['--name', 'Ana']);
    await once(token.child, 'exit');
    expect(token.output().trim().split('.')).toHaveLength(3);
  });

  it('runs without them as well', async () => {
    const bare = join(folder, 'bare');
    cpSync(built, bare, { recursive: true, filter: (path) => !path.includes('node_modules') });
    expect(readdirSync(bare)).not.toContain('node_modules');
    expect((await serve(bare)).page).toContain('socket="ws"');
  });
});
