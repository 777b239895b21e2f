import { describe, expect, it } from 'vitest';
import { COUNTDOWN_MS, GATE_DEADLINE_MS, GATE_MEDIA_DEADLINE_MS, RUNTIME_SLACK_MS } from '../../shared/limits.ts';
import { FILM, type TestRoom, watching } from '../testing/rooms.ts';
import { wakeAtMs } from './room.ts';

const seeking = (): TestRoom => watching().command('ana', { kind: 'seek', positionMs: 60_000 });

describe('gate', () => {
  it('[T-07] holds the film at the new position until the followers are ready, then starts with a lead', () => {
    const room = seeking();
    expect(room.timeline).toMatchObject({ phase: 'preparing', positionMs: 60_000, seq: 2 });
    expect(room.published('timeline')[0]?.gate).toEqual({
      waitingFor: ['ana', 'ben'],
      deadlineAtMs: room.nowMs + GATE_DEADLINE_MS,
    });
    room.input({ type: 'ready', member: 'ana', seq: 2 }, 1500);
    expect(room.published('timeline')).toMatchObject([
      { cause: 'waiting', gate: { waitingFor: ['ben'] }, timeline: { seq: 2 } },
    ]);
    room.input({ type: 'ready', member: 'ben', seq: 2 }, 1800);
    expect(room.published('timeline')).toMatchObject([
      { cause: 'ready', by: null, gate: null, timeline: { phase: 'playing', seq: 3, positionMs: 60_000, atMs: 1870 } },
    ]);
  });

  it('[peer R-32][T-07] ready for an earlier position does not count, nor does a second ready', () => {
    const room = seeking().command('ben', { kind: 'seek', positionMs: 90_000 });
    room.input({ type: 'ready', member: 'ana', seq: 2 });
    expect(room.effects).toEqual([]);
    room.input({ type: 'ready', member: 'ana', seq: 3 }).input({ type: 'ready', member: 'ana', seq: 3 });
    expect(room.effects).toEqual([]);
    expect(room.room.gate?.waitingFor).toEqual(['ben']);
  });

  it('[T-07] ready counts although a change of speed has raised seq meanwhile', () => {
    const room = seeking().command('ben', { kind: 'rate', rate: 2 });
    room.input({ type: 'ready', member: 'ana', seq: 2 }).input({ type: 'ready', member: 'ben', seq: 3 });
    expect(room.timeline).toMatchObject({ phase: 'playing', rate: 2, positionMs: 60_000 });
  });

  it('[T-07] with nobody to wait for it starts at once', () => {
    const room = watching().status('ana', 'away').status('ben', 'joining');
    room.command('ana', { kind: 'seek', positionMs: 5 });
    expect(room.published('timeline')).toMatchObject([
      { cause: 'seek', gate: null, timeline: { phase: 'playing', seq: 2 } },
    ]);
  });

  it.each(['joining', 'away', 'other-item', 'item-missing', 'autoplay-blocked'] as const)(
    '[T-08] does not wait for a member who is %s',
    (state) => {
      const room = watching().status('ben', state).command('ana', { kind: 'seek', positionMs: 5 });
      expect(room.room.gate?.waitingFor).toEqual(['ana']);
    },
  );

  it.each(['away', 'item-missing', 'autoplay-blocked'] as const)(
    '[T-08] lets go of a member who turns out %s',
    (state) => {
      expect(seeking().status('ben', state).room.gate?.waitingFor).toEqual(['ana']);
    },
  );

  it('[T-08] goes on waiting for a member who is on the way to the new item', () => {
    expect(seeking().status('ben', 'other-item').status('ben', 'joining').room.gate?.waitingFor).toEqual([
      'ana',
      'ben',
    ]);
  });

  it('[peer R-32][T-08] starts when the last one waited for drops, leaves or comes back on a new page', () => {
    const waiting = (): TestRoom => seeking().input({ type: 'ready', member: 'ana', seq: 2 });
    expect(waiting().input({ type: 'drop', member: 'ben' }).timeline.phase).toBe('playing');
    expect(waiting().input({ type: 'leave', member: 'ben' }).timeline.phase).toBe('playing');
    const back = { type: 'resume', member: 'ben', seat: 'ben-seat-1', seatNo: 1, nextSeat: 'ben-seat-2' } as const;
    expect(waiting().input(back).timeline.phase).toBe('playing');
  });

  it('[peer R-32][T-09] ends by its deadline, without who is not ready', () => {
    const room = seeking();
    const deadlineMs = wakeAtMs(room.room) ?? 0;
    expect(deadlineMs).toBe(room.nowMs + GATE_DEADLINE_MS);
    expect(room.input({ type: 'tick' }, deadlineMs - 1).effects).toEqual([]);
    room.input({ type: 'tick' }, deadlineMs);
    expect(room.published('timeline')).toMatchObject([{ cause: 'deadline', timeline: { phase: 'playing', seq: 3 } }]);
    expect(wakeAtMs(room.room)).toBeNull();
  });

  it('[T-09] gives a new item more time', () => {
    const room = watching();
    room.command('ana', { kind: 'media', media: { ...FILM, itemId: 'c'.repeat(32) }, positionMs: 0, play: true });
    expect(room.room.gate?.deadlineAtMs).toBe(room.nowMs + GATE_MEDIA_DEADLINE_MS);
  });

  it('[R-13] ends with a pause, and a seek while paused needs none', () => {
    const room = seeking().command('ben', { kind: 'pause', positionMs: 12 });
    expect(room.room.gate).toBeNull();
    expect(room.timeline).toMatchObject({ phase: 'paused', positionMs: 60_000 });
    room.command('ana', { kind: 'seek', positionMs: 70_000 });
    expect(room.timeline).toMatchObject({ phase: 'paused', positionMs: 70_000 });
    expect(room.room.gate).toBeNull();
  });
});

