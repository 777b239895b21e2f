import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { COUNTDOWN_MS, MAX_QUEUE, MAX_QUEUE_EACH, MAX_SNAPSHOT_LENGTH } from '../../shared/limits.ts';
import type { Control, Media, QueueAction } from '../../shared/protocol.ts';
import { FILM, type TestRoom, watching } from '../testing/rooms.ts';
import { wakeAtMs } from './room.ts';
import { issueSnapshot } from './snapshot.ts';
import { SnapshotFeed } from './snapshot-feed.ts';

const item = (n: number): Media => ({ ...FILM, itemId: n.toString(16).padStart(32, '0'), title: `Film ${n}` });
const queue = (room: TestRoom, member: string, action: QueueAction): TestRoom => room.manage(member, action);
const add = (room: TestRoom, member: string, n: number): TestRoom =>
  queue(room, member, { kind: 'queue-add', media: item(n) });
const titles = (room: TestRoom): string[] => room.room.queue.entries.map(({ media }) => media.title.slice(5));
const refusal = (room: TestRoom) => room.refusal();
/** Ana hosts, Ben is a guest, and 1, 2 and 3 are queued by Ana, Ben and Ana. */
function queued(control: Control = 'everyone'): TestRoom {
  const room = watching();
  add(add(add(room, 'ana', 1), 'ben', 2), 'ana', 3);
  room.manage('ana', { kind: 'control', control });
  return room;
}

describe('the queue', () => {
  it('[Q-01] tells everybody the whole of it, and who did what', () => {
    const room = add(watching(), 'ben', 1);
    expect(room.published('queue')).toEqual([
      { type: 'queue', by: 'ben', id: 'm1', entries: [{ id: 'q1', media: item(1), by: 'ben', votes: [] }] },
    ]);
  });

  it('[Q-02] takes an item once: who adds it again votes for it', () => {
    const room = add(queued(), 'ben', 3);
    expect(titles(room)).toEqual(['3', '1', '2']);
    expect(room.room.queue.entries[0]?.votes).toEqual(['ben']);
  });

  it('[Q-02] holds so many, and so many of one person', () => {
    const room = watching();
    for (let n = 0; n < MAX_QUEUE_EACH; n += 1) expect(refusal(add(room, 'ben', n))).toBeNull();
    expect(refusal(add(room, 'ben', 99))).toBe('queue-full');
    room.join('cleo').join('dora');
    for (let n = MAX_QUEUE_EACH; n < MAX_QUEUE; n += 1) add(room, n % 2 ? 'ana' : 'cleo', n);
    expect(room.room.queue.entries).toHaveLength(MAX_QUEUE);
    expect(refusal(add(room, 'dora', 99))).toBe('queue-full');
  });

  it('[Q-03] a vote lifts an entry past those with fewer, and taken back lets it sink again', () => {
    const room = queued();
    queue(room, 'ana', { kind: 'queue-vote', entry: 'q3', up: true });
    expect(titles(room)).toEqual(['3', '1', '2']);
    queue(room, 'ben', { kind: 'queue-vote', entry: 'q2', up: true });
    expect(titles(room)).toEqual(['3', '2', '1']);
    queue(room, 'ben', { kind: 'queue-vote', entry: 'q2', up: true });
    expect(room.room.queue.entries[1]?.votes).toEqual(['ben']);
    queue(room, 'ana', { kind: 'queue-vote', entry: 'q3', up: false });
    expect(titles(room)).toEqual(['2', '3', '1']);
  });

  it('[Q-03] what is moved by hand stays there until it is voted for', () => {
    const room = queue(queued(), 'ben', { kind: 'queue-vote', entry: 'q2', up: true });
    queue(room, 'ana', { kind: 'queue-move', entry: 'q2', to: 99 });
    expect(titles(room)).toEqual(['1', '3', '2']);
    queue(room, 'ana', { kind: 'queue-move', entry: 'q3', to: 0 });
    expect(titles(room)).toEqual(['3', '1', '2']);
  });

  it.each<[Control, QueueAction['kind'], string | null]>([
    ['everyone', 'queue-add', null],
    ['everyone', 'queue-vote', null],
    ['everyone', 'queue-move', null],
    ['everyone', 'queue-remove', null],
    ['chosen', 'queue-add', null],
    ['chosen', 'queue-vote', null],
    ['chosen', 'queue-move', 'not-allowed'],
    ['chosen', 'queue-remove', 'not-allowed'],
    ['host', 'queue-add', 'not-allowed'],
    ['host', 'queue-vote', 'not-allowed'],
    ['host', 'queue-move', 'not-allowed'],
    ['host', 'queue-remove', 'not-allowed'],
  ])('[Q-01] where control is with %s, a guest’s %s of what the host added: %s', (control, kind, code) => {
    const room = queued(control);
    const before = room.room.queue;
    queue(room, 'ben', { kind, media: item(9), entry: 'q3', up: true, to: 0 } as QueueAction);
    expect(refusal(room)).toBe(code);
    expect(room.room.queue === before).toBe(code !== null);
    // What the guest added is the guest's to take back.
    expect(refusal(queue(room, 'ben', { kind: 'queue-remove', entry: 'q2' }))).toBeNull();
    for (const action of [
      { kind: 'queue-move', entry: 'q1', to: 0 },
      { kind: 'queue-remove', entry: 'q1' },
    ] as const)
      expect(refusal(queue(room, 'ana', action))).toBeNull();
  });

  it('[Q-01] refuses what is not there any more, and never means another entry by an old name', () => {
    const room = queue(queued(), 'ana', { kind: 'queue-remove', entry: 'q3' });
    expect(refusal(queue(room, 'ben', { kind: 'queue-vote', entry: 'q3', up: true }))).toBe('not-found');
    add(room, 'ben', 7);
    expect(room.room.queue.entries.at(-1)?.id).toBe('q4');
  });

  it('[Q-02] forgets the votes and the name of who left, not what they added', () => {
    const room = queue(queued(), 'ben', { kind: 'queue-vote', entry: 'q1', up: true });
    room.input({ type: 'leave', member: 'ben' });
    expect(room.room.queue.entries).toMatchObject([
      { id: 'q1', by: 'ana', votes: [] },
      { id: 'q2', by: null, votes: [] },
      { id: 'q3', by: 'ana' },
    ]);
    expect(room.published('queue')).toMatchObject([{ by: null, id: null }]);
  });
});

