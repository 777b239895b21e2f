import * as v from 'valibot';
import { MAX_POSITION_MS, MAX_TITLE_LENGTH } from './limits.ts';

/** As Jellyfin shows it in addresses: without dashes, in small letters. */
export const jellyfinId = v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/));

/** How long something is or takes, in ms. */
export const durationMs = v.pipe(v.number(), v.finite(), v.minValue(0), v.maxValue(MAX_POSITION_MS));

/** Names a member, a command, an entry of the queue. */
export const id = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{1,64}$/));

/** What a party watches: ids of one Jellyfin server; the title is hostile text. */
export const MediaSchema = v.object({
  serverId: jellyfinId,
  itemId: jellyfinId,
  title: v.pipe(v.string(), v.maxLength(MAX_TITLE_LENGTH)),
  runtimeMs: v.nullable(durationMs),
});
export type Media = v.InferOutput<typeof MediaSchema>;

/** @returns whether two media are the same item; nothing is never the same as anything. */
export const isSameMedia = (one: Media | null, other: Media | null): boolean =>
  one !== null && other !== null && one.itemId === other.itemId && one.serverId === other.serverId;
