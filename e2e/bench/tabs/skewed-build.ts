/**
 * A copy of the extension whose content script lives by another clock. All pages of a bench share the machine's one clock, while
 * people's machines differ in offset and speed; so the copy's script sees a `performance` of its own. Nothing else is changed, and
 * the page, its video and what measures them keep the true clock.
 */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PageClock } from './conditions.ts';

export interface SkewedBuild {
  folder: string;
  remove(): Promise<void>;
}

/** @param build folder of an unpacked extension; it stays as it is. */
export async function skewBuild(build: string, clock: PageClock): Promise<SkewedBuild> {
  const folder = await mkdtemp(join(tmpdir(), 'osp-skewed-'));
  await cp(build, folder, { recursive: true });
  const script = join(folder, 'content.js');
  await writeFile(script, skewScript(await readFile(script, 'utf8'), clock));
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}

/**
 * Wraps a classic script so that its `performance` is the given clock. By a name around the script and not by changing the
 * page's object: that would need one way for Chromium's isolated world and another for Firefox's, and this cannot leak out.
 * A use of anything but `now()` throws, because it would be on another clock unnoticed.
 */
export function skewScript(script: string, { offsetMs, skewPpm }: PageClock): string {
  return `((performance) => {
${script}
})(((real) => {
  const now = () => ${offsetMs} + real.now() * ${1 + skewPpm / 1e6};
  const other = (_, name) => { throw new Error('the bench skews performance.now() only, not ' + String(name)); };
  return new Proxy({ now }, { get: (clock, name) => name === 'now' ? clock.now : other(clock, name) });
})(performance));
`;
}
