import { assertNever } from '../../shared/errors.ts';
import { COUNTDOWN_MS, GATE_MEDIA_DEADLINE_MS, MAX_QUEUE, MAX_QUEUE_EACH } from '../../shared/limits.ts';
import { isSameMedia } from '../../shared/media.ts';
import { mayQueue, maySteer } from '../../shared/powers.ts';
import type { ManageAction, Media, QueueAction, QueueEntry } from '../../shared/protocol.ts';
import { type Refusal, type RoomEffect, refused } from './effects.ts';
import { announceTimeline, openGate, type Step } from './gate.ts';
import { findPerson, isConnected, type Person, type Queue, type RoomState } from './state.ts';
import { placeOf, undoOf } from './undo.ts';

/** So long after its runtime a film counts as over, in ms: players that went on by themselves have said so by then. */
const OVER_AFTER_MS = 1_000;

export interface Queueing {
  member: string;
  id: string;
  action: QueueAction;
}

type Outcome = { queue: Queue } | Refusal;

/** @returns whether that is about the queue, and not about the party. */
export const isQueueAction = (action: ManageAction): action is QueueAction => action.kind.startsWith('queue-');

/** Carries out what a member did to the queue, or says why not (PROTOCOL.md Q-01). */
export function queueUp(room: RoomState, { member, id, action }: Queueing, nowMs: number): Step {
  const person = findPerson(room, member);
  if (!person) return { room, effects: [] };
  const outcome = act(room, person, action);
  if ('code' in outcome) return { room, effects: [refused(member, id, outcome)] };
  const next = { ...room, queue: outcome.queue };
  // A film that has been over for a while only waited for something to come next.
  const gone = takeNextIfOver(next, nowMs);
  return { room: gone.room, effects: [tellQueue(next, member, id), ...gone.effects] };
}

function act(room: RoomState, person: Person, action: QueueAction): Outcome {
  const { queue, house } = room;
  const { control } = house.rules;
  const steers = maySteer(control, person.role);
  const joins = mayQueue(control, person.role);
  if (action.kind === 'queue-add') return joins ? add(queue, person, action.media) : FORBIDDEN;
  const entry = queue.entries.find((candidate) => candidate.id === action.entry);
  if (!entry) return { code: 'not-found', message: 'that is not in the queue any more' };
  switch (action.kind) {
    case 'queue-vote':
      return joins ? changed(queue, vote(queue.entries, entry, person.id, action.up)) : FORBIDDEN;
    case 'queue-remove':
      return steers || entry.by === person.id ? changed(queue, without(queue.entries, entry)) : FORBIDDEN;
    case 'queue-move':
      return steers ? changed(queue, insert(without(queue.entries, entry), entry, action.to)) : FORBIDDEN;
    default:
      return assertNever(action);
  }
}

const FORBIDDEN: Refusal = { code: 'not-allowed', message: 'the host decides what comes next' };

/** What is in the queue already gets this member's vote instead (PROTOCOL.md Q-02). */
function add(queue: Queue, { id }: Person, media: Media): Outcome {
  const { entries, next } = queue;
  const same = entries.find((entry) => isSameMedia(entry.media, media));
  if (same) return changed(queue, vote(entries, same, id, true));
  const own = entries.filter(({ by }) => by === id).length;
  if (entries.length >= MAX_QUEUE || own >= MAX_QUEUE_EACH) return { code: 'queue-full', message: 'the queue is full' };
  return { queue: { entries: [...entries, { id: `q${next}`, media, by: id, votes: [] }], next: next + 1 } };
}

/** An entry rises past those right before it that have fewer votes, or sinks past those right behind it that have more. */
function vote(entries: readonly QueueEntry[], entry: QueueEntry, member: string, up: boolean): readonly QueueEntry[] {
  const others = entry.votes.filter((voter) => voter !== member);
  const voted = { ...entry, votes: up ? [...others, member] : others };
  const rest = without(entries, entry);
  let at = entries.indexOf(entry);
  while (up && at > 0 && votesOf(rest[at - 1]) < voted.votes.length) at -= 1;
  while (!up && at < rest.length && votesOf(rest[at]) > voted.votes.length) at += 1;
  return insert(rest, voted, at);
}

const votesOf = (entry: QueueEntry | undefined): number => entry?.votes.length ?? 0;
const changed = ({ next }: Queue, entries: readonly QueueEntry[]): Outcome => ({ queue: { entries, next } });
const without = (entries: readonly QueueEntry[], entry: QueueEntry): readonly QueueEntry[] =>
  entries.filter(({ id }) => id !== entry.id);
const insert = (entries: readonly QueueEntry[], entry: QueueEntry, at: number): readonly QueueEntry[] => [
  ...entries.slice(0, at),
  entry,
  ...entries.slice(at),
];

/** @returns the room without the votes and claims of somebody who has left for good. */
export function forgetInQueue(room: RoomState, member: string): RoomState {
  const { entries, next } = room.queue;
  if (!entries.some(({ by, votes }) => by === member || votes.includes(member))) return room;
  const left = entries.map((entry) => ({
    ...entry,
    by: entry.by === member ? null : entry.by,
    votes: entry.votes.filter((voter) => voter !== member),
  }));
  return { ...room, queue: { entries: left, next } };
}

/** @returns the queue when this is watched now: whatever put it on, it need not come again. */
export function withoutMedia(queue: Queue, media: Media): Queue {
  const entries = queue.entries.filter((entry) => !isSameMedia(entry.media, media));
  return entries.length === queue.entries.length ? queue : { ...queue, entries };
}

/** @returns when the film is over and the queue's first comes, on the relay's clock; null when nothing does. */
export function nextDueAtMs({ queue, timeline }: RoomState): number | null {
  const { phase, media, positionMs, rate, atMs } = timeline;
  if (queue.entries.length === 0 || phase !== 'playing' || media?.runtimeMs == null) return null;
  return atMs + Math.max(0, media.runtimeMs - positionMs) / rate + OVER_AFTER_MS;
}

/** The film is over, and nobody's player has gone on by itself: the queue's first comes (PROTOCOL.md Q-04). */
export function takeNextIfOver(room: RoomState, nowMs: number): Step {
  const dueAtMs = nextDueAtMs(room);
  if (dueAtMs === null || nowMs < dueAtMs) return { room, effects: [] };
  const next = playNext({ ...room, timeline: { ...room.timeline, seq: room.timeline.seq + 1 } }, nowMs);
  const told = announceTimeline(next, 'queue', null, null, placeOf(room.timeline, nowMs));
  return { room: next, effects: [told, tellQueue(next, null, null)] };
}

/** @returns the room with the queue's first on, counted down to; as it was when the queue is empty. */
export function playNext(room: RoomState, nowMs: number): RoomState {
  const [first, ...entries] = room.queue.entries;
  if (!first) return room;
  const timeline = { ...room.timeline, media: first.media, positionMs: 0, rate: 1 };
  const isParty = room.people.filter(isConnected).length > 1;
  const undo = undoOf(room, null, nowMs);
  const rest = { ...room, queue: { ...room.queue, entries }, gate: null, undo };
  return openGate(rest, timeline, nowMs, GATE_MEDIA_DEADLINE_MS, isParty ? COUNTDOWN_MS : 0);
}

/** @returns the word to everybody of what the queue is now. */
export const tellQueue = ({ queue }: RoomState, by: string | null, id: string | null): RoomEffect => ({
  type: 'publish',
  message: { type: 'queue', by, id, entries: [...queue.entries] },
});
