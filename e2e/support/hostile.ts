/** `npm run test:hostile`: every security case with its outcome, or why there is none. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { casesIn, filesNaming, readCases } from './cases.ts';
import { ROOT } from './places.ts';

interface Report {
  testResults: { assertionResults: { status: string; title: string }[] }[];
}

const { values } = parseArgs({ options: { messages: { type: 'string' }, seed: { type: 'string' } } });
const outcomes = runTests(values);
let failures = 0;
for (const { id, what, how, reason } of readCases()) {
  const found = outcomes.get(id);
  const isFailed = how === 'tested' && (found === undefined || found.failed > 0);
  failures += isFailed ? 1 : 0;
  const passed = `pass (${found?.passed} tests)`;
  const said = how === 'tested' ? (isFailed ? `FAIL (${found?.failed ?? 'no'} tests)` : passed) : reason;
  console.log(`${id}  ${said.padEnd(16)}  ${what}`);
}
if (failures > 0) process.exitCode = 1;

/** @returns tests passed and failed by the case they name. */
function runTests({ messages, seed }: typeof values): Map<string, { passed: number; failed: number }> {
  const folder = mkdtempSync(join(tmpdir(), 'osp-hostile-'));
  const report = join(folder, 'report.json');
  const files = [...filesNaming(/\.test\.tsx?$/).keys()];
  const vitest = join(ROOT, 'node_modules/vitest/vitest.mjs');
  const reporters = ['--reporter=dot', '--reporter=json', `--outputFile.json=${report}`];
  const { status } = spawnSync(
    process.execPath,
    [vitest, 'run', '--project', 'unit', '-t', '\\[peer R-', ...reporters, ...files],
    {
      cwd: ROOT,
      stdio: 'inherit',
      env: {
        ...process.env,
        ...(messages === undefined ? {} : { OSP_FUZZ_MESSAGES: messages }),
        ...(seed === undefined ? {} : { OSP_FUZZ_SEED: seed }),
      },
    },
  );
  // Errors outside of any test count too.
  if (status !== 0) process.exitCode = 1;
  const { testResults } = JSON.parse(readFileSync(report, 'utf8')) as Report;
  rmSync(folder, { recursive: true });
  const outcomes = new Map<string, { passed: number; failed: number }>();
  for (const { status, title } of testResults.flatMap(({ assertionResults }) => assertionResults)) {
    for (const id of status === 'passed' || status === 'failed' ? casesIn(title) : []) {
      const counts = outcomes.get(id) ?? { passed: 0, failed: 0 };
      counts[status as 'passed' | 'failed'] += 1;
      outcomes.set(id, counts);
    }
  }
  return outcomes;
}
