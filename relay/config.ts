import { BlockList, isIP } from 'node:net';
import { IDENTITY_TTL_MS, MAX_MEMBERS } from '../shared/limits.ts';
import { type AddressLimits, DEFAULT_ADDRESS_LIMITS } from './limits/address-limits.ts';

/** HS256 needs a key at least as long as its hash. */
const MIN_SECRET_BYTES = 32;
/** Any 32 random letters have more than these many different ones; what is typed to fill a field does not. */
const MIN_SECRET_LETTERS = 8;

/** @returns what is wrong with a secret, in words that go after its name; null when it will do. */
export function secretProblem(secret: string): string | null {
  if (Buffer.byteLength(secret) < MIN_SECRET_BYTES) return `is too short: it needs at least ${MIN_SECRET_BYTES} bytes`;
  return new Set(secret).size < MIN_SECRET_LETTERS ? 'is too easily guessed' : null;
}

/** A setting that is a whole number. */
interface Count {
  variable: string;
  least: number;
  most: number;
  usual: number;
}

/** Each member is about 200 bytes of every welcome to the room: more would not fit what a slow reader may pile up. */
const MEMBERS: Count = { variable: 'OSP_MAX_MEMBERS', least: 2, most: 1_000, usual: MAX_MEMBERS };

const MINUTE_MS = 60_000;
/** What is vouched for is renewed at two thirds of its time, and the relay looks for what has ended once a minute. */
const IDENTITY_MINUTES: Count = {
  variable: 'OSP_IDENTITY_MINUTES',
  least: 1,
  most: 1_440,
  usual: IDENTITY_TTL_MS / MINUTE_MS,
};

/** Long enough not to be guessed, and of what an Authorization header carries as it is. */
const METRICS_TOKEN = /^[\w.-]{16,}$/;

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const;

/** Everything a relay can be told. Frozen at start; nothing else reads the environment. */
export interface Config {
  host: string;
  /** 0 lets the system choose. */
  port: number;
  /** The first signs, all verify. Empty: one is kept in `dataDir`. */
  secrets: readonly string[];
  /** Base URLs without trailing slash; the only servers the relay ever calls. Empty: hosts pair with a code. */
  jellyfinUrls: readonly string[];
  allowedOrigins: readonly string[];
  /** Peers whose X-Forwarded-* headers are believed. */
  trustedProxies: BlockList;
  /** Base of invite links without trailing slash; null: taken from the request. */
  publicUrl: string | null;
  dataDir: string;
  socket: 'uws' | 'ws';
  logLevel: (typeof LOG_LEVELS)[number];
  addressLimits: AddressLimits;
  /** People in one room. */
  maxMembers: number;
  /** How long somebody whom Jellyfin vouched for is taken to be that person until it is asked again, in ms. */
  identityMs: number;
  /** Lets its bearer read `/metrics`; null: only this machine may. */
  metricsToken: string | null;
}

/** All that is wrong with the settings, in words a self-hoster can act on. */
export class ConfigError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

type Env = Readonly<Record<string, string | undefined>>;

/**
 * Reads the settings.
 * @param env where from; the process's environment unless a test says otherwise.
 * @throws ConfigError naming every problem at once.
 */
export function readConfig(env: Env = process.env): Config {
  const problems: string[] = [];
  const config: Config = {
    host: env.OSP_HOST?.trim() || '0.0.0.0',
    port: readPort(env.OSP_PORT, problems),
    secrets: readSecrets(env.OSP_SECRET, problems),
    jellyfinUrls: list(env.OSP_JELLYFIN_URLS).map((url) => readUrl('OSP_JELLYFIN_URLS', url, problems)),
    allowedOrigins: list(env.OSP_ALLOWED_ORIGINS).map((origin) => readOrigin(origin, problems)),
    trustedProxies: readProxies(list(env.OSP_TRUSTED_PROXIES), problems),
    publicUrl: env.OSP_PUBLIC_URL?.trim() ? readUrl('OSP_PUBLIC_URL', env.OSP_PUBLIC_URL.trim(), problems) : null,
    dataDir: env.OSP_DATA_DIR?.trim() || '.data',
    socket: readChoice('OSP_SOCKET', env.OSP_SOCKET, ['uws', 'ws'] as const, 'uws', problems),
    logLevel: readChoice('OSP_LOG_LEVEL', env.OSP_LOG_LEVEL, LOG_LEVELS, 'info', problems),
    addressLimits: DEFAULT_ADDRESS_LIMITS,
    maxMembers: readCount(MEMBERS, env.OSP_MAX_MEMBERS, problems),
    identityMs: readCount(IDENTITY_MINUTES, env.OSP_IDENTITY_MINUTES, problems) * MINUTE_MS,
    metricsToken: readMetricsToken(env.OSP_METRICS_TOKEN, problems),
  };
  if (problems.length > 0) throw new ConfigError(problems);
  return Object.freeze(config);
}

