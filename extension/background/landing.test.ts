import { fakeBrowser } from '@webext-core/fake-browser';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { InviteClaims } from '../../shared/http-api.ts';
import { takeInviteFromHash } from '../../shared/invite-link.ts';

vi.mock('webextension-polyfill', () => ({ default: fakeBrowser }));
const { destinationOf } = await import('./landing.ts');
const { ownAddressOf, rememberServer } = await import('./own-servers.ts');

const claims: InviteClaims = {
  room: 'r'.repeat(22),
  by: 'Ana',
  exp: 2_000_000_000,
  title: 'Film',
  itemId: 'b'.repeat(32),
  serverId: 'a'.repeat(32),
  jellyfinUrl: 'https://host.example:8920/jf',
  uses: 5,
  poster: false,
};
const linkFor = (part: Partial<InviteClaims> = {}): string =>
  `http://relay.lan:8787/join/${claims.room}#a.${btoa(JSON.stringify({ ...claims, ...part })).replaceAll('=', '')}.c`;
const yes = (): Promise<boolean> => Promise.resolve(true);

beforeEach(() => fakeBrowser.reset());

describe('where an invite leads to', () => {
  it("is the host's address while no other is known, with what has to be allowed for it", async () => {
    const asked: string[] = [];
    const isAllowed = async (pattern: string) => {
      asked.push(pattern);
      return false;
    };
    const to = await destinationOf(linkFor(), null, isAllowed);
    expect(to).toMatchObject({ by: 'Ana', allowed: false });
    expect(to?.origins).toEqual(['https://host.example/*', 'http://relay.lan/*']);
    expect(asked).toEqual(['https://host.example/*']);
    expect(to?.url.startsWith(`https://host.example:8920/jf/web/#/details?id=${claims.itemId}&`)).toBe(true);
    expect(takeInviteFromHash(new URL(to?.url ?? '').hash)?.link?.room).toBe(claims.room);
  });

  it("is the person's own address for that server before any other", async () => {
    await rememberServer('f'.repeat(32), 'https://elsewhere.example/web/');
    await rememberServer(claims.serverId ?? '', 'http://10.0.0.5:8096/base/web/index.html#/home');
    const to = await destinationOf(linkFor(), 'https://typed.example', yes);
    expect(to?.url).toMatch(/^http:\/\/10\.0\.0\.5:8096\/base\/web\/#/);
    expect((await destinationOf(linkFor({ serverId: 'c'.repeat(32) }), 'https://typed.example', yes))?.url).toMatch(
      /^https:\/\/typed\.example\/web\/#/,
    );
  });

  it.each([
    ['no invite', 'https://relay.example/about'],
    ['half an invite', `https://relay.example/join/${claims.room}#a.b.c`],
    ['an address that is none of the web', linkFor({ jellyfinUrl: 'javascript:alert(1)' })],
  ])('is nowhere for %s', async (_, href) => {
    expect(await destinationOf(href, null, yes)).toBeNull();
  });
});

describe("one's own servers", () => {
  it.each([
    ['https://home.example/web/#/home', 'https://home.example'],
    ['https://home.example/jellyfin/web/index.html', 'https://home.example/jellyfin'],
    ['chrome-extension://abc/web/', null],
    [undefined, null],
  ])('are known by the page %s', async (page, address) => {
    await rememberServer('s', page);
    expect(await ownAddressOf('s')).toBe(address);
  });

  it('are remembered at their newest address, and not without end', async () => {
    for (let i = 0; i < 30; i += 1) await rememberServer(`s${i}`, `https://${i}.example/web/`);
    await rememberServer('s29', 'https://new.example/web/');
    expect(await ownAddressOf('s29')).toBe('https://new.example');
    expect([await ownAddressOf('s10'), await ownAddressOf('s9')]).toEqual(['https://10.example', null]);
  });
});
