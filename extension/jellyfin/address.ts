import { type InviteLink, takeInviteFromHash } from '../../shared/invite-link.ts';

/**
 * Takes an invite out of the address bar, so that neither the app, the history nor a shoulder-surfer sees it.
 * Cheap on any page; called before the page's own scripts run, and again when the address changes under a living page.
 * @returns null when there is none; `link` is null when there is one that cannot be read.
 */
export function takeInvite(
  location: Pick<Location, 'hash' | 'pathname' | 'search'>,
  history: Pick<History, 'replaceState' | 'state'>,
): { link: InviteLink | null } | null {
  const found = takeInviteFromHash(location.hash);
  if (!found) return null;
  history.replaceState(history.state, '', location.pathname + location.search + found.hash);
  return { link: found.link };
}