const list = (text: string | undefined): string[] =>
  (text ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');

function readPort(text: string | undefined, problems: string[]): number {
  if (!text?.trim()) return 8787;
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  problems.push(`OSP_PORT must be a number from 0 to 65535, not "${text}".`);
  return 0;
}

function readCount({ variable, least, most, usual }: Count, text: string | undefined, problems: string[]): number {
  if (!text?.trim()) return usual;
  const count = Number(text);
  if (Number.isInteger(count) && count >= least && count <= most) return count;
  problems.push(`${variable} must be a number from ${least} to ${most}, not "${text}".`);
  return usual;
}

function readSecrets(text: string | undefined, problems: string[]): string[] {
  const secrets = list(text);
  if (secrets.length > 2)
    problems.push('OSP_SECRET takes one secret, or two separated by a comma while you change it.');
  const problem = secrets.map(secretProblem).find((found) => found !== null);
  if (problem) problems.push(`OSP_SECRET ${problem}. Make one with: openssl rand -base64 48`);
  return secrets;
}

function readMetricsToken(text: string | undefined, problems: string[]): string | null {
  const token = text?.trim() ?? '';
  if (token !== '' && !METRICS_TOKEN.test(token)) {
    problems.push('OSP_METRICS_TOKEN needs 16 or more letters, digits or _.-. Make one with: openssl rand -hex 24');
  }
  return token || null;
}

function readUrl(variable: string, text: string, problems: string[]): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url && /^https?:$/.test(url.protocol) && !url.search && !url.hash && !url.username && !url.password) {
    return (url.origin + url.pathname).replace(/\/+$/, '');
  }
  problems.push(`${variable} must hold addresses such as https://example.org/path, not "${text}".`);
  return text;
}

function readOrigin(text: string, problems: string[]): string {
  const extension = /^(chrome|moz)-extension:\/\/[a-z0-9-]+\/?$/i.exec(text);
  if (extension) return text.toLowerCase().replace(/\/$/, '');
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url && /^https?:$/.test(url.protocol) && url.pathname === '/') return url.origin;
  problems.push(
    `OSP_ALLOWED_ORIGINS must hold origins such as https://example.org or chrome-extension://<id>, not "${text}".`,
  );
  return text;
}

function readProxies(entries: readonly string[], problems: string[]): BlockList {
  const proxies = new BlockList();
  for (const entry of entries) {
    if (!addProxy(proxies, entry)) {
      problems.push(`OSP_TRUSTED_PROXIES must hold addresses or ranges such as 10.0.0.0/8, not "${entry}".`);
    }
  }
  return proxies;
}

function addProxy(proxies: BlockList, entry: string): boolean {
  const [address = '', prefix] = entry.split('/');
  const version = isIP(address);
  if (version === 0) return false;
  const family = version === 6 ? 'ipv6' : 'ipv4';
  const bits = prefix === undefined ? (version === 6 ? 128 : 32) : Number(prefix);
  if (prefix === '' || !Number.isInteger(bits) || bits < 0 || bits > (version === 6 ? 128 : 32)) return false;
  proxies.addSubnet(address, bits, family);
  return true;
}

function readChoice<T extends string>(
  variable: string,
  text: string | undefined,
  choices: readonly T[],
  fallback: T,
  problems: string[],
): T {
  if (!text?.trim()) return fallback;
  const choice = choices.find((candidate) => candidate === text.trim());
  if (choice === undefined) problems.push(`${variable} must be one of ${choices.join(', ')}, not "${text}".`);
  return choice ?? fallback;
}
