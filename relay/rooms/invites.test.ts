import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type TestRoom, watching } from '../testing/rooms.ts';
import {
  closedInvite,
  countUse,
  type Invites,
  MAX_KNOWN_INVITES,
  mergeInvites,
  NO_INVITES,
  noteMade,
  revoke,
  type ShownInvite,
  unusedInvite,
  usesOf,
} from './invites.ts';

const END = 2_000_000_000;
const invite = (jti: string, part: Partial<ShownInvite> = {}): ShownInvite => ({
  jti,
  by: 'ana',
  uses: 2,
  exp: END,
  ...part,
});

describe('what a room remembers of its invites', () => {
  it('[M-06] one works as often as it says', () => {
    const once = countUse(NO_INVITES, invite('a'));
    expect([closedInvite(once, invite('a')), usesOf(once, 'a')]).toEqual([null, 1]);
    expect(closedInvite(countUse(once, invite('a')), invite('a'))).toBe('invite-used-up');
  });

  it('[M-10] one that was taken back lets nobody in, used or not, and not again by use', () => {
    const used = revoke(countUse(NO_INVITES, invite('a')), invite('a'));
    const unused = revoke(used, unusedInvite('b', 'ben'));
    expect([closedInvite(unused, invite('a')), closedInvite(unused, invite('b'))]).toEqual([
      'invite-revoked',
      'invite-revoked',
    ]);
    expect(closedInvite(countUse(noteMade(unused, invite('a')), invite('a')), invite('a'))).toBe('invite-revoked');
    expect(closedInvite(unused, invite('c'))).toBeNull();
  });

  type Act = { kind: 'use' | 'make' | 'revoke'; n: number };
  const acts = fc.array(
    fc.record<Act>({ kind: fc.constantFrom('use', 'make', 'revoke'), n: fc.integer({ min: 0, max: 99 }) }),
    { maxLength: 200 },
  );
  const numbered = (n: number) => invite(`i${n}`, { uses: 1000, exp: END + n });
  const doAll = (all: readonly Act[]): Invites =>
    all.reduce((invites, { kind, n }) => {
      if (kind === 'use') return closedInvite(invites, numbered(n)) ? invites : countUse(invites, numbered(n));
      return kind === 'make' ? noteMade(invites, numbered(n)) : revoke(invites, numbered(n));
    }, NO_INVITES);

  it('[M-10] never takes more room than it may, and never forgets that one was taken back', () => {
    fc.assert(
      fc.property(acts, (all) => {
        const invites = doAll(all);
        expect(invites.known.length).toBeLessThanOrEqual(MAX_KNOWN_INVITES);
        for (const { kind, n } of all) {
          if (kind === 'revoke') expect(closedInvite(invites, numbered(n))).toBe('invite-revoked');
        }
      }),
    );
  });

  it('[M-10] of two relays, what either has seen taken back or used up is', () => {
    fc.assert(
      fc.property(acts, acts, (one, other) => {
        const [kept, here] = [doAll(one), doAll(other)];
        const both = mergeInvites(kept, here);
        expect(both.known.length).toBeLessThanOrEqual(MAX_KNOWN_INVITES);
        for (const invites of [kept, here]) {
          for (const { jti, revoked, exp } of invites.known) {
            if (revoked) expect(closedInvite(both, { jti, uses: 1000, exp })).toBe('invite-revoked');
            const isKept = both.known.some((known) => known.jti === jti);
            if (isKept) expect(usesOf(both, jti)).toBeGreaterThanOrEqual(usesOf(invites, jti));
          }
        }
      }),
    );
  });
});

describe('taking invites back', () => {
  /** Ana hosts, Ben and Cem are guests; Ben made a link that Cem came by. */
  const party = (): TestRoom => {
    const by = { kind: 'invite', ...invite('bens', { by: 'ben' }) } as const;
    return watching().input({ type: 'join', member: 'cem', name: 'Cem', verified: true, seat: 's', by });
  };
  const told = (room: TestRoom) =>
    room.effects.flatMap((effect) => (effect.type === 'tell' && effect.message.type === 'invites' ? [effect] : []));
  const canCome = (room: TestRoom, shown: ShownInvite): boolean => {
    const by = { kind: 'invite', ...shown } as const;
    room.input({ type: 'join', member: 'new', name: 'New', verified: false, seat: 's', by });
    return room.person('new') !== undefined;
  };

  it('[M-10] is for who made it and for those who run the party', () => {
    const bens = invite('bens', { by: 'ben' });
    for (const member of ['ana', 'ben']) {
      const room = party().manage(member, { kind: 'revoke', invite: 'bens' });
      expect(room.refusal()).toBeNull();
      expect(canCome(room, bens)).toBe(false);
      expect(room.effects).toMatchObject([{ type: 'refuse', code: 'invite-revoked' }]);
      expect(room.person('cem')).toBeDefined();
    }
    const room = party().manage('cem', { kind: 'revoke', invite: 'bens' });
    expect(room.refusal()).toBe('not-allowed');
    expect(canCome(room, bens)).toBe(true);
  });

  it('[M-10] works for a link that nobody has used, but not for any number of them', () => {
    const room = party();
    for (let n = 0; n < 4; n += 1) room.manage('ben', { kind: 'revoke', invite: `new${n}` });
    expect(room.refusal()).toBeNull();
    expect(canCome(room, invite('new3'))).toBe(false);
    expect(room.manage('ben', { kind: 'revoke', invite: 'new4' }).refusal()).toBe('rate-limited');
  });

  it('[M-10] the list is for those who run the party; others see their own', () => {
    const list = (member: string) => told(party().manage(member, { kind: 'invites' }));
    const bens = { invite: 'bens', by: 'ben', uses: 2, used: 1, exp: END };
    expect(list('ana')).toMatchObject([{ to: ['ana'], message: { invites: [{ invite: 'i' }, bens] } }]);
    expect(list('ben')).toMatchObject([{ to: ['ben'], message: { invites: [bens] } }]);
    expect(list('cem')).toMatchObject([{ to: ['cem'], message: { invites: [] } }]);
    const after = told(party().manage('ben', { kind: 'revoke', invite: 'bens' }));
    expect(after).toMatchObject([{ to: ['ben'], message: { invites: [] } }]);
  });

  it('[M-10] one with limits of its own is listed before anybody uses it', () => {
    const room = party().input({ type: 'invite-made', invite: invite('once', { uses: 1 }) });
    expect(told(room.manage('ana', { kind: 'invites' }))[0]?.message).toMatchObject({
      invites: [{ invite: 'i' }, { invite: 'bens' }, { invite: 'once', uses: 1, used: 0 }],
    });
  });
});
