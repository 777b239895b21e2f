import { describe, expect, it } from 'vitest';
import type { InviteClaims } from '../../shared/http-api.ts';
import {
  formatInviteLink,
  type InviteLink,
  jellyfinUrlWithInvite,
  parseInviteLink,
  readInviteClaims,
} from '../../shared/invite-link.ts';
import { loadLanding } from './landing.ts';

/** The page's own copy of the link format, plain JavaScript as browsers get it. */
interface PageScript {
  parseInviteLink: (href: string) => InviteLink | null;
  readInviteClaims: (invite: string) => InviteClaims | null;
  jellyfinUrlWithInvite: typeof jellyfinUrlWithInvite;
  readJellyfinAddress: (text: string) => string | null;
}
const page = (await import(new URL('./landing/invite.js', import.meta.url).href)) as PageScript;

const claims: InviteClaims = {
  room: 'r'.repeat(22),
  by: 'Zoë',
  exp: 2_000_000_000,
  title: '<b>Amélie</b> 🎬',
  itemId: 'b'.repeat(32),
  serverId: 'a'.repeat(32),
  jellyfinUrl: 'https://jf.example/base',
};
const invite = `aa.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.cc`;
const link: InviteLink = { relay: 'https://party.example/relay', room: claims.room, invite };

describe('the landing page', () => {
  it.each([
    formatInviteLink(link),
    formatInviteLink({ ...link, relay: 'http://192.168.1.5:8787' }),
    `https://party.example/join/${link.room}/#${invite}`,
    `https://party.example/join/${link.room}`,
    `https://party.example/join/${link.room}#half.an`,
    `https://party.example/join/short#${invite}`,
    'https://party.example/about#a.b.c',
  ])('[L-01] reads %s as the extension does', (href) => {
    expect(page.parseInviteLink(href)).toEqual(parseInviteLink(href));
  });

  it.each([
    invite,
    '',
    'a.b.c',
    `a.${Buffer.from('{"by":1}').toString('base64url')}.c`,
    `a.${Buffer.from('null').toString('base64url')}.c`,
  ])('[A-04] reads the claims of %s as the extension does', (token) => {
    expect(page.readInviteClaims(token)).toEqual(readInviteClaims(token));
  });

  it.each([
    ['https://jf.example/web/', claims],
    ['http://jf:8096', { ...claims, itemId: null, serverId: null }],
    ['http://jf:8096/base/', { ...claims, serverId: null }],
  ] as const)('[L-02] sends guests to the same address in %s as the extension expects', (base, theClaims) => {
    expect(page.jellyfinUrlWithInvite(base, theClaims, link)).toBe(jellyfinUrlWithInvite(base, theClaims, link));
  });

  it.each([
    ['jellyfin.lan:8096', 'http://jellyfin.lan:8096'],
    [' https://jf.example/base/web/ ', 'https://jf.example/base'],
    ['https://jf.example/web/index.html#/home', 'https://jf.example'],
    ['', null],
    ['javascript:alert(1)', null],
    ['javascript://%0aalert(1)', null],
    ['https://user@jf.example', null],
  ])('makes %j an address: %j', (typed, address) => {
    expect(page.readJellyfinAddress(typed)).toBe(address);
  });

  it('[peer R-50] lets nothing in from elsewhere, and nothing inline', () => {
    const landing = loadLanding();
    const response = landing.find(`/join/${claims.room}`)?.();
    expect(response?.headers).toMatchObject({ 'cache-control': 'no-store' });
    expect(response?.headers['content-security-policy']).toMatch(/^default-src 'none'; script-src 'self';/);
    const html = String(response?.body);
    expect(html).not.toMatch(/<script(?![^>]*\ssrc=)/);
    expect(html).not.toMatch(/\sstyle=|\son[a-z]+=|https?:\/\/(?!jellyfin\.example)/);
    for (const [, asset = ''] of html.matchAll(/(?:src|href)="\.\.\/(assets\/[^"]+)"/g)) {
      expect([asset, landing.find(`/${asset}`)?.().status]).toEqual([asset, 200]);
    }
  });
});
