import { describe, expect, it } from 'vitest';
import { Accounts, acceptsLegacyTokens, readClaims } from './auth.ts';

const none = new Map<string, string>();

describe('readClaims', () => {
  it('takes the modern header and ApiKey from any version', () => {
    for (const legacy of [true, false]) {
      const header = { authorization: 'MediaBrowser Client="Jellyfin%20Web", DeviceId="d 1", Token="t"' };
      expect(readClaims(header, none, legacy)).toMatchObject({ token: 't', client: 'Jellyfin Web', deviceId: 'd 1' });
      expect(readClaims({}, new Map([['apikey', 't']]), legacy).token).toBe('t');
    }
  });

  it.each([
    [{ 'x-emby-token': 't' }, none],
    [{ 'x-mediabrowser-token': 't' }, none],
    [{ 'x-emby-authorization': 'MediaBrowser Token="t"' }, none],
    [{ authorization: 'Emby Token="t"' }, none],
    [{}, new Map([['api_key', 't']])],
  ])('takes the legacy way %j only before 12.0', (headers, query) => {
    expect(readClaims(headers, query, acceptsLegacyTokens('10.11.0')).token).toBe('t');
    expect(readClaims(headers, query, acceptsLegacyTokens('12.0.0')).token).toBeNull();
  });

  it('does not take another scheme', () => {
    expect(readClaims({ authorization: 'Bearer Token="t"' }, none, true).token).toBeNull();
  });
});

describe('Accounts', () => {
  it('ends the earlier log-in of the same user on the same device', () => {
    const accounts = new Accounts([{ name: 'ana', password: 'ana' }]);
    const [ana] = accounts.users;
    if (!ana) throw new Error('no user');
    const claims = { token: null, client: 'c', device: 'd', deviceId: 'one', appVersion: '1' };
    const first = accounts.logIn(ana, claims);
    const other = accounts.logIn(ana, { ...claims, deviceId: 'two' });
    const second = accounts.logIn(ana, claims);
    expect(accounts.find(first.token)).toBeNull();
    expect(accounts.find(other.token)).toBe(other);
    accounts.logOut(second.token);
    expect(accounts.find(second.token)).toBeNull();
  });
});
