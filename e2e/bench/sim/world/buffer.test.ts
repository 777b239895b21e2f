import { describe, expect, it } from 'vitest';
import { Buffer } from './buffer.ts';

/** A buffer that has filled up while the film stood. */
function full(): Buffer {
  const buffer = new Buffer(20_000, 2);
  buffer.restart(0, 1_000);
  buffer.settle(15_000, 0);
  return buffer;
}

describe('the buffer', () => {
  it('holds nothing until the first piece comes, and then fills up to its limit', () => {
    const buffer = new Buffer(20_000, 2);
    buffer.restart(500, 1_000);
    buffer.settle(300, 0);
    expect(buffer.aheadMs(499)).toBe(0);
    expect(buffer.aheadMs(500)).toBe(1_000);
    expect(buffer.aheadMs(1_500)).toBe(3_000);
    expect(buffer.aheadMs(60_000)).toBe(20_000);
  });

  it('drains by what the network lacks, and says when it will be dry', () => {
    const buffer = full();
    buffer.settle(15_000, 1, 0.5);
    expect(buffer.emptyInMs(15_000)).toBe(40_000);
    expect(buffer.aheadMs(25_000)).toBe(15_000);
    expect(buffer.aheadMs(55_000)).toBe(0);
  });

  it('never runs dry on a network that keeps up', () => {
    const buffer = full();
    buffer.settle(15_000, 1);
    expect(buffer.emptyInMs(15_000)).toBe(Number.POSITIVE_INFINITY);
    expect(buffer.aheadMs(90_000)).toBe(20_000);
  });

  it('says when there is enough to go on', () => {
    const buffer = full();
    buffer.settle(15_000, 1, 0);
    buffer.settle(35_000, 0, 0.5);
    expect(buffer.aheadMs(35_000)).toBe(0);
    expect(buffer.reachesInMs(35_000, 3_000)).toBe(6_000);
  });

  it('knows which steps stay within what is at hand, and what they leave', () => {
    const buffer = full();
    buffer.settle(15_000, 1);
    buffer.settle(20_000, 1);
    expect(buffer.reaches(20_000, 19_000)).toBe(true);
    expect(buffer.reaches(20_000, 19_900)).toBe(false);
    expect(buffer.reaches(20_000, -5_000)).toBe(true);
    expect(buffer.reaches(20_000, -5_001)).toBe(false);
    buffer.step(20_000, 10_000);
    expect(buffer.aheadMs(20_000)).toBe(10_000);
    expect(buffer.reaches(20_000, -15_000)).toBe(true);
  });
});
