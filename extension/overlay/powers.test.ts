import { describe, expect, it } from 'vitest';
import type { Role } from '../../shared/protocol.ts';
import type { MemberView } from './model.ts';
import { type Power, powersOver } from './powers.ts';
import { memberView } from './testing/views.ts';

const member = (role: Role, part: Partial<MemberView> = {}): MemberView =>
  memberView({ id: 'b', name: 'Ben', role, ...part });

describe('[P-04] [P-06] what one person may do about another', () => {
  it.each<[Role, Role, Power[]]>([
    ['host', 'guest', ['make-co-host', 'hand-over', 'remove']],
    ['host', 'co-host', ['take-back', 'hand-over', 'remove']],
    ['co-host', 'guest', ['remove']],
    ['co-host', 'co-host', []],
    ['co-host', 'host', []],
    ['guest', 'guest', []],
    ['guest', 'co-host', []],
    ['guest', 'host', []],
  ])('a %s about a %s', (own, theirs, powers) => {
    expect(powersOver(own, member(theirs))).toEqual(powers);
  });

  it('a host about somebody who is away: all but handing over', () => {
    expect(powersOver('host', member('guest', { connected: false }))).toEqual(['make-co-host', 'remove']);
  });

  it('nothing about themselves', () => {
    expect(powersOver('host', member('host', { you: true }))).toEqual([]);
  });
});
