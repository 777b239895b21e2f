/** What journeys claim about people's screens, each waiting until it is true. */
import { expect } from '@playwright/test';
import { FPS } from './frame-code.ts';
import { type MediaKey, tagOf } from './media.ts';
import type { Member } from './member.ts';
import { pictureOffsets, summarise } from './offsets.ts';
import { startRecording, takeRecording } from './sampler.ts';
import { until } from './tab.ts';

/** Between two headless browsers on two cores; the measurement (`npm run bench:tabs`) holds the finer number. */
const TOGETHER_MS = 100;
/** Pictures of both at hand; a headless browser on a busy machine shows only a few a second that can be paired. */
const LOOK_SAMPLES = 12;

/** The film of each of them moves, and they show the same moment of the same item. */
export async function expectTogether(a: Member, b: Member, patienceMs = 20_000): Promise<void> {
  await Promise.all([a.film.playing(), b.film.playing()]);
  await Promise.all([startRecording(a.tab), startRecording(b.tab)]);
  const recent: { atMs: number; offsetMs: number }[] = [];
  let last = Number.NaN;
  await until(
    `${a.name} and ${b.name} to see the same moment`,
    async () => {
      const [first, second] = await Promise.all([takeRecording(a.tab), takeRecording(b.tab)]);
      recent.push(...pictureOffsets(first, second));
      recent.splice(0, Math.max(0, recent.length - LOOK_SAMPLES));
      last = summarise(recent).medianMs;
      return recent.length >= LOOK_SAMPLES && last <= TOGETHER_MS ? true : null;
    },
    patienceMs,
  ).catch((error: Error) => {
    throw new Error(`${error.message}; last seen ${last.toFixed(0)} ms apart (${recent.length} samples)`);
  });
}

/** Both are paused on the very same picture. */
export async function expectSamePicture(a: Member, b: Member): Promise<void> {
  await Promise.all([a.film.paused(), b.film.paused()]);
  await expect
    .poll(async () => {
      const [first, second] = await Promise.all([a.film.frame(), b.film.frame()]);
      return first && second && first.item === second.item ? Math.abs(first.frame - second.frame) : null;
    }, `${a.name} and ${b.name} to rest on the same picture`)
    .toBeLessThanOrEqual(1);
}

/** The picture moves on for at least a second, at its speed, without anyone touching it. */
export async function expectFilmGoesOn(member: Member): Promise<void> {
  const first = await until('a picture', () => member.film.frame());
  await expect
    .poll(async () => {
      const now = await member.film.frame();
      return now && now.item === first.item ? now.frame - first.frame : null;
    }, `${member.name}'s film to go on`)
    .toBeGreaterThanOrEqual(FPS);
}

/** Which item is on the screen, read from the picture itself. */
export async function expectItem(member: Member, key: MediaKey): Promise<void> {
  const tag = tagOf(key);
  await expect
    .poll(async () => (await member.film.frame())?.item ?? null, { message: `${member.name} to see ${key}` })
    .toBe(tag);
}

/** Which position is on the screen, from the picture's own number, within half a second. */
export async function expectPosition(member: Member, seconds: number, toleranceSeconds = 0.5): Promise<void> {
  await expect
    .poll(
      async () => {
        const shown = await member.film.frame();
        return shown ? Math.abs(shown.frame / FPS - seconds) : null;
      },
      { message: `${member.name} to be at ${seconds} s`, timeout: 20_000 },
    )
    .toBeLessThanOrEqual(toleranceSeconds);
}
