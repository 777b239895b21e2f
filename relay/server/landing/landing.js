import { jellyfinUrlWithInvite, parseInviteLink, readInviteClaims, readJellyfinAddress } from './invite.js';
import { askPoster, checkInvite } from './relay.js';
import { incapable, termsOf } from './words.js';

/** @typedef {import('./invite.js').InviteClaims} InviteClaims */
/** @typedef {import('./invite.js').InviteLink} InviteLink */

/** Long enough to read who invites, and to stay. */
const GO_ON_AFTER_MS = 1_500;
const INCOMPLETE = 'This invite link is incomplete. Ask for it again and open all of it.';

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
  if (isFinal) showOnly('problem');
}

/** Of the ways on, this one. @param {'problem' | 'elsewhere'} way */
function showOnly(way) {
  for (const id of ['steps', 'install', 'going']) byId(id).hidden = true;
  byId('elsewhere').hidden = way !== 'elsewhere';
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
    if (base === null) {
      open.removeAttribute('href');
      return null;
    }
    open.href = jellyfinUrlWithInvite(base, claims, link);
    document.documentElement.dataset.ospAddress = base;
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

/**
 * The extension marks the page that it finds, and leads on when it is told to: to the person's own address of this
 * Jellyfin, which is none of this page's business.
 */
function followExtension() {
  const root = document.documentElement;
  let going = 0;
  const stop = () => {
    clearTimeout(going);
    byId('going-words').textContent = '';
    byId('stay').hidden = true;
  };
  const look = () => {
    const found = root.dataset.ospExtension;
    tick('step-extension', found === 'ready');
    byId('extension-missing').hidden = found !== undefined;
    byId('extension-hint').hidden = found !== undefined;
    byId('extension-unallowed').hidden = found !== 'unallowed';
    byId('install').hidden = found !== undefined;
    // Who comes back by the browser's button wants to be here.
    if (found !== 'ready' || going !== 0 || cameBack()) return;
    byId('going-words').textContent = 'Opening Jellyfin…';
    byId('stay').hidden = false;
    going = setTimeout(() => {
      tick('step-open', true);
      document.dispatchEvent(new Event('osp-open'));
    }, GO_ON_AFTER_MS);
  };
  byId('stay').addEventListener('click', stop);
  byId('address').addEventListener('focus', stop);
  new MutationObserver(look).observe(root, { attributeFilter: ['data-osp-extension'] });
  look();
}

function cameBack() {
  const [entry] = performance.getEntriesByType('navigation');
  return entry !== undefined && /** @type {PerformanceNavigationTiming} */ (entry).type === 'back_forward';
}

/** @param {InviteLink} link */
async function showPoster(link) {
  const picture = await askPoster(link);
  if (!picture) return;
  const poster = /** @type {HTMLImageElement} */ (byId('poster'));
  poster.addEventListener('load', () => {
    poster.hidden = false;
  });
  poster.src = URL.createObjectURL(picture);
}

function wireInstall() {
  const isFirefox = /\bFirefox\//.test(navigator.userAgent);
  byId('install-chromium').hidden = isFirefox;
  byId('install-firefox').hidden = !isFirefox;
  // Not a link: the fragment of this page's address is the invite.
  byId('how').addEventListener('click', () => {
    byId('install').scrollIntoView();
    byId('install').focus({ preventScroll: true });
  });
}

/** @param {string} why */
function showElsewhere(why) {
  showOnly('elsewhere');
  byId('elsewhere-why').textContent = why;
  byId('copy').addEventListener('click', async () => {
    const done = await navigator.clipboard?.writeText(location.href).then(
      () => true,
      () => false,
    );
    byId('copied').textContent = done ? 'Copied' : 'Copy it from the address bar.';
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
  wireInstall();
  // Until the relay has vouched for it, nobody is sent to the address in an invite, and nothing is loaded for it.
  const answer = await checkInvite(link);
  if (answer.problem !== null) showProblem(answer.problem, answer.isFinal);
  if (answer.isFinal) return;
  byId('terms').textContent = termsOf(claims.exp * 1000, answer.usesLeft, new Date());
  byId('terms').hidden = false;
  if (answer.problem === null && claims.poster) void showPoster(link);
  const why = incapable(navigator);
  if (why !== null) return showElsewhere(why);
  wireOpen(claims, link);
  if (answer.problem === null) followExtension();
}

// Another invite opened in this very tab only changes the fragment, which loads nothing by itself.
addEventListener('hashchange', () => location.reload());
void main();
