/** The security cases that docs/SECURITY.md answers for, and the tests that name them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './places.ts';

/** How a case is dealt with, as its row says. */
export interface Case {
  /** As in "R-07". */
  id: string;
  what: string;
  /** `tested`: by tests of `npm run unit`; `journey`: by one in a browser; `words`: why no test here names it. */
  how: 'tested' | 'journey' | 'words';
  reason: string;
}

const ROW = /^\| (R-\d\d) \| (.+?) \| (.+) \|$/gm;

/** @returns the rows of the table, in order. */
export function readCases(): Case[] {
  const page = readFileSync(join(ROOT, 'docs/SECURITY.md'), 'utf8');
  return [...page.matchAll(ROW)].map(([, id = '', what = '', reason = '']) => ({
    id,
    what,
    how: reason.startsWith('tested') ? 'tested' : reason.startsWith('journey') ? 'journey' : 'words',
    reason,
  }));
}

/** @returns files of the project whose names end so, and which cases they name. */
export function filesNaming(ending: RegExp): Map<string, Set<string>> {
  const files = ['relay', 'shared', 'extension', 'e2e'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((path) => ending.test(path) && !path.includes('node_modules'))
      .map((path) => `${folder}/${path}`),
  );
  return new Map(
    files.flatMap((file) => {
      const ids = casesIn(readFileSync(join(ROOT, file), 'utf8'));
      return ids.size > 0 ? [[file, ids] as const] : [];
    }),
  );
}

/** @returns the cases that a test's title, or a file of tests, names as `[peer R-07]`. */
export const casesIn = (text: string): Set<string> =>
  new Set([...text.matchAll(/\[peer (R-\d\d)\]/g)].map(([, id = '']) => id));
