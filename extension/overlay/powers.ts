import { mayKick } from '../../shared/powers.ts';
import type { Role } from '../../shared/protocol.ts';
import type { MemberView } from './model.ts';

/** What one person can do about another. */
export type Power = 'make-co-host' | 'take-back' | 'hand-over' | 'remove';

/** @param own this person's role. @returns what they may do about a member, in the order of the menu (PROTOCOL.md P-04, P-06). */
export function powersOver(own: Role, member: MemberView): Power[] {
  if (member.you || !mayKick(own, member.role)) return [];
  if (own !== 'host') return ['remove'];
  const role: Power = member.role === 'co-host' ? 'take-back' : 'make-co-host';
  return member.connected ? [role, 'hand-over', 'remove'] : [role, 'remove'];
}
