import { expect, it } from 'vitest';
import { formatPosition } from './format-position.ts';

it.each([
  [0, '0:00'],
  [59_999, '0:59'],
  [185_000, '3:05'],
  [3_723_000, '1:02:03'],
])('writes %i ms as %s', (ms, text) => {
  expect(formatPosition(ms)).toBe(text);
});
