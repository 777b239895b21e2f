import * as v from 'valibot';
import { AvatarSchema } from '../../shared/avatar.ts';
import { ProtocolError } from '../../shared/errors.ts';
import { MAX_NAME_LENGTH } from '../../shared/limits.ts';
import { type Identity, tidyText } from './claims.ts';
import { type FindJellyfin, getJson, jellyfinId } from './jellyfin-directory.ts';

const UserSchema = v.object({
  Id: jellyfinId,
  Name: v.string(),
  PrimaryImageTag: v.fallback(v.nullish(AvatarSchema.entries.tag), null),
  Policy: v.optional(v.object({ IsDisabled: v.optional(v.boolean(), false) })),
});

/** Turns a Jellyfin token into an identity by asking that Jellyfin, then forgets it (PROTOCOL.md H-02). */
export type ExchangeJellyfin = (serverId: string, token: string) => Promise<Identity>;

/** @param find the servers that are listed. */
export function createJellyfinExchange(find: FindJellyfin): ExchangeJellyfin {
  return async (serverId, token) => {
    // Quotes or control characters would let a client write headers of its own.
    if (!/^[\w.~+/=-]+$/.test(token)) throw new ProtocolError('jellyfin-refused', 'not a Jellyfin token');
    const url = await find(serverId);
    const user = await getJson(`${url}/Users/Me`, { authorization: `MediaBrowser Token="${token}"` }, UserSchema);
    if (user.Policy?.IsDisabled) throw new ProtocolError('jellyfin-refused', 'this Jellyfin account is disabled');
    return {
      sub: `${user.Id}@${serverId}`,
      name: tidyText(user.Name, MAX_NAME_LENGTH) || 'Jellyfin user',
      verified: true,
      ...(user.PrimaryImageTag && { avatar: { serverId, userId: user.Id, tag: user.PrimaryImageTag } }),
    };
  };
}
