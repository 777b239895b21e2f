import * as v from 'valibot';
import { type InviteClaims, InviteClaimsSchema } from './http-api.ts';
import { MAX_TOKEN_LENGTH } from './limits.ts';

/** One way into one room: `<relay>/join/<room>#<invite>` (PROTOCOL.md L-01). */
export interface InviteLink {
  /** Relay base URL without trailing slash, e.g. `https://party.example/relay`. */
  relay: string;
  room: string;
  /** The invite token: a secret, so it only ever stands in a fragment. */
  invite: string;
}

const ROOM = /^[A-Za-z0-9_-]{16,64}$/;
const INVITE = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/;
const KEY = 'osp-party';

/** @returns the link as a person shares it. */
export const formatInviteLink = (link: InviteLink): string => `${link.relay}/join/${link.room}#${link.invite}`;

/**
 * Reads a pasted link; spaces around it and quotes are forgiven.
 * @returns null when it is not an invite link.
 */
export function parseInviteLink(text: string): InviteLink | null {
  const url = parseUrl(text.trim().replace(/^[<"']+|[>"']+$/g, ''));
  const path = url?.pathname.match(/^(.*)\/join\/([^/]+)\/?$/);
  if (!url || !/^https?:$/.test(url.protocol) || !path) return null;
  const link = { relay: url.origin + (path[1] ?? ''), room: path[2] ?? '', invite: url.hash.slice(1) };
  return isWellFormed(link) ? link : null;
}

function parseUrl(text: string): URL | null {
  try {
    return new URL(text);
  } catch {
    return null;
  }
}

function isWellFormed(link: InviteLink): boolean {
  return ROOM.test(link.room) && INVITE.test(link.invite) && link.invite.length <= MAX_TOKEN_LENGTH;
}

/**
 * Where the landing page sends the guest: the item in their Jellyfin, the invite riding in the fragment (PROTOCOL.md L-02).
 * @param jellyfinUrl the server's base URL, with or without `/web`.
 */
export function jellyfinUrlWithInvite(jellyfinUrl: string, claims: InviteClaims, link: InviteLink): string {
  const base = jellyfinUrl.replace(/\/+$/, '').replace(/\/web$/, '');
  const route = claims.itemId
    ? `/details?id=${encodeURIComponent(claims.itemId)}&serverId=${encodeURIComponent(claims.serverId ?? '')}&`
    : '/home?';
  return `${base}/web/#${route}${KEY}=${encodeURIComponent(formatInviteLink(link))}`;
}

/**
 * Finds an invite riding in a Jellyfin address and what the address is without it.
 * @param hash `location.hash`, e.g. `#/details?id=1&osp-party=...`.
 * @returns null when there is none; `link` is null when there is one that cannot be read.
 */
export function takeInviteFromHash(hash: string): { link: InviteLink | null; hash: string } | null {
  const match = hash.match(new RegExp(`[?&]${KEY}=([^&]*)`));
  if (!match) return null;
  const cut = hash.replace(match[0], '');
  const rest = !cut.includes('?') ? cut.replace('&', '?') : cut;
  return { link: parseInviteLink(safeDecode(match[1] ?? '')), hash: rest };
}

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * Reads an invite's public claims without checking its signature: for display only (PROTOCOL.md A-04).
 * @returns null when it is not readable.
 */
export function readInviteClaims(invite: string): InviteClaims | null {
  const part = invite.split('.')[1] ?? '';
  try {
    const bytes = Uint8Array.from(atob(part.replace(/-/g, '+').replace(/_/g, '/')), (c) => c.charCodeAt(0));
    const result = v.safeParse(InviteClaimsSchema, JSON.parse(new TextDecoder().decode(bytes)));
    return result.success ? result.output : null;
  } catch {
    return null;
  }
}
