/** Finds the programs that the journeys, the demo and the tests of proxies need, and says how to get the missing ones. */
import { access, constants } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';

export type Program = 'chromium' | 'firefox' | 'ffmpeg' | 'haproxy' | 'nginx' | 'caddy';

/** Do not run on Windows, and the tests of them are left out there. */
export const PROXIES = ['haproxy', 'nginx', 'caddy'] as const satisfies readonly Program[];

interface Lookup {
  /** Setting that names the executable outright, if there is one. */
  variable: string | null;
  names: readonly string[];
  /** Places outside PATH, by platform. */
  places: Partial<Record<NodeJS.Platform, readonly string[]>>;
  debianPackages: readonly string[];
  hints: Partial<Record<NodeJS.Platform, string>>;
}

/** Branded Chrome is not listed: since version 137 it ignores `--load-extension`. */
const LOOKUPS: Record<Program, Lookup> = {
  chromium: {
    variable: 'CHROMIUM_PATH',
    names: ['chromium', 'chromium-browser', 'google-chrome-for-testing', 'chrome-for-testing'],
    places: {
      darwin: [
        '/Applications/Chromium.app/Contents/MacOS/Chromium',
        '/Applications/Google Chrome for Testing.app/Contents/MacOS/Google Chrome for Testing',
      ],
      win32: ['C:\\Program Files\\Chromium\\Application\\chrome.exe'],
    },
    debianPackages: ['chromium', 'chromium-sandbox'],
    hints: { darwin: 'brew install --cask chromium', win32: 'winget install Hibbiki.Chromium' },
  },
  firefox: {
    variable: 'FIREFOX_PATH',
    names: ['firefox-esr', 'firefox'],
    places: {
      darwin: ['/Applications/Firefox.app/Contents/MacOS/firefox'],
      win32: ['C:\\Program Files\\Mozilla Firefox\\firefox.exe'],
    },
    debianPackages: ['firefox-esr'],
    hints: { darwin: 'brew install --cask firefox', win32: 'winget install Mozilla.Firefox' },
  },
  ffmpeg: {
    variable: null,
    names: ['ffmpeg'],
    places: {},
    debianPackages: ['ffmpeg'],
    hints: { darwin: 'brew install ffmpeg', win32: 'winget install Gyan.FFmpeg' },
  },
  haproxy: {
    variable: 'HAPROXY_PATH',
    names: ['haproxy'],
    // Debian's place for daemons, which is not on the PATH of everybody.
    places: { linux: ['/usr/sbin/haproxy'] },
    debianPackages: ['haproxy'],
    hints: { darwin: 'brew install haproxy' },
  },
  nginx: {
    variable: 'NGINX_PATH',
    names: ['nginx'],
    places: { linux: ['/usr/sbin/nginx'] },
    debianPackages: ['nginx-light'],
    hints: { darwin: 'brew install nginx' },
  },
  caddy: {
    variable: 'CADDY_PATH',
    names: ['caddy'],
    places: {},
    debianPackages: ['caddy'],
    hints: { darwin: 'brew install caddy' },
  },
};

async function isExecutable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}

/** @returns the program's full path, or null when it is not on this machine. */
export async function findProgram(program: Program): Promise<string | null> {
  const lookup = LOOKUPS[program];
  const named = lookup.variable === null ? undefined : process.env[lookup.variable];
  if (named) return named;
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const folders = (process.env.PATH ?? '').split(delimiter).filter(isAbsolute);
  const onPath = lookup.names.flatMap((name) => folders.map((folder) => join(folder, `${name}${suffix}`)));
  for (const candidate of [...onPath, ...(lookup.places[process.platform] ?? [])]) {
    if (await isExecutable(candidate)) return candidate;
  }
  return null;
}

/** @throws Error that says how to install the program. */
export async function requireProgram(program: Program): Promise<string> {
  const found = await findProgram(program);
  if (!found) throw new Error(installHint(program));
  return found;
}

export const debianPackagesFor = (program: Program): readonly string[] => LOOKUPS[program].debianPackages;

export function installHint(program: Program): string {
  const { variable, debianPackages, hints } = LOOKUPS[program];
  const command = hints[process.platform] ?? `sudo apt-get install ${debianPackages.join(' ')} (or your system's like)`;
  const elsewhere = variable === null ? '' : ` Or name it: ${variable}=/path/to/${program}`;
  return `${program} is missing. Install it: ${command}.${elsewhere}`;
}
