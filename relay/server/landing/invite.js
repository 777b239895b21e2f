/**
 * What the page needs to know about invite links. The format is that of shared/invite-link.ts, which needs a build step
 * that this page does without; a test holds the two together.
 */

/**
 * @typedef {{ room: string, by: string, exp: number, title: string | null, itemId: string | null,
 *   serverId: string | null, jellyfinUrl: string, uses: number, poster?: boolean }} InviteClaims
 * @typedef {{ relay: string, room: string, invite: string }} InviteLink
 */

/**
 * @param {string} href the page's own address. @returns {InviteLink | null} null when it is no invite link.
 */
export function parseInviteLink(href) {
  const url = new URL(href);
  const path = url.pathname.match(/^(.*)\/join\/([A-Za-z0-9_-]{16,64})\/?$/);
  const invite = url.hash.slice(1);
  if (!path || !/^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/.test(invite)) return null;
  return { relay: url.origin + path[1], room: path[2], invite };
}

/**
 * Reads what the invite says, without checking its signature: for display only.
 * @param {string} invite @returns {InviteClaims | null}
 */
export function readInviteClaims(invite) {
  try {
    const part = invite.split('.')[1].replace(/-/g, '+').replace(/_/g, '/');
    const bytes = Uint8Array.from(atob(part), (c) => c.charCodeAt(0));
    const claims = JSON.parse(new TextDecoder().decode(bytes));
    return isInviteClaims(claims) ? claims : null;
  } catch {
    return null;
  }
}

/** @param {Record<string, unknown>} claims @returns {boolean} */
function isInviteClaims(claims) {
  const isTextOrNull = (/** @type {unknown} */ value) => value === null || typeof value === 'string';
  return (
    typeof claims.room === 'string' &&
    typeof claims.by === 'string' &&
    typeof claims.exp === 'number' &&
    typeof claims.jellyfinUrl === 'string' &&
    typeof claims.uses === 'number' &&
    ['boolean', 'undefined'].includes(typeof claims.poster) &&
    [claims.title, claims.itemId, claims.serverId].every(isTextOrNull)
  );
}

/**
 * Where the guest goes: the item in their Jellyfin, the invite riding in the fragment.
 * @param {string} jellyfinUrl base URL, with or without `/web`. @param {InviteClaims} claims @param {InviteLink} link
 */
export function jellyfinUrlWithInvite(jellyfinUrl, claims, link) {
  const base = jellyfinUrl.replace(/\/+$/, '').replace(/\/web$/, '');
  const route = claims.itemId
    ? `/details?id=${encodeURIComponent(claims.itemId)}&serverId=${encodeURIComponent(claims.serverId ?? '')}&`
    : '/home?';
  const party = `${link.relay}/join/${link.room}#${link.invite}`;
  return `${base}/web/#${route}osp-party=${encodeURIComponent(party)}`;
}

/**
 * Makes an address out of what a person types: `jellyfin.lan:8096` will do.
 * @param {string} text @returns {string | null} a base URL; null when it is no web address.
 */
export function readJellyfinAddress(text) {
  const trimmed = text.trim();
  const withScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(trimmed) ? trimmed : `http://${trimmed}`;
  if (trimmed === '' || !URL.canParse(withScheme)) return null;
  const url = new URL(withScheme);
  if (!/^https?:$/.test(url.protocol) || url.username !== '') return null;
  return (url.origin + url.pathname).replace(/\/+$/, '').replace(/\/web(\/index\.html)?$/, '');
}
