import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Agenda } from './agenda.ts';

describe('the agenda', () => {
  it('does things in order of time, and those of one instant in the order they were planned', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 20 }), { maxLength: 60 }), (instants) => {
        const agenda = new Agenda();
        const done: { atMs: number; planned: number }[] = [];
        instants.forEach((atMs, planned) => {
          agenda.at(atMs, () => done.push({ atMs: agenda.now(), planned }));
        });
        agenda.runUntil(20);
        const wanted = instants
          .map((atMs, planned) => ({ atMs, planned }))
          .sort((a, b) => a.atMs - b.atMs || a.planned - b.planned);
        expect(done).toEqual(wanted);
      }),
    );
  });

  it('leaves out what was cancelled, and keeps what is planned meanwhile', () => {
    const agenda = new Agenda();
    const done: string[] = [];
    const cancelled = agenda.at(5, () => done.push('cancelled'));
    agenda.at(2, () => {
      agenda.cancel(cancelled);
      agenda.after(1, () => done.push('meanwhile'));
    });
    agenda.at(9, () => done.push('too late'));
    agenda.runUntil(8);
    expect(done).toEqual(['meanwhile']);
    expect(agenda.now()).toBe(8);
  });
});
