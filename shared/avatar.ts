import * as v from 'valibot';
import { jellyfinId } from './media.ts';

/**
 * Where a member's picture is: with its Jellyfin server, under an id of the user and a tag that changes with the picture
 * (PROTOCOL.md M-14). Never an address: whoever shows it asks a server that they are signed in to themselves.
 */
export const AvatarSchema = v.object({
  serverId: jellyfinId,
  userId: jellyfinId,
  tag: v.pipe(v.string(), v.regex(/^[\w-]{1,64}$/)),
});
export type Avatar = v.InferOutput<typeof AvatarSchema>;
