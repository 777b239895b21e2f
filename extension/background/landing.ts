import { jellyfinUrlWithInvite, parseInviteLink, readInviteClaims } from '../../shared/invite-link.ts';
import type { Landing } from '../platform/messages.ts';
import { ownAddressOf } from './own-servers.ts';

/** Match patterns know no ports. */
const patternOf = ({ protocol, hostname }: URL): string => `${protocol}//${hostname}/*`;

/**
 * Where the guest goes from the relay's page: to their own address of that Jellyfin when one is known, else to the one the
 * page names, else to the host's.
 * @param href of the relay's page. @param address what the page would take; null when it has no say.
 * @param isAllowed whether the extension may run where this pattern matches.
 * @returns null when the address is no invite.
 */
export async function destinationOf(
  href: string,
  address: string | null,
  isAllowed: (origin: string) => Promise<boolean>,
): Promise<Landing | null> {
  const link = parseInviteLink(href);
  const claims = link && readInviteClaims(link.invite);
  if (!link || !claims) return null;
  const own = claims.serverId === null ? null : await ownAddressOf(claims.serverId);
  const base = own ?? address ?? claims.jellyfinUrl;
  const server = URL.canParse(base) ? new URL(base) : null;
  if (!server || !/^https?:$/.test(server.protocol)) return null;
  const jellyfin = patternOf(server);
  return {
    url: jellyfinUrlWithInvite(base, claims, link),
    by: claims.by,
    origins: [...new Set([jellyfin, patternOf(new URL(link.relay))])],
    allowed: await isAllowed(jellyfin),
  };
}
