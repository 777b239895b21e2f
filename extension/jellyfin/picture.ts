import type { Avatar } from '../../shared/avatar.ts';
import type { JellyfinSession } from './host.ts';

/**
 * A member's picture, from the server that this page is of and no other: nobody's picture can make this browser call an
 * address that somebody else has chosen (PROTOCOL.md M-14). Jellyfin gives a user's picture without a token.
 * @returns null when it is with another server, or nobody is signed in.
 */
export function pictureAddress(session: JellyfinSession | null, { serverId, userId, tag }: Avatar): string | null {
  if (session?.serverId !== serverId) return null;
  return `${session.baseUrl}/UserImage?${new URLSearchParams({ userId, tag })}`;
}
