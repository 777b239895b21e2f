/**
 * Paints the test films: a sky, hills that pass by, drifting lights. Planar YUV 4:2:0 straight into a buffer, by runs of
 * equal pixels and never pixel by pixel, so that twelve minutes are painted in a few seconds.
 */
import { eachDot, GLYPH_ADVANCE } from './glyphs.ts';

export type Rgb = readonly [number, number, number];

export interface Palette {
  skyTop: Rgb;
  skyBottom: Rgb;
  disc: Rgb;
  light: Rgb;
  hills: readonly [Rgb, Rgb, Rgb];
}

interface Yuv {
  y: number;
  u: number;
  v: number;
}

interface Run {
  from: number;
  to: number;
}

interface Ridge {
  /** Runs of covered columns for each row from `top` down, within one period. */
  rows: Run[][];
  top: number;
  period: number;
  pixelsPerFrame: number;
  colour: Yuv;
}

/** BT.709, limited range, as the media is tagged. */
export function toYuv([r, g, b]: Rgb): Yuv {
  return {
    y: Math.round(16 + 0.1826 * r + 0.6142 * g + 0.062 * b),
    u: Math.round(128 - 0.1006 * r - 0.3386 * g + 0.4392 * b),
    v: Math.round(128 + 0.4392 * r - 0.3989 * g - 0.0403 * b),
  };
}

const mix = (a: Rgb, b: Rgb, t: number): Rgb => [
  a[0] + (b[0] - a[0]) * t,
  a[1] + (b[1] - a[1]) * t,
  a[2] + (b[2] - a[2]) * t,
];

export class Scene {
  readonly width: number;
  readonly height: number;
  readonly #sky: Uint8Array;
  readonly #ridges: Ridge[];
  readonly #palette: Palette;
  readonly #unit: number;
  readonly #seed: number;

  constructor(width: number, height: number, palette: Palette, seed: number) {
    this.width = width;
    this.height = height;
    this.#palette = palette;
    this.#unit = height / 180;
    this.#seed = seed;
    this.#sky = this.#paintSky();
    this.#ridges = palette.hills.map((colour, index) => this.#makeRidge(index, toYuv(colour)));
  }

  get bytes(): number {
    return (this.width * this.height * 3) / 2;
  }

  paint(frame: number, out: Uint8Array): void {
    out.set(this.#sky);
    const unit = this.#unit;
    const drift = Math.sin(frame / 900 + this.#seed);
    const disc = { x: this.width * (0.66 + 0.12 * drift), y: unit * (62 + 8 * drift) };
    this.#disc(out, disc.x, disc.y, 20 * unit, toYuv(this.#palette.disc));
    const [back, middle, front] = this.#ridges;
    if (back) this.#ridge(out, back, frame);
    if (middle) this.#ridge(out, middle, frame);
    this.#lights(out, frame);
    if (front) this.#ridge(out, front, frame);
  }

  rect(out: Uint8Array, x: number, y: number, width: number, height: number, colour: Yuv): void {
    for (let row = y; row < y + height; row += 1) this.#span(out, row, x, x + width, colour);
  }

  text(out: Uint8Array, text: string, x: number, y: number, size: number, colour: Yuv): void {
    eachDot(text, (dx, dy) => this.rect(out, x + dx * size, y + dy * size, size, size, colour));
  }

  static textWidth(text: string, size: number): number {
    return (text.length * GLYPH_ADVANCE - 1) * size;
  }

  #paintSky(): Uint8Array {
    const sky = new Uint8Array(this.bytes);
    const { skyTop, skyBottom, light } = this.#palette;
    for (let row = 0; row < this.height; row += 1) {
      this.#span(sky, row, 0, this.width, toYuv(mix(skyTop, skyBottom, row / this.height)));
    }
    const star = toYuv(mix(skyTop, light, 0.45));
    const size = Math.max(1, Math.round(this.#unit));
    for (let index = 0; index < 40; index += 1) {
      const x = Math.floor(((index * 0.618 + this.#seed * 0.137) % 1) * this.width);
      const y = Math.floor(((index * 0.377 + this.#seed * 0.291) % 1) * this.height * 0.5);
      this.rect(sky, x, y, size, size, star);
    }
    return sky;
  }

  #makeRidge(index: number, colour: Yuv): Ridge {
    const unit = this.#unit;
    const period = Math.round(640 * unit);
    const base = (106 + index * 24) * unit;
    const swing = (15 - index * 3) * unit;
    const tops = Array.from({ length: period }, (_, x) => {
      const turn = (x / period) * Math.PI * 2;
      const wave = Math.sin(turn * (2 + index) + this.#seed) + 0.5 * Math.sin(turn * (5 + index * 3) + this.#seed * 2);
      return Math.round(base - (swing * wave) / 1.5);
    });
    const top = Math.min(...tops);
    const rows = Array.from({ length: this.height - top }, (_, row) => runsWhere(tops, (y) => y <= top + row));
    return { rows, top, period, colour, pixelsPerFrame: (0.25 + index * 0.45) * unit };
  }

  #ridge(out: Uint8Array, ridge: Ridge, frame: number): void {
    const shift = Math.floor(frame * ridge.pixelsPerFrame) % ridge.period;
    for (const [row, runs] of ridge.rows.entries()) {
      for (const run of runs) {
        this.#span(out, ridge.top + row, run.from - shift, run.to - shift, ridge.colour);
        this.#span(out, ridge.top + row, run.from - shift + ridge.period, run.to - shift + ridge.period, ridge.colour);
      }
    }
  }

  #lights(out: Uint8Array, frame: number): void {
    const colour = toYuv(this.#palette.light);
    const unit = this.#unit;
    for (let index = 0; index < 7; index += 1) {
      const speed = (0.35 + (index % 3) * 0.2) * unit;
      const x = (((index * 97 + this.#seed * 31) * unit + frame * speed) % (this.width + 40 * unit)) - 20 * unit;
      const y = (92 + (index % 4) * 16) * unit + Math.sin(frame / 30 + index * 1.7) * 5 * unit;
      this.#disc(out, x, y, (2 + (index % 3)) * unit, colour);
    }
  }

  #disc(out: Uint8Array, x: number, y: number, radius: number, colour: Yuv): void {
    for (let row = Math.ceil(y - radius); row <= y + radius; row += 1) {
      const half = Math.sqrt(radius * radius - (row - y) ** 2);
      this.#span(out, row, Math.round(x - half), Math.round(x + half), colour);
    }
  }

  /** One run of one colour in one row; the chroma planes follow on even rows. */
  #span(out: Uint8Array, row: number, from: number, to: number, colour: Yuv): void {
    const start = Math.max(0, from);
    const end = Math.min(this.width, to);
    if (row < 0 || row >= this.height || end <= start) return;
    out.fill(colour.y, row * this.width + start, row * this.width + end);
    if (row % 2 === 1) return;
    const half = this.width / 2;
    const plane = this.width * this.height;
    const line = plane + (row / 2) * half;
    out.fill(colour.u, line + (start >> 1), line + ((end + 1) >> 1));
    out.fill(colour.v, line + plane / 4 + (start >> 1), line + plane / 4 + ((end + 1) >> 1));
  }
}

function runsWhere(values: readonly number[], covered: (value: number) => boolean): Run[] {
  const runs: Run[] = [];
  for (const [index, value] of values.entries()) {
    if (!covered(value)) continue;
    const last = runs.at(-1);
    if (last && last.to === index) last.to = index + 1;
    else runs.push({ from: index, to: index + 1 });
  }
  return runs;
}
