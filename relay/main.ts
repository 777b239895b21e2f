import { setFlagsFromString } from 'node:v8';
import { type Relay, startRelay } from './app.ts';
import { type Config, ConfigError, readConfig } from './config.ts';

/** A relay that has not stopped by itself by then is stopped. */
const EXIT_DEADLINE_MS = 5_000;

/**
 * V8 doubles the room for new objects when a crowd comes in and keeps it. A relay makes little garbage once they are in, so a
 * small room costs it nothing and saves about 1 KiB for each of 10,000 members. It can be set only before it has grown.
 */
setFlagsFromString('--semi-space-growth-factor=1');

/**
 * Nor does it hurry to give back what they needed to come in: it waits until the heap has grown to several times what is in use,
 * and each of 10,000 members held 3.5 to 4.4 KiB for half a minute and longer. At this pace it is 2.6, for no CPU that could be
 * measured.
 */
setFlagsFromString('--heap-growing-percent=30');

/**
 * So small a room is cleared by one thread in less time than it takes several to share the work: a tenth of what the return of
 * 2,000 members cost was that.
 */
setFlagsFromString('--no-parallel-scavenge');

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

async function main(): Promise<void> {
  const config = readConfig();
  let isUp = false;
  const sayCode = (code: string): void => say(`Pairing code for the next host: ${code}`);
  const relay = await startRelay({ ...config, onPairingCode: (code) => isUp && sayCode(code) });
  isUp = true;
  welcome(relay, config);
  const code = relay.pairingCode();
  if (code !== null) sayCode(code);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop(relay));
}

function welcome(relay: Relay, config: Config): void {
  say(`OpenSyncParty relay: ${config.publicUrl ?? relay.url}`);
  if (config.jellyfinUrls.length > 0) {
    say(`Hosts sign in with their Jellyfin account on: ${config.jellyfinUrls.join(', ')}`);
  } else {
    say('No Jellyfin server is set (OSP_JELLYFIN_URLS), so a host needs the code below. Guests need an invite link.');
  }
}

async function stop(relay: Relay): Promise<void> {
  setTimeout(() => process.exit(1), EXIT_DEADLINE_MS).unref();
  await relay.close();
  process.exit(0);
}

main().catch((error: unknown) => {
  const lines =
    error instanceof ConfigError ? error.problems : [error instanceof Error ? error.message : String(error)];
  for (const line of lines) process.stderr.write(`${line}\n`);
  process.exit(1);
});
