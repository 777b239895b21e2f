import { describe, expect, it } from 'vitest';
import { readConfig } from '../config.ts';
import { refuseMetrics } from './metrics-access.ts';

interface Asking {
  peer?: string;
  headers?: Readonly<Record<string, string>>;
  proxies?: string;
}

function isLetIn({ peer = '127.0.0.1', headers = {}, proxies = '' }: Asking): boolean {
  const all: Readonly<Record<string, string>> = { host: 'localhost:8787', ...headers };
  const request = { method: 'GET', path: '/metrics', header: (name: string) => all[name] ?? '', body: '' };
  const config = readConfig({ OSP_TRUSTED_PROXIES: proxies });
  return refuseMetrics({ ...request, peerAddress: peer }, config) === null;
}

describe('refuseMetrics without a token', () => {
  it.each<[string, Asking]>([
    ['a scraper on this machine', {}],
    ['one over IPv6', { peer: '0000:0000:0000:0000:0000:0000:0000:0001', headers: { host: '[::1]:8787' } }],
    ['one over IPv4 in IPv6 clothes', { peer: '::ffff:127.0.0.1', headers: { host: '127.0.0.1:8787' } }],
    ['one behind somebody else’s trusted proxy', { proxies: '10.0.0.1' }],
  ])('[H-06] lets in %s', (_, asking) => {
    expect(isLetIn(asking)).toBe(true);
  });

  it.each<[string, Asking]>([
    ['another machine', { peer: '192.168.1.7' }],
    ['another machine that says it is this one', { peer: '192.168.1.7', headers: { 'x-forwarded-for': '127.0.0.1' } }],
    ['a stranger through a proxy on this machine', { headers: { 'x-forwarded-for': '203.0.113.9' } }],
    ['a stranger through a proxy that says little', { headers: { via: '1.1 proxy' } }],
    ['a stranger through a proxy that passes the Host on', { headers: { host: 'party.example.org' } }],
    ['a page whose name was bound to this machine', { headers: { host: 'evil.test:8787' } }],
    ['anybody when this machine is the proxy', { proxies: '127.0.0.0/8' }],
  ])('[peer R-60][H-06] refuses %s', (_, asking) => {
    expect(isLetIn(asking)).toBe(false);
  });
});
