import { randomUUID } from 'node:crypto';
import { parseArgs } from 'node:util';
import { MAX_NAME_LENGTH } from '../shared/limits.ts';
import { tidyText } from './auth/claims.ts';
import { loadOrCreateSecret } from './auth/secret.ts';
import { createTokens } from './auth/tokens.ts';
import { ConfigError, readConfig } from './config.ts';

const USAGE = 'Usage: npm run token -- --name Ana --ttl 12h   (ttl: a number and m, h or d)';
const UNIT_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 24 * 3_600_000 };

/** @returns ms. @throws Error when it is not a number and a unit. */
function parseTtlMs(text: string): number {
  const [, amount, unit = ''] = /^(\d{1,4})([mhd])$/.exec(text) ?? [];
  const unitMs = UNIT_MS[unit];
  if (amount === undefined || unitMs === undefined || Number(amount) === 0)
    throw new Error(`"${text}" is no duration.`);
  return Number(amount) * unitMs;
}

/** Prints an identity token for the relay whose secret this machine has. */
async function main(): Promise<void> {
  const options = { name: { type: 'string' }, ttl: { type: 'string', default: '1h' } } as const;
  const { values } = parseArgs({ options });
  const name = tidyText(values.name ?? '', MAX_NAME_LENGTH);
  if (name === '') throw new Error('A name is needed.');
  const config = readConfig();
  const secrets = config.secrets.length > 0 ? config.secrets : [loadOrCreateSecret(config.dataDir)];
  const identity = { sub: `${randomUUID()}@token`, name, verified: true };
  const token = await createTokens(secrets).mint('identity', identity, parseTtlMs(values.ttl));
  process.stdout.write(`${token}\n`);
}

main().catch((error: unknown) => {
  const problems = error instanceof ConfigError ? error.problems : [error instanceof Error ? error.message : '', USAGE];
  process.stderr.write(`${problems.join('\n')}\n`);
  process.exit(1);
});
