import type { Role } from '../../shared/protocol.ts';
import { announceMember, type RoomEffect } from './effects.ts';
import { isConnected, type Person, type RoomState } from './state.ts';

type Roles = Pick<Person, 'role' | 'below'>;

/** @returns what somebody is who has just come (PROTOCOL.md P-02). */
export function roleOfNewcomer({ people, house }: RoomState, by: 'grant' | 'invite'): Roles {
  const below = by === 'grant' ? 'co-host' : 'guest';
  const isHost = people.length === 0 || (by === 'grant' && !house.handedOver);
  return { role: isHost ? 'host' : below, below };
}

/** @returns who is host next when the host is gone for good (PROTOCOL.md P-02); undefined when nobody is left. */
export function heirOf(people: readonly Person[]): Person | undefined {
  const here = people.filter(isConnected);
  return here.find(isCoHost) ?? here[0] ?? people.find(isCoHost) ?? people[0];
}

const isHost = ({ role }: Person): boolean => role === 'host';

const isCoHost = ({ role }: Person): boolean => role === 'co-host';

/** @returns the people with this one as host; who was it before is again what it was otherwise. */
export const crown = (people: readonly Person[], id: string): readonly Person[] =>
  people.map((person) =>
    withRole(person, person.id === id ? 'host' : person.role === 'host' ? person.below : person.role),
  );

/** @returns the person in that role, and in it again after having been host for a while. */
export function withRole(person: Person, role: Role): Person {
  if (person.role === role) return person;
  return role === 'host' ? { ...person, role } : { ...person, role, below: role };
}

/** @returns what tells everyone of those whose role has changed, a new host before who was it (PROTOCOL.md P-04). */
export function announceRoles(before: readonly Person[], after: readonly Person[]): RoomEffect[] {
  const roles = new Map(before.map(({ id, role }) => [id, role]));
  const changed = after.filter(({ id, role }) => roles.has(id) && roles.get(id) !== role);
  return [...changed.filter(isHost), ...changed.filter((person) => !isHost(person))].map(announceMember);
}
