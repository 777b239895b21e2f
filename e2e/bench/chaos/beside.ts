/**
 * `tsx e2e/bench/chaos/beside.ts COMMAND`: two minutes of `npm run chaos`, which mostly waits, while the command runs,
 * which does not. Ends as the command does, and then as the chaos does, which has four minutes more at most.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { ROOT } from '../../support/places.ts';
import { print } from '../report.ts';

const CHAOS = fileURLToPath(new URL('main.ts', import.meta.url));
/** Its two minutes, a fault that is under way when they are over, and a slow machine. */
const PATIENCE_MS = 240_000;
const FORM = ['--minutes', '2', '--rooms', '12'];

const chaos = spawn(process.execPath, ['--import', 'tsx', CHAOS, ...FORM], {
  cwd: ROOT,
  stdio: ['ignore', 'pipe', 'pipe'],
});
let said = '';
for (const stream of [chaos.stdout, chaos.stderr]) {
  stream.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
}
const chaosEnd = once(chaos, 'exit');
process.once('exit', () => chaos.kill());

const command = spawn(process.argv.slice(2).join(' '), { shell: true, stdio: 'inherit' });
const [code] = (await once(command, 'exit')) as [number | null];
if (code !== 0) process.exit(code ?? 1);
print('Chaos, beside all that:');
// One that does not end is killed, and so fails: what it said until then shows where it was.
const overdue = setTimeout(() => chaos.kill('SIGKILL'), PATIENCE_MS);
const [chaosCode] = (await chaosEnd) as [number | null];
clearTimeout(overdue);
print(said);
process.exit(chaosCode ?? 1);
