import { describe, expect, it } from 'vitest';
import type { MemberState } from '../../shared/protocol.ts';
import { FILM, type TestRoom, watching } from '../testing/rooms.ts';

/** Ana and Ben rest at 10 s of the film, and Cem has just come. */
function resting(cem: MemberState = 'joining', deliveryMs: number | null = 40): TestRoom {
  const room = watching();
  room.nowMs = 11_000;
  room.command('ana', { kind: 'pause', positionMs: 10_000 });
  return room.join('cem').status('cem', cem, deliveryMs);
}

const waitedFor = (room: TestRoom): readonly string[] => room.room.gate?.waitingFor ?? [];

describe('a start out of rest', () => {
  it.each<MemberState>(['joining', 'buffering', 'autoplay-blocked'])('[T-16] waits for who is still %s', (state) => {
    const room = resting(state).command('ana', { kind: 'play' });
    expect(waitedFor(room)).toEqual(['cem']);
    expect(room.timeline).toMatchObject({ phase: 'preparing', positionMs: 10_000 });
    expect(room.published('timeline')[0]).toMatchObject({ cause: 'play', by: 'ana', gate: { waitingFor: ['cem'] } });
    room.input({ type: 'ready', member: 'cem', seq: room.timeline.seq }, 13_000);
    expect(room.timeline).toMatchObject({ phase: 'playing', positionMs: 10_000 });
    expect(room.published('timeline')[0]).toMatchObject({ cause: 'ready' });
  });

  it.each<MemberState>(['in-sync', 'catching-up', 'background', 'away', 'other-item', 'item-missing'])(
    '[T-16] does not wait for who is %s',
    (state) => {
      const room = resting(state).command('ana', { kind: 'play' });
      expect(room.timeline.phase).toBe('playing');
    },
  );

  it('[T-16] is at once when all have been there, whatever they do now', () => {
    const room = resting('in-sync').status('cem', 'buffering').status('ben', 'autoplay-blocked');
    room.command('ana', { kind: 'play' });
    expect(room.timeline.phase).toBe('playing');
  });

  it('[T-16] waits for nobody in a room that never waits', () => {
    const room = resting().command('ana', { kind: 'wait', waitMs: 0 }).command('ana', { kind: 'play' });
    expect(room.timeline.phase).toBe('playing');
  });

  it('[T-16] waits neither for who starts it nor for who has said nothing yet', () => {
    expect(resting().command('cem', { kind: 'play' }).timeline.phase).toBe('playing');
    expect(resting('joining', null).command('ana', { kind: 'play' }).timeline.phase).toBe('playing');
  });

  it('[T-16][M-12] does not wait for who wants nobody to', () => {
    const room = resting();
    const { reason, offsetMs, errorMs } = { reason: null, offsetMs: null, errorMs: 1 };
    const own = { type: 'status', member: 'cem', state: 'joining', reason, offsetMs, errorMs } as const;
    room.input({ ...own, follow: 'unwaited', deliveryMs: 40, startMs: 10 }).command('ana', { kind: 'play' });
    expect(room.timeline.phase).toBe('playing');
  });

  it('[T-16][T-09] waits as long as the room waits, and for the same one only once', () => {
    const room = resting().command('ana', { kind: 'wait', waitMs: 20_000 }).command('ana', { kind: 'play' });
    expect(room.room.gate?.deadlineAtMs).toBe(31_000);
    room.input({ type: 'tick' }, 31_000);
    expect(room.published('timeline')[0]).toMatchObject({ cause: 'deadline', timeline: { phase: 'playing' } });
    room.command('ana', { kind: 'pause', positionMs: 10_000 }).command('ana', { kind: 'play' });
    expect(room.timeline.phase).toBe('playing');
  });

  it('[T-16][T-14] goes on without them when somebody asks for it', () => {
    const room = resting().command('ana', { kind: 'play' }).command('ben', { kind: 'go-on' });
    expect(room.timeline.phase).toBe('playing');
    expect(room.person('cem')?.footing).toBe('out');
  });

  it('[T-16] keeps waiting for the click of who turns out to be blocked', () => {
    const room = resting().command('ana', { kind: 'play' }).status('cem', 'autoplay-blocked');
    expect(waitedFor(room)).toEqual(['cem']);
    room.status('cem', 'item-missing');
    expect(room.timeline.phase).toBe('playing');
  });

  it('[T-16] rests again with a pause, and has not gone on without anybody by that', () => {
    const room = resting().command('ana', { kind: 'play' }).command('ana', { kind: 'pause', positionMs: 10_000 });
    expect(room.timeline).toMatchObject({ phase: 'paused', positionMs: 10_000 });
    expect(waitedFor(room.command('ana', { kind: 'play' }))).toEqual(['cem']);
  });

  it('[T-10][T-16] is not what a party begins with: that plays at once', () => {
    const room = watching().join('cem').status('cem', 'joining');
    expect(room.timeline.phase).toBe('playing');
    room.command('ana', { kind: 'media', media: { ...FILM, itemId: 'c'.repeat(32) }, positionMs: 0, play: false });
    expect(waitedFor(room.command('ana', { kind: 'play' }))).toEqual(['cem']);
  });
});
