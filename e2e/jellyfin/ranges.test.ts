import { describe, expect, it } from 'vitest';
import { parseRange } from './ranges.ts';

describe('parseRange', () => {
  it.each([
    [undefined, { type: 'whole' }],
    ['bytes=0-', { type: 'part', start: 0, end: 99 }],
    ['bytes=10-19', { type: 'part', start: 10, end: 19 }],
    ['bytes=90-500', { type: 'part', start: 90, end: 99 }],
    ['bytes=-10', { type: 'part', start: 90, end: 99 }],
    ['bytes=-500', { type: 'part', start: 0, end: 99 }],
    ['bytes=100-', { type: 'unsatisfiable' }],
    ['bytes=-0', { type: 'unsatisfiable' }],
    ['bytes=20-10', { type: 'whole' }],
    ['bytes=0-1,5-6', { type: 'whole' }],
    ['items=0-1', { type: 'whole' }],
    ['bytes=-', { type: 'whole' }],
  ])('reads %s of 100 bytes', (header, expected) => {
    expect(parseRange(header, 100)).toEqual(expected);
  });
});
