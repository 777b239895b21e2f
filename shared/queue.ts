import * as v from 'valibot';
import { MAX_QUEUE } from './limits.ts';
import { id, MediaSchema } from './media.ts';

/** What comes after the film: who added it (null: somebody who has left) and who is for it (PROTOCOL.md Q-01). */
const QueueEntrySchema = v.object({ id, media: MediaSchema, by: v.nullable(id), votes: v.array(id) });
export type QueueEntry = v.InferOutput<typeof QueueEntrySchema>;

/** A room's queue, in order. */
export const QueueSchema = v.array(QueueEntrySchema);

/** Where an entry of the queue is to go: 0 is the first place, and any number past the end the last. */
const place = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(MAX_QUEUE));

/** What members do to the queue (PROTOCOL.md ). */
export const QUEUE_ACTIONS = [
  v.object({ kind: v.literal('queue-add'), media: MediaSchema }),
  v.object({ kind: v.literal('queue-remove'), entry: id }),
  v.object({ kind: v.literal('queue-move'), entry: id, to: place }),
  v.object({ kind: v.literal('queue-vote'), entry: id, up: v.boolean() }),
] as const;
export type QueueAction = v.InferOutput<(typeof QUEUE_ACTIONS)[number]>;
