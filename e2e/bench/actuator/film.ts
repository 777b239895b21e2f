/** The two short films of this bench, made by ffmpeg when first needed. What is to be heard in them is exactly known. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from '../../support/places.ts';
import { requireProgram } from '../../support/programs.ts';
import { PULSE, TONE } from './audio.ts';

export type FilmName = 'tone' | 'pulses';

const SECONDS = 60;
const RATE_HZ = 48_000;

/** The pulse that audio.ts looks for, over a noise that gives a time stretcher something to match. */
function pulsesExpression(): string {
  const { periodS, lengthS, fromHz, toHz, amplitude } = PULSE;
  const t = `mod(t,${periodS})`;
  const sweep = `${fromHz}*${t}+${(toHz - fromHz) / (2 * lengthS)}*pow(${t},2)`;
  const pulse = `lt(${t},${lengthS})*pow(sin(PI*${t}/${lengthS}),2)*sin(2*PI*(${sweep}))`;
  return `0.05*(2*random(0)-1)+${amplitude}*${pulse}`;
}

const SOUNDS: Record<FilmName, string> = {
  tone: `aevalsrc='${TONE.amplitude}*sin(2*PI*${TONE.hz}*t)':s=${RATE_HZ}:d=${SECONDS}`,
  pulses: `aevalsrc='${pulsesExpression()}':s=${RATE_HZ}:d=${SECONDS}`,
};

const argumentsFor = (name: FilmName, file: string): string[] => [
  ...['-v', 'error', '-y', '-f', 'lavfi', '-i', `testsrc2=s=320x180:r=24:d=${SECONDS}`],
  ...['-f', 'lavfi', '-i', SOUNDS[name], '-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-g', '24'],
  // Lossless, so that the noise floor is the browser's.
  ...['-c:a', 'flac', '-strict', '-2', '-ac', '1', '-movflags', '+faststart', file],
];

/** Makes the film if it is not there yet. @returns its path. */
export async function ensureFilm(name: FilmName): Promise<string> {
  const recipe = createHash('sha256').update(argumentsFor(name, '').join(' ')).digest('hex').slice(0, 12);
  const file = resolve(ROOT, 'e2e/.cache/actuator', `${name}-${recipe}.mp4`);
  const isThere = await access(file).then(
    () => true,
    () => false,
  );
  if (!isThere) await make(name, file);
  return file;
}

/** Built aside and moved into place whole: an interrupted run leaves nothing that looks finished. */
async function make(name: FilmName, file: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const draft = await mkdtemp(join(dirname(file), 'draft-'));
  try {
    const made = join(draft, 'film.mp4');
    await promisify(execFile)(await requireProgram('ffmpeg'), argumentsFor(name, made));
    await rename(made, file);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}
