import { describe, expect, it } from 'vitest';
import { CODE, FRAME_READER_SOURCE, type FrameStamp, frameCells, PICTURE, readFrame } from './frame-code.ts';

interface Look {
  width: number;
  height: number;
  dark?: number;
  light?: number;
}

/** The picture as a browser would hand it over: RGBA, at some size, with some loss of contrast. */
function picture(stamp: FrameStamp, { width, height, dark = 16, light = 235 }: Look): Uint8ClampedArray {
  const pixels = new Uint8ClampedArray(width * height * 4).fill(90);
  const cells = frameCells(stamp);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const column = Math.floor(((x * PICTURE.width) / width - CODE.x) / CODE.cell);
      const row = Math.floor(((y * PICTURE.height) / height - CODE.y) / CODE.cell);
      if (column < 0 || column >= CODE.columns || row < 0 || row >= CODE.rows) continue;
      pixels.fill(cells[row * CODE.columns + column] ? light : dark, (y * width + x) * 4, (y * width + x) * 4 + 3);
    }
  }
  return pixels;
}

describe('readFrame', () => {
  it.each([
    { width: 320, height: 180 },
    { width: 160, height: 90 },
    { width: 1280, height: 720 },
    { width: 1013, height: 571 },
    { width: 320, height: 180, dark: 10, light: 90 },
  ])('reads what was painted: %j', (look) => {
    for (const stamp of [
      { item: 1, frame: 0 },
      { item: 7, frame: 17_279 },
      { item: 15, frame: 65_535 },
    ]) {
      expect(readFrame(picture(stamp, look), look.width, look.height)).toEqual(stamp);
    }
  });

  it('finds nothing in a plain picture or in a damaged code', () => {
    const look = { width: 320, height: 180 };
    expect(readFrame(new Uint8ClampedArray(320 * 180 * 4).fill(60), 320, 180)).toBeNull();
    const pixels = picture({ item: 1, frame: 1000 }, look);
    for (let y = CODE.y; y < CODE.y + CODE.cell; y += 1) {
      for (let x = CODE.x; x < CODE.x + CODE.cell; x += 1) pixels.fill(255, (y * 320 + x) * 4, (y * 320 + x) * 4 + 3);
    }
    expect(readFrame(pixels, 320, 180)).toBeNull();
  });

  it('refuses numbers that do not fit', () => {
    expect(() => frameCells({ item: 16, frame: 0 })).toThrow(RangeError);
    expect(() => frameCells({ item: 0, frame: 65_536 })).toThrow(RangeError);
  });

  it('can be sent into a page as text', () => {
    expect(FRAME_READER_SOURCE).not.toContain('__name');
    expect(() => new Function(`return ${FRAME_READER_SOURCE}`)).not.toThrow();
  });
});
