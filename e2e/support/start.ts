/** `npm start`: builds both extensions, starts the relay with its defaults, and says what to load and where to click. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { ROOT } from './places.ts';
import { npmRun } from './stage.ts';

const print = (line = ''): void => {
  process.stdout.write(`${line}\n`);
};

function printGuide(address: string): void {
  print();
  print('1. Load the extension');
  print('   Chrome, Edge, Chromium: chrome://extensions, switch on "Developer mode", "Load unpacked", choose');
  print(`     ${join(ROOT, 'dist/chrome')}`);
  print('   Firefox: about:debugging#/runtime/this-firefox, "Load Temporary Add-on", choose');
  print(`     ${join(ROOT, 'dist/firefox/manifest.json')}`);
  print(
    '2. Open your Jellyfin in that browser, press the OpenSyncParty button in the toolbar and allow it on this site.',
  );
  print('3. Play a film, press the people button in the player, "Start a party". The relay address is');
  print(`     ${address}`);
  print('   The relay below prints a pairing code; set OSP_JELLYFIN_URLS to your Jellyfin and nobody needs one.');
  print('4. "Copy invite link" and send it. Others need to reach this relay: see the README about OSP_PUBLIC_URL.');
  print();
}

async function main(): Promise<void> {
  print('Building the extension for Chrome and Firefox');
  await npmRun('build');
  printGuide(`http://localhost:${process.env.OSP_PORT ?? '8787'}`);
  const relay = spawn(process.execPath, ['--import', 'tsx', 'relay/main.ts'], { cwd: ROOT, stdio: 'inherit' });
  // Ctrl-C reaches the relay by itself (same terminal); a plain kill has to be passed on.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => relay.kill('SIGTERM'));
  const [code] = (await once(relay, 'exit')) as [number | null];
  process.exitCode = code ?? 0;
}

await main().catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
