import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { InviteClaims } from './http-api.ts';
import {
  formatInviteLink,
  type InviteLink,
  jellyfinUrlWithInvite,
  parseInviteLink,
  readInviteClaims,
  takeInviteFromHash,
} from './invite-link.ts';

const link: InviteLink = { relay: 'https://party.example/relay', room: 'r'.repeat(22), invite: 'aa.bb-_.cc' };
const claims: InviteClaims = {
  room: link.room,
  by: 'Zoë',
  exp: 2_000_000_000,
  title: 'Amélie 🎬',
  itemId: 'b'.repeat(32),
  serverId: 'a'.repeat(32),
  jellyfinUrl: 'https://jf.example',
  uses: 3,
  poster: true,
};

const base64url = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('invite links', () => {
  it('[peer R-28][L-01] reads back what it wrote, through spaces, quotes and angle brackets', () => {
    const text = formatInviteLink(link);
    expect(text).toBe(`https://party.example/relay/join/${link.room}#aa.bb-_.cc`);
    for (const pasted of [text, `  ${text}\n`, `"${text}"`, `<${text}>`]) expect(parseInviteLink(pasted)).toEqual(link);
  });

  it.each([
    ['nothing', ''],
    ['words', 'come and watch'],
    ['another page', 'https://party.example/about'],
    ['no invite', `https://party.example/join/${link.room}`],
    ['half an invite', `https://party.example/join/${link.room}#aa.bb`],
    ['a short room', 'https://party.example/join/abc#aa.bb.cc'],
    ['another scheme', `ftp://party.example/join/${link.room}#aa.bb.cc`],
    ['a script', `javascript:alert(1)//join/${link.room}#aa.bb.cc`],
    ['an endless invite', `https://party.example/join/${link.room}#aa.${'b'.repeat(2048)}.cc`],
  ])('[L-01] is not fooled by %s', (_, text) => {
    expect(parseInviteLink(text)).toBeNull();
  });

  it('[L-01] takes any text without throwing', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(parseInviteLink(text)).toBeNull();
      }),
    );
  });
});

describe('the way through Jellyfin', () => {
  it.each(['https://jf.example', 'https://jf.example/', 'https://jf.example/web', 'https://jf.example/web/'])(
    '[L-02] rides in the fragment of %s and comes out again',
    (jellyfinUrl) => {
      const url = new URL(jellyfinUrlWithInvite(jellyfinUrl, claims, link));
      expect(url.origin + url.pathname).toBe('https://jf.example/web/');
      expect(takeInviteFromHash(url.hash)).toEqual({
        link,
        hash: `#/details?id=${claims.itemId}&serverId=${claims.serverId}`,
      });
    },
  );

  it('[L-02] goes to the home page when there is no film yet', () => {
    const url = new URL(jellyfinUrlWithInvite('http://jf:8096/base', { ...claims, itemId: null }, link));
    expect(url.pathname).toBe('/base/web/');
    expect(takeInviteFromHash(url.hash)).toEqual({ link, hash: '#/home' });
  });

  it('[L-02] leaves other addresses alone and reports a broken invite', () => {
    expect(takeInviteFromHash('#/details?id=1')).toBeNull();
    expect(takeInviteFromHash('#/home?osp-party=%zz&tab=1')).toEqual({ link: null, hash: '#/home?tab=1' });
  });
});

describe('what an invite says', () => {
  it('[A-04] is readable by anyone, names in any script included', () => {
    expect(readInviteClaims(`h.${base64url({ ...claims, jti: 'x' })}.s`)).toEqual(claims);
  });

  it.each(['', 'a', 'a.b.c', `a.${base64url({ by: 1 })}.c`, `a.${base64url(null)}.c`])(
    '[A-04] is null for %j',
    (invite) => {
      expect(readInviteClaims(invite)).toBeNull();
    },
  );
});
