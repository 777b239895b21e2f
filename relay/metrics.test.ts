import { describe, expect, it } from 'vitest';
import { countFanout, createTally, FANOUT_BOUNDS_MS } from './tally.ts';
import type { TestRelay } from './testing/relay.ts';
import { testRelays } from './testing/relays.ts';
import { FILM } from './testing/rooms.ts';

const start = testRelays();

const read = async (relay: TestRelay): Promise<string> => (await fetch(`${relay.url}/metrics`)).text();

const figure = (page: string, series: string): number => {
  const line = page.split('\n').find((candidate) => candidate.startsWith(`${series} `));
  if (line === undefined) throw new Error(`no ${series} in:\n${page}`);
  return Number(line.slice(series.length + 1));
};

/** Everything but the figures. */
const seriesOf = (page: string): string[] =>
  page
    .split('\n')
    .filter((line) => line.startsWith('osp_'))
    .map((line) => line.replace(/ \S+$/, ''));

describe('/metrics', () => {
  it('[H-06] counts rooms, members, commands, refusals and how long fan-out takes', async () => {
    const relay = await start();
    const ana = await relay.host('Anastasia');
    await relay.guest(ana, 'Benedict');
    ana.send({
      type: 'command',
      id: 'c1',
      base: 0,
      action: { kind: 'media', media: FILM, positionMs: 0, play: false },
    });
    await ana.next('timeline');
    ana.send({ type: 'command', id: 'c2', base: 0, action: { kind: 'play' } });
    await ana.next('error');
    ana.sendText('{"type":"command"}');
    await ana.next('error');
    await relay.post('/v1/nowhere', {});
    await relay.knock(ana.room, { origin: 'https://elsewhere.test' }).catch(() => undefined);
    const page = await read(relay);
    expect(figure(page, 'osp_rooms')).toBe(1);
    expect(figure(page, 'osp_members')).toBe(2);
    expect(figure(page, 'osp_sockets')).toBe(2);
    expect(figure(page, 'osp_commands_total{action="media"}')).toBe(1);
    expect(figure(page, 'osp_commands_total{action="play"}')).toBe(1);
    for (const code of ['stale-command', 'bad-message', 'not-found', 'origin-refused'])
      expect([code, figure(page, `osp_refusals_total{code="${code}"}`)]).toEqual([code, 1]);
    expect(figure(page, 'osp_published_total')).toBeGreaterThanOrEqual(2);
    expect(figure(page, 'osp_fanout_seconds_count')).toBe(2);
    expect(figure(page, 'osp_fanout_seconds_bucket{le="+Inf"}')).toBe(2);
    expect(figure(page, 'nodejs_eventloop_lag_p99_seconds')).toBeGreaterThanOrEqual(0);
  });

  it('[peer R-60][H-06] names nobody, and has the same series however many rooms there are', async () => {
    const relay = await start();
    const before = seriesOf(await read(relay));
    const hosts = await Promise.all(Array.from({ length: 8 }, (_, i) => relay.host(`Anastasia ${i}`)));
    for (const host of hosts) host.sendText('not json');
    await Promise.all(hosts.map((host) => host.next('error')));
    const page = await read(relay);
    expect(figure(page, 'osp_refusals_total{code="bad-message"}')).toBe(8);
    expect(seriesOf(page)).toEqual(before);
    for (const host of hosts) {
      for (const secret of [host.room, host.room.slice(0, 6), host.id, 'Anastasia', '127.0.0.1'])
        expect(page).not.toContain(secret);
    }
  });

  it('[H-06] counts sockets and members out again', async () => {
    const relay = await start();
    const ana = await relay.host();
    ana.close();
    await ana.closed;
    await expect.poll(async () => figure(await read(relay), 'osp_sockets')).toBe(0);
    expect(figure(await read(relay), 'osp_members')).toBe(0);
  });

  it('[peer R-60][H-06] with a token is for its bearer alone', async () => {
    const relay = await start({ metricsToken: 'metrics-token-0123' });
    const ask = async (authorization?: string): Promise<number> =>
      (await fetch(`${relay.url}/metrics`, authorization ? { headers: { authorization } } : {})).status;
    expect(await ask()).toBe(401);
    expect(await ask('Bearer metrics-token-0124')).toBe(401);
    expect(await ask('Bearer metrics-token-0123')).toBe(200);
  });
});

describe('the fan-out histogram', () => {
  it('puts each duration under the first bound that is not below it', () => {
    for (const [index, bound] of [...FANOUT_BOUNDS_MS, Number.POSITIVE_INFINITY].entries()) {
      const tally = createTally();
      countFanout(tally, bound);
      expect(tally.fanout.counts.indexOf(1)).toBe(index);
    }
    const tally = createTally();
    countFanout(tally, 0);
    countFanout(tally, 0.051);
    expect(tally.fanout.counts.slice(0, 3)).toEqual([1, 1, 0]);
    expect(tally.fanout.sumMs).toBeCloseTo(0.051, 9);
  });
});
