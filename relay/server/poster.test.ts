import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { EXTENSION_ORIGIN } from '../testing/client.ts';
import { FAKE_SERVER_ID } from '../testing/fake-jellyfin.ts';
import { type Entered, startTestRelay, type TestRelay } from '../testing/relay.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

const ITEM = 'b'.repeat(32);
const PICTURE = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3]);

/** A Jellyfin whose picture is this. */
async function startPictures(type: string, body: Buffer): Promise<{ url: string; asked: (string | undefined)[] }> {
  const asked: (string | undefined)[] = [];
  const server = createServer((req, res) => {
    if (req.url === '/System/Info/Public') return void res.end(JSON.stringify({ Id: FAKE_SERVER_ID }));
    asked.push(req.url);
    res.writeHead(200, { 'content-type': type }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    server.close();
    server.closeAllConnections();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

/** A room that watches something, and an invite to it. */
async function invited(relay: TestRelay, poster?: boolean): Promise<{ ana: Entered; invite: string }> {
  const ana = await relay.host();
  const media = { serverId: FAKE_SERVER_ID, itemId: ITEM, title: 'Film', runtimeMs: null };
  ana.send({ type: 'command', id: 'c1', base: 0, action: { kind: 'media', media, positionMs: 0, play: false } });
  await ana.next('timeline');
  const asked = { type: 'invite', id: 'i1', jellyfinUrl: 'https://jf.test', ...(poster !== undefined && { poster }) };
  ana.send(asked as Parameters<typeof ana.send>[0]);
  const { url } = await ana.next('invite');
  return { ana, invite: new URL(url).hash.slice(1) };
}

const ask = (relay: TestRelay, room: string, invite: string): Promise<Response> =>
  fetch(`${relay.url}/v1/invites/poster`, {
    method: 'POST',
    headers: { origin: EXTENSION_ORIGIN },
    body: JSON.stringify({ room, invite }),
  });

describe('the poster of an invite', () => {
  it.each(['ws', 'uws'] as const)('[H-07] comes from the listed server by way of the relay (%s)', async (socket) => {
    const jellyfin = await startPictures('image/jpeg', PICTURE);
    const relay = await startTestRelay({ jellyfinUrls: [jellyfin.url], socket });
    closers.push(relay.close);
    const { ana, invite } = await invited(relay);
    const response = await ask(relay, ana.room, invite);
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'image/jpeg']);
    expect(Buffer.from(await response.arrayBuffer())).toEqual(PICTURE);
    expect(jellyfin.asked).toEqual([`/Items/${ITEM}/Images/Primary?maxWidth=240&quality=80`]);
  });

  it.each<[string, string, Buffer]>([
    ['a document', 'text/html', Buffer.from('<script>1</script>')],
    ['a picture that can hold a script', 'image/svg+xml', Buffer.from('<svg/>')],
    ['a picture without end', 'image/png', Buffer.alloc(300_000)],
  ])('[H-07] is not %s', async (_, type, body) => {
    const relay = await startTestRelay({ jellyfinUrls: [(await startPictures(type, body)).url] });
    closers.push(relay.close);
    const { ana, invite } = await invited(relay);
    expect((await ask(relay, ana.room, invite)).status).toBe(404);
  });

  it('[H-07] is shown to nobody whom the invite would not let in, nor when the host does not want it', async () => {
    const jellyfin = await startPictures('image/jpeg', PICTURE);
    const relay = await startTestRelay({ jellyfinUrls: [jellyfin.url] });
    closers.push(relay.close);
    const shy = await invited(relay, false);
    expect((await ask(relay, shy.ana.room, shy.invite)).status).toBe(404);
    expect((await ask(relay, 'x'.repeat(22), shy.invite)).status).toBe(401);
    expect((await ask(relay, shy.ana.room, `${shy.invite.slice(0, -2)}xx`)).status).toBe(401);
    expect(jellyfin.asked).toEqual([]);
  });
});
