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
interface Words {
  termsOf: (endsAtMs: number, usesLeft: number | null, now: Date) => string;
  incapable: (browser: { userAgent: string; maxTouchPoints: number }) => string | null;
}
const words = (await import(new URL('./landing/words.js', import.meta.url).href)) as Words;
const page = (await import(new URL('./landing/invite.js', import.meta.url).href)) as PageScript;

const claims: InviteClaims = {
  room: 'r'.repeat(22),
  by: 'Zoë',
  exp: 2_000_000_000,
  title: '<b>Amélie</b> 🎬',
  itemId: 'b'.repeat(32),
  serverId: 'a'.repeat(32),
  jellyfinUrl: 'https://jf.example/base',
  uses: 50,
  poster: true,
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

  const now = new Date(2026, 4, 6, 20, 0);
  const hours = 3_600_000;
  it.each([
    [1.5 * hours, 3, 'The link works until 21:30, for 3 more people.'],
    [5 * hours, 1, 'The link works until Thursday, 01:00, for one more person.'],
    [7 * 24 * hours, 50, 'The link works until May 13, 20:00, for 50 more people.'],
    [hours, null, 'The link works until 21:00.'],
  ])('says what a link allows that ends in %i ms and has %s uses left', (inMs, left, text) => {
    expect(words.termsOf(now.getTime() + inMs, left, now)).toBe(text);
  });

  const mac = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)';
  it.each([
    ['Safari', `${mac} Version/18.0 Safari/605.1.15`, 0, /^Safari/],
    ['an iPad that says Mac', `${mac} Version/18.0 Safari/605.1.15`, 5, /^Phones and tablets/],
    [
      'an iPhone',
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) CriOS/140.0 Mobile/15E148 Safari/604.1',
      5,
      /^Phones/,
    ],
    ['Firefox on a phone', 'Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0', 5, /^Phones/],
    ['Chrome', `${mac.replace('605.1.15', '537.36')} Chrome/140.0.0.0 Safari/537.36`, 0, null],
    [
      'Chrome on a laptop for fingers',
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0.0.0 Safari/537.36',
      10,
      null,
    ],
    ['Firefox', 'Mozilla/5.0 (X11; Linux x86_64; rv:142.0) Gecko/20100101 Firefox/142.0', 0, null],
  ])('says at once whether %s can join', (_, userAgent, maxTouchPoints, why) => {
    const said = words.incapable({ userAgent, maxTouchPoints });
    if (why === null) expect(said).toBeNull();
    else expect(said).toMatch(why);
  });
});
