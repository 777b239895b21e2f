import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export const FAKE_SERVER_ID = '0123456789abcdef0123456789abcdef';
export const FAKE_USER_ID = 'fedcba9876543210fedcba9876543210';

/** The two answers of a Jellyfin that the relay asks for, and what it was asked. */
export interface FakeJellyfin {
  url: string;
  /** Request heads, newest last. */
  asked: { path: string; headers: IncomingHttpHeaders }[];
  close(): Promise<void>;
}

/** @param behaviour `redirect` and `flood` are servers that mean harm. */
export async function startFakeJellyfin(
  behaviour: 'honest' | 'redirect' | 'flood' | 'disabled-user' = 'honest',
): Promise<FakeJellyfin> {
  const asked: FakeJellyfin['asked'] = [];
  const server = createServer((req, res) => {
    asked.push({ path: req.url ?? '', headers: req.headers });
    const reply = (status: number, value: unknown): void => {
      res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    };
    if (req.url === '/System/Info/Public') return reply(200, { Id: FAKE_SERVER_ID, ServerName: 'Fake' });
    if (behaviour === 'redirect') return void res.writeHead(302, { location: '/elsewhere' }).end();
    if (behaviour === 'flood') return reply(200, { Id: FAKE_USER_ID, Name: 'x'.repeat(100_000) });
    if (req.headers.authorization !== 'MediaBrowser Token="good-token"') return reply(401, {});
    return reply(200, { Id: FAKE_USER_ID, Name: 'Ana', Policy: { IsDisabled: behaviour === 'disabled-user' } });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