describe('what comes next', () => {
  const overMs = 1000 + FILM.runtimeMs + 1000;

  it('[Q-04] is the queue’s first, counted down to, a second after the film is over', () => {
    const room = queued();
    expect(wakeAtMs(room.room)).toBe(overMs);
    expect(room.input({ type: 'tick' }, overMs - 1).effects).toEqual([]);
    room.input({ type: 'tick' }, overMs);
    expect(room.published('timeline')).toMatchObject([
      {
        cause: 'queue',
        by: null,
        gate: { soonestAtMs: overMs + COUNTDOWN_MS },
        timeline: { seq: 2, phase: 'preparing', media: item(1), positionMs: 0 },
      },
    ]);
    expect(room.published('queue')).toMatchObject([{ by: null, entries: [{ id: 'q2' }, { id: 'q3' }] }]);
  });

  it('[Q-04] is the queue’s first also where a player went on to something else by itself', () => {
    const room = queued();
    room.nowMs = 1000 + FILM.runtimeMs;
    room.command('ben', { kind: 'media', media: item(77), positionMs: 0, play: true, ended: true });
    expect(room.published('timeline')).toMatchObject([
      { cause: 'queue', by: 'ben', id: 'c1', timeline: { media: item(1) } },
    ]);
    expect(titles(room)).toEqual(['2', '3']);
  });

  it('[Q-04] waits while the film stands still, and comes sooner at a higher speed', () => {
    const room = queued().command('ana', { kind: 'pause', positionMs: 0 });
    expect(wakeAtMs(room.room)).toBeNull();
    room.command('ana', { kind: 'play' }).command('ana', { kind: 'rate', rate: 2 });
    const { atMs, positionMs } = room.timeline;
    expect(wakeAtMs(room.room)).toBe(atMs + (FILM.runtimeMs - positionMs) / 2 + 1000);
  });

  it('[Q-04] comes at once where the film has long been over', () => {
    const room = watching();
    room.nowMs = overMs + 60_000;
    add(room, 'ben', 1);
    expect(room.timeline.media).toEqual(item(1));
    expect(titles(room)).toEqual([]);
  });

  it('[Q-05] is out of the queue when somebody puts it on by hand', () => {
    const room = queued().command('ana', { kind: 'media', media: item(2), positionMs: 0, play: true });
    expect(room.timeline.media).toEqual(item(2));
    expect(room.published('queue')).toMatchObject([{ by: null, entries: [{ id: 'q1' }, { id: 'q3' }] }]);
  });

  it('[Q-04] is nothing where the queue is empty, or nobody knows how long the film is', () => {
    expect(wakeAtMs(watching().room)).toBeNull();
    const endless = { ...FILM, itemId: 'e'.repeat(32), runtimeMs: null };
    const room = queued().command('ana', { kind: 'media', media: endless, positionMs: 0, play: false });
    room.command('ana', { kind: 'play' });
    expect(wakeAtMs(room.room)).toBeNull();
  });
});

