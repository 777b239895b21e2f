/**
 * The frame code: two rows of twelve black or white cells burnt into each frame of the test media. It says which item
 * and which frame is on the screen, and survives scaling, lossy video and a darkening gradient over the picture.
 *
 * Bits, most significant first: item (4), frame (16), check (4). The check is the XOR of the five nibbles and 0xA, so the
 * code is never all black nor all white, and a reader always finds both levels to set its threshold by.
 */
export const FPS = 24;
export const PICTURE = { width: 320, height: 180 } as const;
export const CODE = { x: 12, y: 28, cell: 12, columns: 12, rows: 2 } as const;

const BITS = 24;
const MAX_ITEM = 0xf;
const MAX_FRAME = 0xffff;

export interface FrameStamp {
  item: number;
  frame: number;
}

/** The 24 cells for one frame, row by row, true = white. */
export function frameCells(stamp: FrameStamp): boolean[] {
  if (stamp.item < 0 || stamp.item > MAX_ITEM || stamp.frame < 0 || stamp.frame > MAX_FRAME) {
    throw new RangeError(`frame code out of range: item ${stamp.item}, frame ${stamp.frame}`);
  }
  const data = (stamp.item << 16) | stamp.frame;
  const check = ((data >> 16) ^ (data >> 12) ^ (data >> 8) ^ (data >> 4) ^ data ^ 0xa) & 0xf;
  const word = (data << 4) | check;
  return Array.from({ length: BITS }, (_, index) => ((word >>> (BITS - 1 - index)) & 1) === 1);
}

/**
 * Reads the code from RGBA pixels that hold the whole picture (no bars around it) at any size. Null when there is no
 * valid code in it. It is self-contained on purpose, without inner functions or outside names: its source text also
 * runs inside pages (see {@link FRAME_READER_SOURCE}), where a bundler's helpers do not exist.
 */
export function readFrame(pixels: ArrayLike<number>, width: number, height: number): FrameStamp | null {
  const levels: number[] = [];
  let darkest = 255;
  let lightest = 0;
  for (let index = 0; index < 24; index += 1) {
    const left = 12 + (index % 12) * 12;
    const top = 28 + Math.floor(index / 12) * 12;
    let sum = 0;
    for (let point = 0; point < 9; point += 1) {
      // Nine points of the inner part: the edges of a cell are blurred by scaling.
      const x = Math.floor(((left + 4 + (point % 3) * 2) * width) / 320);
      const y = Math.floor(((top + 4 + Math.floor(point / 3) * 2) * height) / 180);
      const at = (Math.min(y, height - 1) * width + Math.min(x, width - 1)) * 4;
      sum += 0.3 * (pixels[at] ?? 0) + 0.59 * (pixels[at + 1] ?? 0) + 0.11 * (pixels[at + 2] ?? 0);
    }
    const level = sum / 9;
    levels.push(level);
    darkest = Math.min(darkest, level);
    lightest = Math.max(lightest, level);
  }
  if (lightest - darkest < 50) return null;
  const threshold = (lightest + darkest) / 2;
  let word = 0;
  for (const level of levels) word = (word << 1) | (level > threshold ? 1 : 0);
  const data = word >> 4;
  const check = ((data >> 16) ^ (data >> 12) ^ (data >> 8) ^ (data >> 4) ^ data ^ 0xa) & 0xf;
  return check === (word & 0xf) ? { item: (data >> 16) & 0xf, frame: data & 0xffff } : null;
}

/**
 * Text of an expression for `page.evaluate`: a function (video) => { item, frame } | null that reads what the element shows
 * now. It draws at the size of the media itself and takes only the rows down to the code, so that it costs next to nothing:
 * each whole picture is 230 KB more for the page to clear away.
 */
export const FRAME_READER_SOURCE = `((video) => {
  const readFrame = ${readFrame.toString()};
  if (!video || video.readyState < 2) return null;
  const canvas = (window.__frameCanvas ??= Object.assign(document.createElement('canvas'), { width: 320, height: 180 }));
  const context = canvas.getContext('2d', { willReadFrequently: true });
  context.drawImage(video, 0, 0, 320, 180);
  return readFrame(context.getImageData(0, 0, 320, ${CODE.y + CODE.rows * CODE.cell}).data, 320, 180);
})`;
