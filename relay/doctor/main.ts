import { parseArgs } from 'node:util';
import { diagnose } from './diagnose.ts';
import type { Finding } from './finding.ts';

const USAGE = `Usage: npm run doctor -- https://party.example.org [--token <identity>]
  --token  an identity, as \`npm run token\` prints it: then tokens and invite links are tried too`;

const MARKS: Record<Finding['verdict'], string> = {
  fine: 'ok   ',
  look: 'look ',
  broken: 'FAIL ',
  'left out': '-    ',
};

/** @returns the relay's base URL; the address of a socket or of a link will do. */
function baseOf(text: string): URL {
  const url = new URL(/^\w+:\/\//.test(text) ? text.replace(/^ws/, 'http') : `https://${text}`);
  if (!/^https?:$/.test(url.protocol)) throw new Error(`${text} is no web address.`);
  const path = url.pathname.replace(/\/(v1|join)\/.*$/, '').replace(/\/+$/, '');
  return new URL(`${url.protocol}//${url.host}${path}`);
}

/** Prints one line for each check, and below it what to do. Exit code 1 when something is broken. */
async function main(): Promise<void> {
  const { values, positionals } = parseArgs({ options: { token: { type: 'string' } }, allowPositionals: true });
  const [address] = positionals;
  if (address === undefined || positionals.length > 1) throw new Error('One address is needed.');
  for await (const { check, verdict, says, fix } of diagnose(baseOf(address), values.token ?? null)) {
    process.stdout.write(`${MARKS[verdict]} ${check}: ${says}\n`);
    if (fix !== null) process.stdout.write(`      ${fix}\n`);
    if (verdict === 'broken') process.exitCode = 1;
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n${USAGE}\n`);
  process.exitCode = 2;
});
