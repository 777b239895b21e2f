import { createHmac } from 'node:crypto';

/** 66 bits: nobody guesses one, and no two of a room's people share it. */
const KEY_LENGTH = 11;

/**
 * Says who somebody is to one room, without saying who it is to anyone else: members keep these in snapshots.
 * @returns one key for each secret in use, so that a person is known again while the secret is being changed.
 */
export type PersonKeys = (room: string, sub: string) => readonly string[];

/** @param secrets of the relay, the first of which signs. */
export function createPersonKeys(secrets: readonly string[]): PersonKeys {
  // No token is signed over a text with a line break in it.
  return (room, sub) =>
    secrets.map((secret) =>
      createHmac('sha256', secret).update(`person\n${room}\n${sub}`).digest('base64url').slice(0, KEY_LENGTH),
    );
}
