/**
 * The test media, made by ffmpeg when first needed: `tsx e2e/support/media.ts [FOLDER]`, or `ensureMedia()`.
 *
 * Each item is 320 x 180 at 24 frames a second with a key frame each second, so seeks are cheap and exact, and each frame carries
 * its number (see frame-code.ts). The frames are painted here and piped to ffmpeg: its own drawing filters are far slower.
 */
import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { access, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { CODE, FPS, frameCells, PICTURE } from './frame-code.ts';
import { type Palette, Scene, toYuv } from './scene.ts';

export { FPS, FRAME_READER_SOURCE, type FrameStamp, readFrame } from './frame-code.ts';

export type MediaKey = 'filmA' | 'filmB' | 'filmHls' | 'filmProgressive' | 'episode1' | 'episode2' | 'episode3';

export interface MediaItem {
  key: MediaKey;
  /** The item number that {@link readFrame} gives. */
  tag: number;
  title: string;
  seconds: number;
  palette: Palette;
  toneHz: number;
}

export interface MediaFiles {
  dir: string;
  /** The mp4 of an item. */
  file: (key: MediaKey) => string;
  /** Folder with `main.m3u8`, `init.mp4` and `segN.m4s` (mp4), or `main.m3u8` and `segN.ts` (ts). */
  hls: (key: MediaKey, kind: 'mp4' | 'ts') => string;
}

export const SEGMENT_SECONDS = 3;
/** As films have it: Chromium starts sound in buffers of 1024 samples, so a start falls into a grid of 21 ms, not of 32. */
const TONE_RATE_HZ = 48_000;
const EVENING: Palette = {
  skyTop: [18, 32, 66],
  skyBottom: [232, 134, 92],
  disc: [255, 214, 150],
  light: [255, 232, 170],
  hills: [
    [86, 74, 104],
    [52, 50, 82],
    [24, 28, 52],
  ],
};
const PAPER: Palette = {
  skyTop: [60, 18, 44],
  skyBottom: [204, 78, 60],
  disc: [255, 226, 196],
  light: [255, 176, 74],
  hills: [
    [126, 44, 58],
    [84, 28, 48],
    [44, 14, 34],
  ],
};
const NIGHT: Palette = {
  skyTop: [6, 12, 30],
  skyBottom: [38, 104, 120],
  disc: [226, 238, 240],
  light: [150, 230, 220],
  hills: [
    [26, 66, 84],
    [16, 44, 62],
    [8, 24, 38],
  ],
};
const ORBIT: Palette = {
  skyTop: [10, 6, 32],
  skyBottom: [116, 70, 170],
  disc: [214, 190, 255],
  light: [255, 190, 230],
  hills: [
    [74, 48, 118],
    [48, 30, 88],
    [24, 14, 52],
  ],
};
const MORNING: Palette = {
  skyTop: [104, 168, 206],
  skyBottom: [246, 226, 186],
  disc: [255, 250, 220],
  light: [255, 255, 240],
  hills: [
    [128, 166, 140],
    [84, 130, 104],
    [44, 84, 70],
  ],
};

export const MEDIA: readonly MediaItem[] = [
  { key: 'filmA', tag: 1, title: 'Harbour Lights', seconds: 720, palette: EVENING, toneHz: 196 },
  { key: 'filmB', tag: 2, title: 'Paper Lanterns', seconds: 720, palette: PAPER, toneHz: 220 },
  { key: 'filmHls', tag: 3, title: 'Night Ferry', seconds: 200, palette: NIGHT, toneHz: 247 },
  { key: 'filmProgressive', tag: 4, title: 'Slow Orbit', seconds: 300, palette: ORBIT, toneHz: 262 },
  { key: 'episode1', tag: 5, title: 'Arrivals', seconds: 40, palette: MORNING, toneHz: 294 },
  { key: 'episode2', tag: 6, title: 'The Late Train', seconds: 40, palette: EVENING, toneHz: 330 },
  { key: 'episode3', tag: 7, title: 'Departures', seconds: 40, palette: NIGHT, toneHz: 392 },
];

/** @returns the number of an item, as its frames carry it. */
export const tagOf = (key: MediaKey): number | undefined => MEDIA.find((item) => item.key === key)?.tag;

const here = dirname(fileURLToPath(import.meta.url));
export const DEFAULT_MEDIA_DIR = resolve(here, '../.cache/media');
const RECIPE_FILE = 'recipe.txt';
const WHITE = toYuv([255, 255, 255]);
const BLACK = toYuv([0, 0, 0]);

/** Makes what is missing and answers where it lies. Safe to call from several processes at once. @param items to make. */
export async function ensureMedia(
  dir: string = DEFAULT_MEDIA_DIR,
  items: readonly MediaItem[] = MEDIA,
): Promise<MediaFiles> {
  const recipe = await recipeHash(items);
  const target = resolve(dir);
  if ((await readText(join(target, RECIPE_FILE))) !== recipe) await build(target, recipe, items);
  return {
    dir: target,
    file: (key) => join(target, `${key}.mp4`),
    hls: (key, kind) => join(target, `${key}-${kind}`),
  };
}

/** Built aside and moved into place whole: an interrupted run leaves nothing that looks finished. */
async function build(target: string, recipe: string, items: readonly MediaItem[]): Promise<void> {
  await mkdir(dirname(target), { recursive: true });
  const draft = await mkdtemp(`${target}-draft-`);
  try {
    // Two lanes of about equal length for two cores.
    const lanes = [items.filter((_, index) => index % 2 === 0), items.filter((_, index) => index % 2 === 1)];
    await Promise.all(
      lanes.map(async (lane) => {
        for (const item of lane) await make(item, draft);
      }),
    );
    await writeFile(join(draft, RECIPE_FILE), recipe);
    await rm(target, { recursive: true, force: true });
    await rename(draft, target);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    // Another process may have been quicker; then its result is as good as ours.
    if ((await readText(join(target, RECIPE_FILE))) !== recipe) throw error;
  }
}

async function make(item: MediaItem, draft: string): Promise<void> {
  const film = join(draft, `${item.key}.mp4`);
  await encode(item, film);
  await segment(film, join(draft, `${item.key}-mp4`), 'mp4');
  await segment(film, join(draft, `${item.key}-ts`), 'ts');
}

async function encode(item: MediaItem, file: string): Promise<void> {
  const { width, height } = PICTURE;
  const gop = String(FPS);
  const picture = ['-f', 'rawvideo', '-pix_fmt', 'yuv420p', '-s', `${width}x${height}`, '-r', `${FPS}`];
  const tone = `sine=f=${item.toneHz}:r=${TONE_RATE_HZ}:d=${item.seconds},tremolo=f=3:d=0.7,volume=0.5`;
  const video = ['-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '27', '-threads', '1', '-g', gop];
  const colours = ['-colorspace', 'bt709', '-color_primaries', 'bt709', '-color_trc', 'bt709'];
  const ffmpeg = spawn(
    'ffmpeg',
    ['-v', 'error', '-y', ...picture, '-i', 'pipe:0', '-f', 'lavfi', '-i', tone]
      .concat(video, ['-keyint_min', gop, '-sc_threshold', '0'], colours)
      .concat(['-c:a', 'aac', '-b:a', '40k', '-ac', '1', '-movflags', '+faststart', file]),
    { stdio: ['pipe', 'ignore', 'pipe'] },
  );
  let complaint = '';
  ffmpeg.stderr.on('data', (chunk: Buffer) => {
    complaint += chunk.toString();
  });
  // A dead ffmpeg shows as its exit code below; the broken pipe is only the echo of it.
  const poured = pipeline(Readable.from(frames(item)), ffmpeg.stdin).catch((error: Error) => {
    complaint += `${error.message}\n`;
  });
  const [[code]] = await Promise.all([once(ffmpeg, 'close') as Promise<[number | null]>, poured]);
  if (code !== 0) throw new Error(`ffmpeg failed on ${item.title} (${code}): ${complaint}`);
}

function* frames(item: MediaItem): Generator<Buffer> {
  const scene = new Scene(PICTURE.width, PICTURE.height, item.palette, item.tag);
  for (let frame = 0; frame < item.seconds * FPS; frame += 1) {
    const picture = Buffer.allocUnsafe(scene.bytes);
    scene.paint(frame, picture);
    stamp(scene, picture, item, frame);
    yield picture;
  }
}

function stamp(scene: Scene, picture: Uint8Array, item: MediaItem, frame: number): void {
  const { x, y, cell, columns, rows } = CODE;
  scene.rect(picture, x - 4, y - 4, columns * cell + 8, rows * cell + 8, BLACK);
  for (const [index, lit] of frameCells({ item: item.tag, frame }).entries()) {
    if (!lit) continue;
    const left = x + (index % columns) * cell;
    scene.rect(picture, left, y + Math.floor(index / columns) * cell, cell, cell, WHITE);
  }
  const below = y + rows * cell + 9;
  scene.text(picture, item.title, x - 4, below, 1, WHITE);
  scene.text(picture, timecode(frame), x - 4, below + 11, 1, WHITE);
}

function timecode(frame: number): string {
  const seconds = Math.floor(frame / FPS);
  const parts = [Math.floor(seconds / 60), seconds % 60, frame % FPS];
  return parts.map((part) => String(part).padStart(2, '0')).join(':');
}

async function segment(source: string, dir: string, kind: 'mp4' | 'ts'): Promise<void> {
  await mkdir(dir, { recursive: true });
  const names =
    kind === 'mp4'
      ? [
          '-hls_segment_type',
          'fmp4',
          '-hls_fmp4_init_filename',
          'init.mp4',
          '-hls_segment_filename',
          join(dir, 'seg%d.m4s'),
        ]
      : ['-hls_segment_type', 'mpegts', '-hls_segment_filename', join(dir, 'seg%d.ts')];
  await promisify(execFile)(
    'ffmpeg',
    ['-v', 'error', '-y', '-i', source, '-c', 'copy', '-f', 'hls', '-hls_time', `${SEGMENT_SECONDS}`]
      .concat(['-hls_playlist_type', 'vod', '-hls_list_size', '0'], names)
      .concat([join(dir, 'main.m3u8')]),
  );
}

/** Changes with the sources that decide what the media look like. */
async function recipeHash(items: readonly MediaItem[]): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify(items));
  for (const name of ['media.ts', 'scene.ts', 'glyphs.ts', 'frame-code.ts']) {
    hash.update(await readFile(join(here, name)));
  }
  return hash.digest('hex');
}

async function readText(file: string): Promise<string | null> {
  const there = await access(file).then(
    () => true,
    () => false,
  );
  return there ? readFile(file, 'utf8') : null;
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const startedAt = performance.now();
  const files = await ensureMedia(process.argv[2]);
  console.log(`media in ${files.dir} (${((performance.now() - startedAt) / 1000).toFixed(1)} s)`);
}
