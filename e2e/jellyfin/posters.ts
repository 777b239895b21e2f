/** Posters, thumbnails and backdrops, painted by the same painter as the films and written as PNG. */
import { deflateSync, crc32 as zlibCrc32 } from 'node:zlib';
import { type Palette, Scene, toYuv } from '../support/scene.ts';

export type ImageShape = 'poster' | 'wide' | 'square';

const SIZES = { poster: [400, 600], wide: [960, 540], square: [128, 128] } as const;
const WHITE = toYuv([245, 245, 245]);
const cache = new Map<string, Buffer>();

export function picture(title: string, palette: Palette, seed: number, shape: ImageShape, caption: boolean): Buffer {
  const key = `${title}/${shape}/${caption}`;
  const made = cache.get(key) ?? paint(title, palette, seed, shape, caption);
  cache.set(key, made);
  return made;
}

function paint(title: string, palette: Palette, seed: number, shape: ImageShape, caption: boolean): Buffer {
  const [width, height] = SIZES[shape];
  const scene = new Scene(width, height, palette, seed);
  const yuv = new Uint8Array(scene.bytes);
  scene.paint(600, yuv);
  if (caption) {
    const lines = shape === 'poster' ? title.split(' ') : [title];
    const longest = Math.max(...lines.map((line) => Scene.textWidth(line, 1)));
    const size = Math.max(1, Math.min(7, Math.floor((width * 0.84) / longest)));
    for (const [index, line] of lines.entries()) {
      const left = Math.round((width - Scene.textWidth(line, size)) / 2);
      scene.text(yuv, line, left, Math.round(height * 0.74) + index * 10 * size, size, WHITE);
    }
  }
  return encodePng(yuv, width, height);
}

/** Rows of RGB behind a filter byte of 0, in one compressed chunk. */
function encodePng(yuv: Uint8Array, width: number, height: number): Buffer {
  const stride = width * 3 + 1;
  const rows = new Uint8ClampedArray(stride * height);
  const plane = width * height;
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const chroma = plane + (y >> 1) * (width / 2) + (x >> 1);
      const luma = 1.1644 * ((yuv[y * width + x] ?? 16) - 16);
      const u = (yuv[chroma] ?? 128) - 128;
      const v = (yuv[chroma + plane / 4] ?? 128) - 128;
      const at = y * stride + 1 + x * 3;
      rows[at] = luma + 1.7927 * v;
      rows[at + 1] = luma - 0.2132 * u - 0.5329 * v;
      rows[at + 2] = luma + 2.1124 * u;
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const frame = Buffer.alloc(body.length + 8);
  frame.writeUInt32BE(data.length, 0);
  frame.set(body, 4);
  frame.writeUInt32BE(zlibCrc32(body) >>> 0, body.length + 4);
  return frame;
}
