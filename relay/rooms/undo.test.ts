import { describe, expect, it } from 'vitest';
import { UNDO_MERGE_MS } from '../../shared/limits.ts';
import { issue, restoring } from '../testing/kept.ts';
import { FILM, TestRoom, watching } from '../testing/rooms.ts';

const NEXT = { ...FILM, itemId: 'c'.repeat(32), title: 'Next' };
const at = (room: TestRoom, afterMs: number): TestRoom => {
  room.nowMs += afterMs;
  return room;
};
const undo = (room: TestRoom, by = 'ana'): TestRoom => room.command(by, { kind: 'undo' });

/** The film of `watching` plays since 1000 ms from its beginning; it is sought by Ben after 20 s. */
const sought = (): TestRoom => at(watching(), 20_000).command('ben', { kind: 'seek', positionMs: 300_000 });

describe('undo', () => {
  it('[R-15] takes a seek back to where the film was, for all, as a seek does', () => {
    const room = undo(at(sought(), 5000));
    expect(room.timeline).toMatchObject({ seq: 3, phase: 'preparing', positionMs: 20_000, media: FILM });
    expect(room.published('timeline')).toMatchObject([{ cause: 'undo', by: 'ana', id: 'c1', fromMs: 300_000 }]);
    expect(room.room.gate?.waitingFor).toEqual(['ana', 'ben']);
  });

  it('[R-15] leaves a film that rests at rest', () => {
    const room = sought().command('ben', { kind: 'pause', positionMs: 0 });
    expect(undo(room).timeline).toMatchObject({ phase: 'paused', positionMs: 20_000 });
  });

  it('[R-15] takes another item back, with its place and its speed', () => {
    const room = at(watching().command('ana', { kind: 'rate', rate: 1.5 }), 10_000);
    const fromMs = room.timeline.positionMs + 1.5 * (room.nowMs - room.timeline.atMs);
    room.command('ben', { kind: 'media', media: NEXT, positionMs: 0, play: true });
    expect(room.published('timeline')[0]?.fromMs).toBeCloseTo(fromMs);
    expect(room.timeline).toMatchObject({ media: NEXT, rate: 1 });
    undo(room);
    expect(room.timeline).toMatchObject({ phase: 'preparing', media: FILM, rate: 1.5 });
    expect(room.timeline.positionMs).toBeCloseTo(fromMs);
  });

  it('[R-15][Q-04] takes back what the queue put on', () => {
    const room = watching().manage('ben', { kind: 'queue-add', media: NEXT });
    at(room, (FILM.runtimeMs ?? 0) + 2000).input({ type: 'tick' });
    expect(room.published('timeline')).toMatchObject([{ cause: 'queue', fromMs: FILM.runtimeMs }]);
    expect(undo(room).timeline).toMatchObject({ media: FILM, positionMs: FILM.runtimeMs });
  });

  it('[R-15] is taken back by itself', () => {
    expect(undo(undo(sought())).timeline).toMatchObject({ positionMs: 300_000 });
    expect(undo(undo(undo(sought()))).timeline).toMatchObject({ positionMs: 20_000 });
  });

  it('[R-15] takes several seeks in a row of one member for one', () => {
    const skip = (gapMs: number, by = 'ben'): TestRoom =>
      at(sought(), gapMs).command(by, { kind: 'seek', positionMs: 330_000 });
    expect(undo(skip(UNDO_MERGE_MS)).timeline.positionMs).toBe(20_000);
    expect(undo(skip(UNDO_MERGE_MS + 1)).timeline.positionMs).toBe(300_000);
    expect(undo(skip(100, 'ana')).timeline.positionMs).toBe(300_000);
  });

  it('[R-15] goes back over all that moves nothing', () => {
    const room = sought().command('ana', { kind: 'go-on' }).command('ana', { kind: 'wait', waitMs: 0 });
    room.command('ana', { kind: 'pause', positionMs: 300_000 }).command('ben', { kind: 'play' });
    expect(undo(room).timeline.positionMs).toBe(20_000);
  });

  it('[R-15] has nothing to take back in the beginning, nor in a room that was opened anew', () => {
    expect(undo(watching()).refusal()).toBe('nothing-to-undo');
    const room = new TestRoom().input(restoring('ana', issue(sought())));
    room.input({ type: 'resume', member: 'ana', seat: 'ana-seat-1', seatNo: 1, nextSeat: 'n' });
    expect(undo(room).refusal()).toBe('nothing-to-undo');
  });

  it('[R-15][R-10] names the seq like any command, so that two who are quick undo once', () => {
    const room = undo(sought());
    room.command('ben', { kind: 'undo' }, 2);
    expect(room.refusal()).toBe('stale-command');
    expect(room.timeline.positionMs).toBe(20_000);
  });

  it('[R-15] where the film was is on the film, though the timeline runs on past the end', () => {
    const room = at(watching(), 10 * (FILM.runtimeMs ?? 0)).command('ben', { kind: 'seek', positionMs: 0 });
    expect(room.published('timeline')[0]?.fromMs).toBe(FILM.runtimeMs);
    expect(undo(room).timeline.positionMs).toBe(FILM.runtimeMs);
  });
});
