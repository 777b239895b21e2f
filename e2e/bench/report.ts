/** What the benches share: percentiles, a table on the console, and `--json FILE`. */
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';

/** @returns the value that this share (0 to 1) of the values does not exceed; null when there are none. */
export function quantile(values: readonly number[], share: number): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? null;
}

export const median = (values: readonly number[]): number | null => quantile(values, 0.5);

/** @returns the number rounded for people and files; null stays null. */
export const rounded = (value: number | null, digits: number): number | null =>
  value === null ? null : Number(value.toFixed(digits));

export type Cell = string | number | null;

export const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

/** Prints rows under their headings, numbers to the right; what was not measured shows as a dash. */
export function printTable(headings: readonly string[], rows: readonly (readonly Cell[])[]): void {
  const texts = [headings, ...rows].map((row) => row.map((cell) => String(cell ?? '-')));
  const widths = headings.map((_, column) => Math.max(...texts.map((row) => row[column]?.length ?? 0)));
  for (const row of texts) {
    const padded = row.map((text, i) => (i === 0 ? text.padEnd(widths[i] ?? 0) : text.padStart(widths[i] ?? 0)));
    print(`  ${padded.join('  ')}`);
  }
}

/** Further options of a bench, each with a value: `--name VALUE`. */
export type OptionValues = Readonly<Record<string, string | undefined>>;

/**
 * Runs a bench from the command line and writes its figures to the file after `--json`, if one is given.
 * @param names of the options it takes besides. @param flagNames of those without a value; `flags` holds the ones given.
 */
export async function runBench(
  bench: (options: OptionValues, flags: ReadonlySet<string>) => Promise<object> | object,
  names: readonly string[] = [],
  flagNames: readonly string[] = [],
): Promise<void> {
  try {
    const known = [
      ...['json', ...names].map((name) => [name, { type: 'string' }] as const),
      ...flagNames.map((name) => [name, { type: 'boolean' }] as const),
    ];
    const given = Object.entries(parseArgs({ options: Object.fromEntries(known) }).values);
    const values: OptionValues = Object.fromEntries(
      given.flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
    );
    const figures = await bench(values, new Set(given.flatMap(([name, value]) => (value === true ? [name] : []))));
    if (values.json) await writeFile(values.json, `${JSON.stringify(figures, null, 2)}\n`);
  } catch (error) {
    process.stderr.write(`\nThe measurement could not go on: ${error instanceof Error ? error.message : error}\n`);
    process.exitCode = 1;
  }
}
