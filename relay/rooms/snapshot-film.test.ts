import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { positionAt } from '../../shared/timeline.ts';
import { issue } from '../testing/kept.ts';
import { FILM, watching } from '../testing/rooms.ts';
import { type FilmNow, type FilmReport, filmNow } from './snapshot.ts';

describe('where the film goes on', () => {
  const snapshot = issue(watching());
  const said = (positionMs: number, atMs = 1000, seq = 1, epoch = 1, member = 'ana'): FilmReport => ({
    member,
    film: { epoch, seq, phase: 'playing', positionMs, rate: 1, media: FILM },
    atMs,
  });
  const rested = (positionMs: number): FilmReport => {
    const report = said(positionMs);
    return { ...report, film: { ...report.film, phase: 'paused' } };
  };
  /** The relay's clock says 1000, and by the time of day 3000 ms have passed since the snapshot at position 0. */
  const at = (reports: FilmReport[], elapsedMs = 3000): number =>
    filmNow(snapshot, reports, elapsedMs, 1000).positionMs;

  it.each([
    ['nobody says: by the time of day', [], 3000, 3000],
    ['who watched on knows better', [said(3120)], 3000, 3120],
    ['a report is carried on to now', [said(3000, 900)], 3000, 3100],
    ['of several the one in the middle', [said(3000), said(3100), said(3050)], 3000, 3050],
    ['a report of an older timeline does not count', [said(4000, 1000, 0), said(4000, 1000, 1, 0)], 3000, 3000],
    ['one of a newer timeline does, wherever it is', [said(3100), said(90_000, 900, 2)], 3000, 90_100],
    ['of several newer ones the newest', [said(70_000, 1000, 3), said(90_000, 1000, 2)], 3000, 70_000],
    ['of several of the newest the one in the middle', [said(9, 1000, 2), said(1, 1000, 2), said(5, 1000, 2)], 3000, 5],
    ['a later epoch is newer, with another number', [said(70_000, 1000, 3), said(90_000, 1000, 2, 2)], 3000, 90_000],
    ['a later epoch with the same number is the same', [said(90_000, 1000, 1, 2), said(3100)], 3000, 3100],
    ['numbers that are made up do not count', [said(90_000, 1000, 2e6), said(90_000, 1000, 2, 2e6)], 3000, 3000],
    ['nor does who was not there any more', [said(90_000, 1000, 2, 1, 'eve')], 3000, 3000],
    ['a report that is far out does not count beside a likely one', [said(90_000), said(3100)], 3000, 3100],
    [
      'the clock was put forward: who agree decide, of two the one further on',
      [said(3000), said(3100)],
      3_600_000,
      3100,
    ],
    ['the clock was put back: who agree decide', [said(13_000), said(13_200), said(13_100)], -3_600_000, 13_100],
    ['who disagree, and with the clock too, decide nothing', [said(90_000), said(900_000)], 3000, 3000],
    ['nobody was ever before the snapshot', [said(0)], 3_600_000, 0],
    ['the clock was put back and nobody says', [], -50_000, 0],
  ])('[S-06] %s', (_, reports, elapsedMs, expected) => {
    expect(at(reports, elapsedMs)).toBeCloseTo(expected, 6);
  });

  it.each<[string, FilmReport[], FilmNow['phase'], number]>([
    ['rests where it was left', [], 'paused', 0],
    [
      'rests where those who kept it know it to have been',
      [rested(8_000), rested(9_000), rested(9_500)],
      'paused',
      9_000,
    ],
    ['goes on for those who never stopped', [said(3_700_000), rested(9_000)], 'playing', 3_700_000],
    ['is not set back by who knows less', [rested(-5)], 'paused', 0],
  ])('[S-10] of another evening the film %s', (_, reports, phase, positionMs) => {
    expect(filmNow(snapshot, reports, 3_700_000, 1000)).toMatchObject({ phase, positionMs });
  });

  it('[S-10] who comes back to where they left it is no witness beside who watched on', () => {
    expect(filmNow(snapshot, [rested(500), said(3100)], 3000, 1000)).toMatchObject({
      phase: 'playing',
      positionMs: 3100,
    });
    expect(filmNow(snapshot, [rested(500)], 3000, 1000)).toMatchObject({ phase: 'paused', positionMs: 500 });
    const later = [{ ...rested(500), film: { ...rested(500).film, seq: 2 } }, said(3100, 1000, 2)];
    expect(filmNow(snapshot, later, 3000, 1000)).toMatchObject({ phase: 'playing', positionMs: 3100 });
  });

  it('[S-05] is as new as the newest epoch in which somebody knows it, unless that is made up', () => {
    expect(filmNow(snapshot, [said(3100), said(3100, 1000, 1, 3)], 3000, 1000)).toMatchObject({ epoch: 3, seq: 1 });
    expect(filmNow(snapshot, [said(3100), said(3100, 1000, 1, 2e6)], 3000, 1000)).toMatchObject({ epoch: 1, seq: 1 });
    expect(filmNow(snapshot, [{ ...rested(500), film: { ...rested(500).film, epoch: 2 } }], 3000, 1000)).toMatchObject({
      epoch: 2,
      phase: 'paused',
    });
  });

  it('[S-10] a film that was being prepared when all left rests, too', () => {
    const seeking = issue(watching().command('ana', { kind: 'seek', positionMs: 9000 }));
    expect(filmNow(seeking, [], 86_400_000, 1000)).toMatchObject({ phase: 'paused', positionMs: 9000 });
  });

  it('[S-06] nobody who went on watching is moved, whatever the clock was set to', () => {
    const clock = fc.integer({ min: -86_400_000, max: 86_400_000 });
    const downMs = fc.integer({ min: 100, max: 600_000 });
    const errors = fc.array(fc.integer({ min: -30, max: 30 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(clock, downMs, errors, (stepMs, down, errorsMs) => {
        const film = positionAt(watching().timeline, 1000 + down);
        const position = at(
          errorsMs.map((errorMs) => said(film + errorMs)),
          down + stepMs,
        );
        expect(Math.abs(position - film)).toBeLessThanOrEqual(30);
      }),
    );
  });
});