describe('a queue, whatever is done to it', () => {
  const members = ['ana', 'ben', 'cleo'];
  const entry = fc.integer({ min: 1, max: 12 }).map((n) => `q${n}`);
  const action: fc.Arbitrary<QueueAction> = fc.oneof(
    fc.record({ kind: fc.constant('queue-add' as const), media: fc.integer({ min: 1, max: 30 }).map(item) }),
    fc.record({ kind: fc.constant('queue-vote' as const), entry, up: fc.boolean() }),
    fc.record({ kind: fc.constant('queue-move' as const), entry, to: fc.nat(40) }),
    fc.record({ kind: fc.constant('queue-remove' as const), entry }),
  );
  const move = fc.tuple(fc.constantFrom(...members), action);

  it('[Q-01][Q-02][Q-03] keeps each item once, each vote once, within its bounds, and changes only what was meant', () => {
    fc.assert(
      fc.property(
        fc.constantFrom<Control>('everyone', 'chosen', 'host'),
        fc.array(move, { maxLength: 60, size: 'max' }),
        (control, moves) => {
          const room = watching().join('cleo');
          room.manage('ana', { kind: 'control', control });
          for (const [member, made] of moves) {
            const before = room.room.queue;
            queue(room, member, made);
            const { entries, next } = room.room.queue;
            expect(new Set(entries.map(({ id }) => id)).size).toBe(entries.length);
            expect(new Set(entries.map(({ media }) => media.itemId)).size).toBe(entries.length);
            expect(entries.length).toBeLessThanOrEqual(MAX_QUEUE);
            expect(next).toBeGreaterThanOrEqual(before.next);
            for (const { votes } of entries) {
              expect(new Set(votes).size).toBe(votes.length);
              expect(votes.every((voter) => members.includes(voter))).toBe(true);
            }
            if (refusal(room) !== null) expect(room.room.queue).toBe(before);
            // Apart from the one that is meant, the order of the others stays.
            const target = 'entry' in made ? made.entry : null;
            if (target) {
              const others = (list: readonly { id: string }[]) =>
                list.map(({ id }) => id).filter((id) => id !== target);
              expect(others(entries)).toEqual(others(before.entries));
            }
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('a queue that is too long for a snapshot', () => {
  it('[S-02] loses its end, not the room', () => {
    const room = queued();
    const lengths: number[] = [];
    const given: string[] = [];
    const feed = new SnapshotFeed({
      current: () => room.room,
      issue: (nowMs) => issueSnapshot(room.room, nowMs, 0).snapshot,
      sign: ({ queue }) => {
        lengths.push(queue.entries.length);
        return 'x'.repeat(queue.entries.length > 1 ? MAX_SNAPSHOT_LENGTH + 1 : 20);
      },
      tell: (text) => given.push(text),
      nowMs: () => 0,
    });
    feed.issue();
    feed.stop();
    expect(lengths).toEqual([3, 1]);
    expect(given).toHaveLength(1);
  });
});
