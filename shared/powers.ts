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

/** @returns whether this role may lock and unlock the party (PROTOCOL.md P-04). */
export const mayLock = (role: Role): boolean => role !== 'guest';
