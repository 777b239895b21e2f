import { plainId } from './credentials.ts';

/**
 * @param hash of the app's address, such as `#/details?id=...`.
 * @returns the item whose page that is; null for any other page.
 */
export function shownItem(hash: string): string | null {
  const query = /^#!?\/(?:details|item)\?(.*)$/.exec(hash)?.[1];
  const id = query === undefined ? null : new URLSearchParams(query).get('id');
  return id !== null && /^[0-9a-f-]{32,36}$/i.test(id) ? plainId(id) : null;
}
