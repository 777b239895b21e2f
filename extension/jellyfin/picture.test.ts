import { describe, expect, it } from 'vitest';
import type { JellyfinSession } from './host.ts';
import { pictureAddress } from './picture.ts';

const SESSION: JellyfinSession = {
  serverId: 'a'.repeat(32),
  baseUrl: 'https://home.example/jellyfin',
  userId: 'b'.repeat(32),
  userName: 'ana',
  token: 'secret-token',
  deviceId: 'device',
};
const AVATAR = { serverId: SESSION.serverId, userId: 'c'.repeat(32), tag: 'd1e2' };

describe('a member’s picture', () => {
  it('[M-14][peer R-50] comes from the server of this page, without its token', () => {
    const address = new URL(pictureAddress(SESSION, AVATAR) ?? '');
    expect(address.origin + address.pathname).toBe('https://home.example/jellyfin/UserImage');
    expect(address.searchParams.get('userId')).toBe(AVATAR.userId);
    expect(address.searchParams.get('tag')).toBe('d1e2');
    expect(address.href).not.toContain('secret-token');
  });

  it('is left out when it is with another server, or nobody is signed in', () => {
    expect(pictureAddress(SESSION, { ...AVATAR, serverId: 'e'.repeat(32) })).toBeNull();
    expect(pictureAddress(null, AVATAR)).toBeNull();
  });
});
