import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { ITEM_IDS, type Jellyfin, type JellyfinOptions, startJellyfin } from './server.ts';

let dir = '';
let running: Jellyfin[] = [];

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'osp-jellyfin-'));
  await writeFile(join(dir, 'film.mp4'), Buffer.from('0123456789'));
});
afterEach(async () => {
  await Promise.all(running.map((server) => server.close()));
  running = [];
});
afterAll(() => rm(dir, { recursive: true }));

async function start(options: Partial<JellyfinOptions> = {}): Promise<Jellyfin> {
  // No ffmpeg in unit tests: every item is the same ten bytes.
  const media = { dir, file: () => join(dir, 'film.mp4'), hls: () => dir };
  const server = await startJellyfin({ media, ...options });
  running.push(server);
  return server;
}

function as(server: Jellyfin, token: string) {
  const headers = { Authorization: `MediaBrowser Token="${token}"` };
  return (method: string, path: string) => fetch(server.url + path, { method, headers });
}

/** A page's socket, with what it was told apart from keep-alives. */
async function openSocket(server: Jellyfin, token: string): Promise<{ told: unknown[]; next: () => Promise<void> }> {
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/socket?ApiKey=${token}&deviceId=x`);
  const told: unknown[] = [];
  socket.on('message', (data) => {
    const message = JSON.parse(String(data)) as { MessageType: string; Data: unknown };
    if (message.MessageType !== 'ForceKeepAlive') told.push([message.MessageType, message.Data]);
  });
  await once(socket, 'message');
  return { told, next: async () => void (await once(socket, 'message')) };
}

describe('the stand-in server', () => {
  it('logs in with name and password only', async () => {
    const server = await start({ basePath: '/jellyfin' });
    const logIn = (Pw: string) =>
      fetch(`${server.url}/Users/AuthenticateByName`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Authorization: 'MediaBrowser DeviceId="d", Client="c"' },
        body: JSON.stringify({ Username: 'ana', Pw }),
      });
    expect((await logIn('wrong')).status).toBe(401);
    const { AccessToken, User } = (await (await logIn('ana')).json()) as {
      AccessToken: string;
      User: { Name: string };
    };
    expect(User.Name).toBe('ana');
    expect((await as(server, AccessToken)('GET', '/Users/Me')).status).toBe(200);
    expect((await as(server, AccessToken)('POST', '/Sessions/Logout')).status).toBe(204);
    expect((await as(server, AccessToken)('GET', '/Users/Me')).status).toBe(401);
  });

  it('serves parts of a film', async () => {
    const server = await start();
    const { token } = server.logIn('ana');
    const film = `${server.url}/Videos/${ITEM_IDS.filmA}/stream.mp4?Static=true&ApiKey=${token}`;
    const part = await fetch(film, { headers: { Range: 'bytes=2-4' } });
    expect([part.status, part.headers.get('content-range'), await part.text()]).toEqual([206, 'bytes 2-4/10', '234']);
    expect((await fetch(film, { headers: { Range: 'bytes=10-' } })).status).toBe(416);
  });

  it('steers a session through its socket, and brings the rest of a series', async () => {
    const server = await start();
    const ana = server.logIn('ana');
    const ben = server.logIn('ben');
    const page = await openSocket(server, ana.token);
    const [session] = server.sessionsOf('ana');
    const steer = (command: string) => as(server, ben.token)('POST', `/Sessions/${session?.id}/Playing${command}`);
    const arrives = page.next();
    await steer(`?playCommand=PlayNow&itemIds=${ITEM_IDS.episode2}&startPositionTicks=50`);
    await arrives;
    const again = page.next();
    await steer('/Seek?seekPositionTicks=70');
    await again;
    const ControllingUserId = ben.userId;
    expect(page.told).toEqual([
      [
        'Play',
        {
          ItemIds: [ITEM_IDS.episode2, ITEM_IDS.episode3],
          StartPositionTicks: 50,
          PlayCommand: 'PlayNow',
          ControllingUserId,
        },
      ],
      ['Playstate', { Command: 'Seek', SeekPositionTicks: 70, ControllingUserId }],
    ]);
    expect((await as(server, ben.token)('POST', '/Sessions/none/Playing/Pause')).status).toBe(404);
  });

  it('shows all sessions to an administrator, and others only their own', async () => {
    const server = await start();
    const ana = server.logIn('ana');
    const ben = server.logIn('ben');
    const list = async (token: string) => (await as(server, token)('GET', '/Sessions')).json() as Promise<unknown[]>;
    await openSocket(server, ana.token);
    await openSocket(server, ben.token);
    expect(await list(ana.token)).toHaveLength(2);
    expect(await list(ben.token)).toHaveLength(1);
  });

  it('hides items from a user', async () => {
    const server = await start({ hideItemsFrom: { ben: [ITEM_IDS.filmA] } });
    const status = async (name: string) =>
      (await as(server, server.logIn(name).token)('GET', `/Items/${ITEM_IDS.filmA}`)).status;
    expect([await status('ana'), await status('ben')]).toEqual([200, 404]);
  });
});
