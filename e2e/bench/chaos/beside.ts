/**
 * `tsx e2e/bench/chaos/beside.ts COMMAND`: two minutes of `npm run chaos`, which mostly waits, while the command runs,
 * which does not. Ends as the command does, and then as the chaos does.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { ROOT } from '../../support/places.ts';
import { print } from '../report.ts';

const CHAOS = fileURLToPath(new URL('main.ts', import.meta.url));
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
const [chaosCode] = (await chaosEnd) as [number | null];
print(said);
process.exit(chaosCode ?? 1);
