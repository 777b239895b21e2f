import { jellyfinUrlWithInvite, parseInviteLink, readInviteClaims, readJellyfinAddress } from './invite.js';

/** @typedef {import('./invite.js').InviteClaims} InviteClaims */
/** @typedef {import('./invite.js').InviteLink} InviteLink */

const HAS_EXTENSION_KEY = 'osp.has-extension';

/** What is wrong with an invite, and what to do, by the relay's error code. */
const PROBLEMS = new Map([
  ['token-expired', 'This invite has expired. Ask for a new link.'],
  ['invite-used-up', 'This invite has been used as often as it may. Ask for a new link.'],
  ['room-not-found', 'This party is over. Ask for a new link when the next one starts.'],
  ['token-invalid', 'This invite does not work here. Ask for the link again and open all of it.'],
]);
const INCOMPLETE = 'This invite link is incomplete. Ask for it again and open all of it.';
const UNCHECKED = 'The invite could not be checked just now. You can still try to join.';

/** @param {string} id */
function byId(id) {
  const element = document.getElementById(id);
  if (!element) throw new Error(`no element ${id}`);
  return element;
}

/** Storage may be switched off; the page then just forgets. @param {string} key @returns {string | null} */
function recall(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

/** @param {string} key @param {string} value */
function remember(key, value) {
  try {
    localStorage.setItem(key, value);
  } catch {
    // Nothing depends on it.
    return;
  }
}

/** @param {string} text @param {boolean} isFinal whether there is no way in. */
function showProblem(text, isFinal) {
  byId('problem').textContent = text;
  byId('problem').hidden = false;
  byId('steps').hidden = isFinal;
  byId('install').hidden = isFinal;
}

/** @param {string} step @param {boolean} isDone */
function tick(step, isDone) {
  byId(step).classList.toggle('done', isDone);
  byId(`${step}-done`).hidden = !isDone;
}

/** @param {InviteClaims} claims */
function showInvitation(claims) {
  byId('by').textContent = claims.by || 'Somebody';
  byId('film').textContent = claims.title || 'a film';
  document.title = `${claims.by || 'Somebody'} invites you to a watch party`;
}

/** @param {InviteClaims} claims @param {InviteLink} link */
function wireOpen(claims, link) {
  const open = document.createElement('a');
  open.id = 'open';
  open.className = 'main';
  open.textContent = 'Open in Jellyfin';
  const address = /** @type {HTMLInputElement} */ (byId('address'));
  const key = `osp.jellyfin.${claims.serverId ?? 'any'}`;
  const update = () => {
    const base = readJellyfinAddress(address.value);
    byId('address-problem').hidden = base !== null;
    address.setAttribute('aria-invalid', String(base === null));
    if (base === null) open.removeAttribute('href');
    else open.href = jellyfinUrlWithInvite(base, claims, link);
    return base;
  };
  address.value = recall(key) ?? claims.jellyfinUrl;
  address.addEventListener('input', () => {
    const base = update();
    if (base !== null) remember(key, base);
  });
  open.addEventListener('click', () => tick('step-open', true));
  update();
  byId('open-place').append(open);
}

function wireExtension() {
  const have = /** @type {HTMLInputElement} */ (byId('have-extension'));
  have.checked = recall(HAS_EXTENSION_KEY) === 'yes';
  const update = () => tick('step-extension', have.checked);
  have.addEventListener('change', () => {
    remember(HAS_EXTENSION_KEY, have.checked ? 'yes' : 'no');
    update();
  });
  update();
}

/** @param {InviteLink} link */
async function check(link) {
  try {
    const response = await fetch(`${link.relay}/v1/invites/check`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ room: link.room, invite: link.invite }),
    });
    if (response.ok) return;
    const { code } = await response.json();
    const problem = PROBLEMS.get(code);
    showProblem(problem ?? UNCHECKED, problem !== undefined);
  } catch {
    showProblem(UNCHECKED, false);
  }
}

function wireInstall() {
  // Not a link: the fragment of this page's address is the invite.
  byId('how').addEventListener('click', () => {
    byId('install').scrollIntoView();
    byId('install').focus({ preventScroll: true });
  });
}

async function main() {
  const link = parseInviteLink(location.href);
  const claims = link && readInviteClaims(link.invite);
  if (!link || !claims) {
    byId('invitation').textContent = 'Watch party';
    showProblem(INCOMPLETE, true);
    return;
  }
  showInvitation(claims);
  wireExtension();
  wireInstall();
  // Until the relay has vouched for it, nobody is sent to the address in an invite.
  await check(link);
  wireOpen(claims, link);
}

// Another invite opened in this very tab only changes the fragment, which loads nothing by itself.
addEventListener('hashchange', () => location.reload());
void main();
