import { describe, expect, it } from 'vitest';
import { filesNaming, readCases } from './cases.ts';

/** The list that the cases come from has gaps. */
const range = (first: number, last: number): string[] =>
  Array.from({ length: last - first + 1 }, (_, index) => `R-${String(first + index).padStart(2, '0')}`);
const ALL = [...range(1, 39), ...range(40, 46), ...range(50, 54), ...range(60, 62)];

const named = (ending: RegExp): Set<string> => new Set([...filesNaming(ending).values()].flatMap((ids) => [...ids]));

describe('docs/SECURITY.md', () => {
  const cases = readCases();
  const [byUnit, byJourney] = [named(/\.test\.tsx?$/), named(/\.spec\.ts$/)];

  it('answers for every case, once and in order', () => {
    expect(cases.map(({ id }) => id)).toEqual(ALL);
  });

  it.each(cases)('$id is where it says it is', ({ id, how, reason }) => {
    expect(byUnit.has(id)).toBe(how === 'tested');
    if (how === 'journey') expect(byJourney).toContain(id);
    if (how === 'words') expect(reason.length).toBeGreaterThan(20);
  });

  it('leaves no test naming a case that there is not', () => {
    for (const id of [...byUnit, ...byJourney]) expect(ALL).toContain(id);
  });
});
