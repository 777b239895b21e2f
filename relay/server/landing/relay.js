/** @typedef {import('./invite.js').InviteLink} InviteLink */

/** What is wrong with an invite, and what to do, by the relay's error code. */
const PROBLEMS = new Map([
  ['token-expired', 'This invite has expired. Ask for a new link.'],
  ['invite-used-up', 'This invite has been used as often as it may. Ask for a new link.'],
  ['invite-revoked', 'This invite has been taken back. Ask for a new link.'],
  ['room-not-found', 'This party is over. Ask for a new link when the next one starts.'],
  ['room-locked', 'This party lets nobody in just now. Ask the person who invited you.'],
  ['token-invalid', 'This invite does not work here. Ask for the link again and open all of it.'],
]);
const UNCHECKED = 'The invite could not be checked just now. You can still try to join.';

/**
 * @param {InviteLink} link @param {string} path
 */
const ask = (link, path) =>
  fetch(`${link.relay}/v1/invites/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ room: link.room, invite: link.invite }),
  });

/**
 * Would this invite let somebody in now?
 * @param {InviteLink} link
 * @returns {Promise<{ problem: string | null, isFinal: boolean, usesLeft: number | null }>} `isFinal`: there is no way in.
 */
export async function checkInvite(link) {
  try {
    const response = await ask(link, 'check');
    const answer = await response.json();
    if (response.ok) return { problem: null, isFinal: false, usesLeft: Number(answer.usesLeft) };
    const problem = PROBLEMS.get(answer.code);
    return { problem: problem ?? UNCHECKED, isFinal: problem !== undefined, usesLeft: null };
  } catch {
    return { problem: UNCHECKED, isFinal: false, usesLeft: null };
  }
}

/** @param {InviteLink} link @returns {Promise<Blob | null>} the item's poster, by way of the relay. */
export async function askPoster(link) {
  try {
    const response = await ask(link, 'poster');
    return response.ok ? await response.blob() : null;
  } catch {
    return null;
  }
}
