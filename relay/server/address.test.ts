import { describe, expect, it } from 'vitest';
import { readConfig } from '../config.ts';
import { canonicalAddress, clientAddress, limitKey, publicBase } from './address.ts';
import type { HttpRequest } from './port.ts';

const request = (peerAddress: string, headers: Record<string, string> = {}): HttpRequest => ({
  method: 'GET',
  path: '/',
  body: '',
  peerAddress,
  header: (name) => headers[name] ?? '',
});
const proxies = readConfig({ OSP_TRUSTED_PROXIES: '10.0.0.0/8,::1' }).trustedProxies;
const from = (peer: string, forwarded: string): string =>
  clientAddress(request(peer, { 'x-forwarded-for': forwarded }), proxies);

describe('clientAddress', () => {
  it.each([
    ['203.0.113.9', '1.2.3.4', '203.0.113.9', 'a stranger claims nothing'],
    ['10.0.0.1', '1.2.3.4', '1.2.3.4', 'a proxy is believed'],
    ['10.0.0.1', '6.6.6.6, 1.2.3.4', '1.2.3.4', 'what the client wrote itself is not'],
    ['10.0.0.1', '6.6.6.6, 1.2.3.4, 10.0.0.2', '1.2.3.4', 'nor is the next proxy the client'],
    ['10.0.0.1', '', '10.0.0.1', 'a proxy may ask for itself'],
    ['10.0.0.1', 'nonsense', '10.0.0.1', 'nonsense is no address'],
    ['::ffff:10.0.0.1', '1.2.3.4', '1.2.3.4', 'a mapped address is the same proxy'],
    ['0000:0000:0000:0000:0000:0000:0000:0001', '2001:DB8::1', '2001:db8::1', 'IPv6 in any spelling'],
  ])('[O-05] peer %s with "%s" is %s: %s', (peer, forwarded, client) => {
    expect(from(peer, forwarded)).toBe(client);
  });
});

describe('limitKey', () => {
  it.each([
    ['1.2.3.4', '1.2.3.4'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['2001:db8::1', '2001:db8:0:0'],
    ['::1', '0:0:0:0'],
  ])('[B-02] %s counts as %s', (address, key) => {
    expect(limitKey(canonicalAddress(address))).toBe(key);
  });
});

describe('publicBase', () => {
  it('[L-04] never makes a link of a Host that is none', () => {
    expect(publicBase(request('1.2.3.4', { host: 'a.test/<script>' }), proxies, null)).toBe('http://localhost');
    expect(publicBase(request('1.2.3.4', { host: '[::1]:8787' }), proxies, null)).toBe('http://[::1]:8787');
  });
});
