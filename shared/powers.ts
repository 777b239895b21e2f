import type { Control, Role } from './protocol.ts';

/** @returns whether a member with this role may steer the film (PROTOCOL.md P-03). */
export function maySteer(control: Control, role: Role): boolean {
  switch (control) {
    case 'everyone':
      return true;
    case 'chosen':
      return role !== 'guest';
    case 'host':
      return role === 'host';
  }
}

/** @returns whether a member with this role may add to the queue and vote (PROTOCOL.md Q-01). */
export const mayQueue = (control: Control, role: Role): boolean => control !== 'host' || role === 'host';

/** @returns whether this role may lock and unlock the party (PROTOCOL.md P-04). */
export const mayLock = (role: Role): boolean => role !== 'guest';

/** @returns whether this role may put a member with the other out: always one that stands below (PROTOCOL.md P-04). */
export const mayKick = (role: Role, other: Role): boolean =>
  role === 'host' ? other !== 'host' : role === 'co-host' && other === 'guest';