describe('a countdown', () => {
  const NEXT = { ...FILM, itemId: 'c'.repeat(32) };
  /** The film of `watching` ended for Ana `earlyMs` before its runtime was over, and her player went on. */
  const endedEarly = (earlyMs: number, room = watching()): TestRoom => {
    room.nowMs = 1000 + FILM.runtimeMs - earlyMs;
    return room.command('ana', { kind: 'media', media: NEXT, positionMs: 0, play: true, ended: true });
  };
  const loaded = (room: TestRoom): TestRoom =>
    room
      .input({ type: 'ready', member: 'ana', seq: 2 }, room.nowMs + 300)
      .input({ type: 'ready', member: 'ben', seq: 2 }, room.nowMs + 300);

  it('[T-15] comes before the next item when one ended by itself, though all have loaded it', () => {
    const room = endedEarly(40);
    const soonestAtMs = room.nowMs + COUNTDOWN_MS;
    expect(room.published('timeline')).toMatchObject([
      {
        cause: 'media',
        gate: { waitingFor: ['ana', 'ben'], soonestAtMs },
        timeline: { phase: 'preparing', media: NEXT },
      },
    ]);
    loaded(room);
    expect(room.published('timeline')).toMatchObject([{ cause: 'waiting', gate: { waitingFor: [], soonestAtMs } }]);
    expect(wakeAtMs(room.room)).toBe(soonestAtMs);
    expect(room.input({ type: 'tick' }, soonestAtMs - 1).effects).toEqual([]);
    room.input({ type: 'tick' }, soonestAtMs);
    expect(room.published('timeline')).toMatchObject([{ cause: 'ready', gate: null, timeline: { phase: 'playing' } }]);
  });

  it('[T-15] that is over waits for who has not loaded, up to the deadline', () => {
    const room = endedEarly(0);
    const { nowMs } = room;
    room.input({ type: 'ready', member: 'ana', seq: 2 });
    expect(wakeAtMs(room.room)).toBe(nowMs + GATE_MEDIA_DEADLINE_MS);
    room.input({ type: 'ready', member: 'ben', seq: 2 }, nowMs + COUNTDOWN_MS + 1);
    expect(room.published('timeline')).toMatchObject([{ cause: 'ready', timeline: { phase: 'playing' } }]);
  });

  it('[T-15] ends with play for those who have loaded, and with go-on for all', () => {
    expect(loaded(endedEarly(0)).command('ben', { kind: 'play' }).timeline.phase).toBe('playing');
    const early = endedEarly(0).command('ben', { kind: 'play' });
    expect(early.room.gate).toMatchObject({ waitingFor: ['ana', 'ben'], soonestAtMs: null });
    expect(loaded(early).timeline.phase).toBe('playing');
    expect(endedEarly(0).command('ben', { kind: 'go-on' }).timeline.phase).toBe('playing');
  });

  it('[T-15] is stopped by a pause: the room stays at the beginning of the next item', () => {
    const room = loaded(endedEarly(0)).command('ben', { kind: 'pause', positionMs: 80 });
    expect(room.timeline).toMatchObject({ phase: 'paused', positionMs: 0, media: NEXT });
    expect(wakeAtMs(room.room)).toBeNull();
  });

  it('[T-15] is for parties: who is alone goes on as Jellyfin does', () => {
    const room = endedEarly(0, watching().input({ type: 'drop', member: 'ben' }));
    expect(room.room.gate).toMatchObject({ waitingFor: ['ana'], soonestAtMs: null });
  });

  it.each([
    [RUNTIME_SLACK_MS, 'accepted'],
    [RUNTIME_SLACK_MS + 1, 'refused'],
  ])('[T-15] an end %i ms before that of the room is %s', (earlyMs, what) => {
    const room = endedEarly(earlyMs);
    expect(room.effects.some((effect) => effect.type === 'reply')).toBe(what === 'refused');
    expect(room.timeline.media).toEqual(what === 'refused' ? FILM : NEXT);
  });
});
