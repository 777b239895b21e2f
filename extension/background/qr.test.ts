import { describe, expect, it } from 'vitest';
import { drawQr } from './qr.ts';

const darkOf = (path: string): Set<string> =>
  new Set([...path.matchAll(/M(\d+) (\d+)h1v1h-1z/g)].map(([, x, y]) => `${x},${y}`));

describe('the QR code of an invite', () => {
  const { size, path } = drawQr(`https://party.example.org/join/${'a'.repeat(22)}#${'x'.repeat(300)}`);
  const dark = darkOf(path);

  it('has its three finders, and the white that scanners need around it', () => {
    const finder = (left: number, top: number): boolean[] =>
      [0, 6].flatMap((at) =>
        [0, 1, 2, 3, 4, 5, 6].flatMap((along) => [
          dark.has(`${left + along},${top + at}`),
          dark.has(`${left + at},${top + along}`),
        ]),
      );
    for (const [left, top] of [
      [4, 4],
      [size - 11, 4],
      [4, size - 11],
    ] as const) {
      expect(finder(left, top).every(Boolean)).toBe(true);
      expect(dark.has(`${left + 1},${top + 1}`)).toBe(false);
    }
    const outside = [...dark].filter((at) => at.split(',').some((n) => Number(n) < 4 || Number(n) >= size - 4));
    expect(outside).toEqual([]);
  });

  it('is another one for another text', () => {
    expect(drawQr('https://party.example.org/join/b').path).not.toBe(drawQr('https://party.example.org/join/c').path);
  });
});
