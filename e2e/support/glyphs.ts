/** A 5 x 7 bitmap font (capitals, digits, a few signs): ffmpeg's drawtext needs fonts that a test machine may lack. */
const ROWS = 7;
const COLUMNS = 5;
export const GLYPH_ADVANCE = COLUMNS + 1;

/** Seven rows of five pixels each, one base-32 digit a row. */
const GLYPHS: Record<string, string> = {
  ' ': '0000000',
  ':': '0440440',
  '.': '0000044',
  '-': '000v000',
  "'": '4400000',
  '0': 'ehjlphe',
  '1': '4c4444e',
  '2': 'eh1248v',
  '3': 'eh161he',
  '4': '26aiv22',
  '5': 'vgu11he',
  '6': '68guhhe',
  '7': 'v124888',
  '8': 'ehhehhe',
  '9': 'ehhf12c',
  A: 'ehhvhhh',
  B: 'uhhuhhu',
  C: 'ehggghe',
  D: 'uhhhhhu',
  E: 'vgguggv',
  F: 'vgguggg',
  G: 'ehgnhhe',
  H: 'hhhvhhh',
  I: 'e44444e',
  J: '72222ic',
  K: 'hikokih',
  L: 'ggggggv',
  M: 'hrllhhh',
  N: 'hhpljhh',
  O: 'ehhhhhe',
  P: 'uhhuggg',
  Q: 'ehhhlid',
  R: 'uhhukih',
  S: 'fgge11u',
  T: 'v444444',
  U: 'hhhhhhe',
  V: 'hhhhha4',
  W: 'hhhllla',
  X: 'hha4ahh',
  Y: 'hha4444',
  Z: 'v1248gv',
};

/** Calls `dot` for each lit pixel of the text, in font pixels from its top left corner. */
export function eachDot(text: string, dot: (x: number, y: number) => void): void {
  for (let index = 0; index < text.length; index += 1) {
    const rows = GLYPHS[(text[index] ?? ' ').toUpperCase()] ?? GLYPHS[' '] ?? '';
    for (let y = 0; y < ROWS; y += 1) {
      const bits = Number.parseInt(rows[y] ?? '0', 32);
      for (let x = 0; x < COLUMNS; x += 1) {
        if ((bits >> (COLUMNS - 1 - x)) & 1) dot(index * GLYPH_ADVANCE + x, y);
      }
    }
  }
}
