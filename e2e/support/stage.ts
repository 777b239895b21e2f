/** Relay, stand-in library and two browsers in one party, outside the test runner: for the demo and the measurements. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { ITEM_IDS, type Jellyfin, startJellyfin } from '../jellyfin/server.ts';
import { ensureMedia } from './media.ts';
import { Member } from './member.ts';
import { meet } from './party.ts';
import { ROOT } from './places.ts';
import { startRelayProcess } from './relay-process.ts';
import { launchSeat } from './seats.ts';
import { ensurePrograms } from './setup.ts';
import type { BrowserOptions } from './tab.ts';

export interface Stage {
  ana: Member;
  ben: Member;
  jellyfin: Jellyfin;
  relayUrl: string;
  link: string;
  close(): Promise<void>;
}

export interface StageOptions {
  headless: boolean;
  shots: string;
  tell(step: string): void;
}

/** Builds, starts and seats everybody. On return the film plays for both. */
export async function setStage({ headless, shots, tell }: StageOptions): Promise<Stage> {
  await ensurePrograms(['chromium', 'ffmpeg']);
  tell('Building the extension, making the films (the first time takes half a minute)');
  const [media] = await Promise.all([ensureMedia(), npmRun('build', '--mode', 'e2e')]);
  tell('Starting the stand-in library and the relay');
  const jellyfin = await startJellyfin({ media, ...realClient() });
  const relay = await startRelayProcess({ jellyfinUrls: [jellyfin.url] });
  tell('Opening two browsers');
  const seats = await Promise.all([0, 1].map((place) => launchSeat('chromium', windowOptions(place, headless))));
  const close = async (): Promise<void> => {
    await Promise.all(seats.map((seat) => seat.close()));
    await relay.close();
    await jellyfin.close();
  };
  try {
    const [first, second] = seats;
    if (!first || !second) throw new Error('two browsers expected');
    const ana = await Member.arrive({ name: 'ana', seat: first, server: jellyfin, shots });
    const ben = await Member.arrive({ name: 'ben', seat: second, server: jellyfin, shots });
    tell('Ana opens a film and starts a party; Ben follows her link');
    const link = await meet(ana, ben, ITEM_IDS.filmA, relay.url);
    return { ana, ben, jellyfin, relayUrl: relay.url, link, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function windowOptions(place: number, headless: boolean): Partial<BrowserOptions> {
  return headless ? { headless } : { headless, window: { left: place * 800, top: 0, width: 800, height: 640 } };
}

function realClient(): { webDist?: string; version?: string } {
  const webDist = process.env.JELLYFIN_WEB_DIST;
  const version = process.env.JELLYFIN_VERSION;
  return { ...(webDist ? { webDist } : {}), ...(version ? { version } : {}) };
}

/** Runs one of the project's npm scripts; its output is shown only when it fails. */
export async function npmRun(script: string, ...args: string[]): Promise<void> {
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const child = spawn(npm, ['run', '--silent', script, '--', ...args], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`npm run ${script} ended with ${code}:\n${output}`);
}

/** A person is watching: windows can be shown. */
export function hasDisplay(): boolean {
  if (process.platform !== 'linux') return process.env.CI === undefined;
  return Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
}
