import { describe, expect, it } from 'vitest';
import { plainId, readSession, sameSession } from './credentials.ts';

const SERVER = '0123456789abcdef0123456789abcdef';
const OTHER = 'fedcba9876543210fedcba9876543210';
const BASE = 'https://home.example/jellyfin';

const entry = (change: object = {}) => ({
  Id: SERVER,
  Name: 'Home',
  AccessToken: 'secret',
  UserId: 'user-1',
  ManualAddress: `${BASE}/`,
  LastConnectionMode: 2,
  DateLastAccessed: 1,
  ...change,
});

const storageOf = (servers: object[], more: Record<string, string> = {}): Pick<Storage, 'getItem'> => {
  const values: Record<string, string> = {
    jellyfin_credentials: JSON.stringify({ Servers: servers }),
    _deviceId2: 'device-1',
    ...more,
  };
  return { getItem: (key) => values[key] ?? null };
};

describe('readSession', () => {
  it('reads the one signed-in user', () => {
    const storage = storageOf([entry()], { [`user-user-1-${SERVER}`]: JSON.stringify({ Name: 'Ana', Id: 'user-1' }) });
    expect(readSession(storage, BASE)).toEqual({
      serverId: SERVER,
      baseUrl: BASE,
      userId: 'user-1',
      userName: 'Ana',
      token: 'secret',
      deviceId: 'device-1',
    });
  });

  it.each([
    ['signed out', [entry({ AccessToken: null, UserId: null })]],
    ['never signed in', []],
    ['a server id that is none', [entry({ Id: 'home' })]],
  ])('finds nobody: %s', (_case, servers) => {
    expect(readSession(storageOf(servers), BASE)).toBeNull();
  });

  it.each(['', 'no json', '[]', '{"Servers":{}}', 'null'])('takes odd storage "%s" for nobody', (json) => {
    expect(readSession(storageOf([], { jellyfin_credentials: json }), BASE)).toBeNull();
  });

  it('finds nobody before the app made a device id', () => {
    const { getItem } = storageOf([entry()]);
    expect(readSession({ getItem: (key) => (key === '_deviceId2' ? null : getItem(key)) }, BASE)).toBeNull();
  });

  it('prefers the server that the page comes from, then the one used last', () => {
    const here = entry({ UserId: 'here' });
    const there = entry({ Id: OTHER, UserId: 'there', ManualAddress: 'https://away.example', DateLastAccessed: 9 });
    expect(readSession(storageOf([there, here]), BASE)?.userId).toBe('here');
    expect(readSession(storageOf([here, there]), 'https://third.example')?.userId).toBe('there');
  });

  it.each([
    [0, 'http://192.168.1.2:8096'],
    [1, 'https://remote.example'],
    [2, BASE],
    [null, BASE],
  ])('takes the address of connection mode %s', (LastConnectionMode, expected) => {
    const addresses = { LocalAddress: 'http://192.168.1.2:8096', RemoteAddress: 'https://remote.example/' };
    expect(readSession(storageOf([entry({ LastConnectionMode, ...addresses })]), '')?.baseUrl).toBe(expected);
  });

  it('falls back to the address of the page', () => {
    expect(readSession(storageOf([entry({ ManualAddress: null })]), BASE)?.baseUrl).toBe(BASE);
  });

  it('leaves the name empty until the app has cached it', () => {
    expect(readSession(storageOf([entry()]), BASE)?.userName).toBe('');
  });
});

it('writes ids without dashes', () => {
  expect(plainId('F11A0000-0000-0000-0000-000000000003')).toBe('f11a0000000000000000000000000003');
});

it('tells sessions apart by every field', () => {
  const a = readSession(storageOf([entry()]), BASE);
  expect(sameSession(a, readSession(storageOf([entry()]), BASE))).toBe(true);
  expect(sameSession(a, readSession(storageOf([entry({ AccessToken: 'other' })]), BASE))).toBe(false);
  expect(sameSession(a, null)).toBe(false);
  expect(sameSession(null, null)).toBe(true);
});
