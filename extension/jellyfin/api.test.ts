import { describe, expect, it } from 'vitest';
import { JellyfinApi } from './api.ts';
import type { HostError, JellyfinSession } from './host.ts';

const ID = 'f11a0000000000000000000000000003';
const SESSION: JellyfinSession = {
  serverId: '0123456789abcdef0123456789abcdef',
  baseUrl: 'https://home.example/jellyfin',
  userId: 'user-1',
  userName: 'Ana',
  token: 'secret',
  deviceId: 'device+1/=',
};

function apiThat(answers: Response | Error, session: JellyfinSession | null = SESSION) {
  const calls: { url: URL; init: RequestInit }[] = [];
  const api = new JellyfinApi(
    () => session,
    (input, init) => {
      calls.push({ url: new URL(String(input)), init: init ?? {} });
      return answers instanceof Error ? Promise.reject(answers) : Promise.resolve(answers);
    },
  );
  return { api, calls };
}

const items = (...list: object[]): Response => Response.json({ Items: list });
const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'none',
    (error: HostError) => error.code,
  );

describe('item', () => {
  it('asks as the user, with the token alone in the header', async () => {
    const { api, calls } = apiThat(items({ Id: ID, Name: 'Night Ferry', RunTimeTicks: 2_000_000_000 }));
    expect(await api.item(ID)).toEqual({
      serverId: SESSION.serverId,
      itemId: ID,
      title: 'Night Ferry',
      runtimeMs: 200_000,
    });
    expect(calls[0]?.url.href).toBe(`https://home.example/jellyfin/Items?userId=user-1&ids=${ID}`);
    expect(calls[0]?.init.headers).toEqual({ authorization: 'MediaBrowser Token="secret"' });
  });

  it('names an episode with its series', async () => {
    const episode = { Id: ID, Name: 'Arrivals', SeriesName: 'North Station', ParentIndexNumber: 1, IndexNumber: 2 };
    expect((await apiThat(items(episode)).api.item(ID)).title).toBe('North Station · S1:E2 · Arrivals');
  });

  it('keeps a title within what the protocol allows, and an unknown running time unknown', async () => {
    const media = await apiThat(items({ Id: ID, Name: 'x'.repeat(500), RunTimeTicks: -5 })).api.item(ID);
    expect(media.title).toHaveLength(200);
    expect(media.runtimeMs).toBeNull();
  });

  it.each([
    ['item-missing', items()],
    ['item-missing', items({ Id: 'another' })],
    ['item-missing', new Response('', { status: 404 })],
    ['item-missing', new Response('', { status: 400 })],
    ['signed-out', new Response('', { status: 401 })],
    ['jellyfin-unreachable', new Response('', { status: 503 })],
    ['jellyfin-unreachable', new Response('<html>')],
    ['jellyfin-unreachable', new TypeError('failed')],
  ])('says %s', async (code, answer) => {
    expect(await codeOf(apiThat(answer).api.item(ID))).toBe(code);
  });

  it('asks nothing when nobody is signed in', async () => {
    const { api, calls } = apiThat(items(), null);
    expect(await codeOf(api.item(ID))).toBe('signed-out');
    expect(calls).toEqual([]);
  });

  it('never puts a secret into its errors', async () => {
    const error: Error = await apiThat(new TypeError('https://x/?token=secret'))
      .api.item(ID)
      .then(
        () => new Error('none'),
        (e: Error) => e,
      );
    expect(error.message).not.toMatch(/secret|device/);
  });
});

describe('ownSession', () => {
  const own = { Id: 's1', UserId: 'user-1', DeviceId: SESSION.deviceId, SupportsRemoteControl: true };

  it('picks this device and this user out of what an administrator sees', async () => {
    const others = [
      { ...own, Id: 's2', UserId: 'user-2' },
      { ...own, Id: 's3', DeviceId: 'x' },
    ];
    const { api, calls } = apiThat(Response.json([...others, { ...own, NowPlayingItem: { Id: ID } }]));
    expect(await api.ownSession()).toEqual({ id: 's1', controllable: true, nowPlayingId: ID });
    expect(calls[0]?.url.searchParams.get('deviceId')).toBe(SESSION.deviceId);
  });

  it('finds none while the server has not seen the page', async () => {
    expect(await apiThat(Response.json([])).api.ownSession()).toBeNull();
  });
});

describe('steering', () => {
  it('plays from a place, and says nothing of tracks, version or quality: those are the person’s', async () => {
    const { api, calls } = apiThat(new Response(null, { status: 204 }));
    await api.playNow('s1', ID, 1_234.56);
    expect(calls[0]?.init.method).toBe('POST');
    expect(calls[0]?.url.href).toBe(
      `https://home.example/jellyfin/Sessions/s1/Playing?playCommand=PlayNow&itemIds=${ID}&startPositionTicks=12345600`,
    );
  });

  it('seeks, never before the start', async () => {
    const { api, calls } = apiThat(new Response(null, { status: 204 }));
    await api.seek('s1', -3);
    expect(calls[0]?.url.pathname).toBe('/jellyfin/Sessions/s1/Playing/Seek');
    expect(calls[0]?.url.searchParams.get('seekPositionTicks')).toBe('0');
  });

  it('says that the page cannot be steered when its session is gone', async () => {
    expect(await codeOf(apiThat(new Response('', { status: 404 })).api.seek('s1', 0))).toBe('no-remote-control');
  });
});

describe('segments', () => {
  it('asks for the parts of the item', async () => {
    const { api, calls } = apiThat(items({ Type: 'Recap', StartTicks: 0, EndTicks: 300_000_000 }));
    expect(await api.segments(ID)).toEqual([{ kind: 'recap', startMs: 0, endMs: 30_000 }]);
    expect(calls[0]?.url.pathname).toBe(`/jellyfin/MediaSegments/${ID}`);
  });

  it.each([
    ['item-missing', new Response('', { status: 404 })],
    ['jellyfin-unreachable', Response.json({ Items: [{ Type: 'Intro' }] })],
  ])('says %s where the server knows no such thing, or answers something else', async (code, answer) => {
    expect(await codeOf(apiThat(answer).api.segments(ID))).toBe(code);
  });
});
