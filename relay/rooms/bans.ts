import type { Person, RoomState } from './state.ts';

/** Entries of one room, at most; somebody who is kicked makes two or three, and a snapshot has to hold them. */
const MAX_BANS = 120;
/** As long as a person's key: enough of a random id to know it by. */
const ID_LENGTH = 11;

/** Who may not come back to a room, as entries that name nobody, oldest first (PROTOCOL.md P-06, P-08). */
export type Bans = readonly string[];

export const NO_BANS: Bans = Object.freeze([]);

const ofMember = (id: string): string => `m${id.slice(0, ID_LENGTH)}`;
const ofPerson = (key: string): string => `p${key}`;
const ofInvite = (jti: string): string => `i${jti.slice(0, ID_LENGTH)}`;

/** What is known of somebody at the door: no keys without an identity, no invite with a grant. */
export type Identified = Pick<Person, 'keys' | 'invite'>;

/** @returns whether somebody may not come in. @param id of the member whose seat is shown, if one is. */
export function isBanned(bans: Bans, { keys, invite }: Identified, id: string | null): boolean {
  if (bans.length === 0) return false;
  if (id !== null && bans.includes(ofMember(id))) return true;
  if (keys.length > 0) return keys.some((key) => bans.includes(ofPerson(key)));
  // Somebody else may have the same link, but who has no identity cannot be told from the one who was put out.
  return id === null && invite !== null && bans.includes(ofInvite(invite));
}

/** @returns whether a member has to go. */
export const hasToGo = (bans: Bans, person: Person): boolean => isBanned(bans, person, person.id);

/** @returns the bans with these people among them; the same ones when they are already. */
export const withBanned = (bans: Bans, people: readonly (Identified & Pick<Person, 'id'>)[]): Bans =>
  unite(
    bans,
    people.flatMap(({ id, keys, invite }) => [
      ofMember(id),
      ...keys.map(ofPerson),
      ...(invite === null ? [] : [ofInvite(invite)]),
    ]),
  );

/** @returns all of both, as far as there is room; `bans` itself when there is nothing new. */
export function unite(bans: Bans, others: Bans): Bans {
  const news = others.filter((entry) => !bans.includes(entry));
  return news.length === 0 ? bans : [...bans, ...new Set(news)].slice(-MAX_BANS);
}

/** @returns the room with more bans. */
export const withBans = (room: RoomState, bans: Bans): RoomState =>
  bans === room.house.bans ? room : { ...room, house: { ...room.house, bans } };

/** @returns whether two members are one person, by their identities. */
export const isSamePerson = (one: Person, other: Person): boolean =>
  one.id === other.id || one.keys.some((key) => other.keys.includes(key));
