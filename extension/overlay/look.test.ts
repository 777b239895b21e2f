import { describe, expect, it } from 'vitest';
import { formatDuration, formatMeasured, formatNames, formatOffset, speakMeasured, speakOffset } from './format.ts';
import { translate as t } from './testing/translate.ts';
import { accentColours } from './theme.ts';

describe('accentColours', () => {
  it('takes Jellyfin’s blue when the page tells nothing usable', () => {
    for (const accent of [null, '', 'red; background: url(x)', 'rgb(a, b, c)']) {
      expect(accentColours(accent)).toEqual({ accent: 'rgb(0 164 220)', onAccent: 'rgb(16 16 16)' });
    }
  });

  it('writes on any accent in the colour that reads better', () => {
    expect(accentColours('rgb(20, 40, 120)').onAccent).toBe('rgb(255 255 255)');
    expect(accentColours('rgba(255 220 0 / 0.9)')).toEqual({ accent: 'rgb(255 220 0)', onAccent: 'rgb(16 16 16)' });
    expect(accentColours('#8800cc')).toEqual({ accent: 'rgb(136 0 204)', onAccent: 'rgb(255 255 255)' });
  });
});

describe('numbers and names', () => {
  it('have units, a sign and no more digits than mean something', () => {
    expect(formatOffset(4.4, t)).toBe('+4 ms');
    expect(formatOffset(-3.6, t)).toBe('−4 ms');
    expect(formatOffset(-0.3, t)).toBe('0 ms');
    expect(formatOffset(-1340, t)).toBe('−1.3 s');
    expect(formatDuration(5_000, t)).toBe('5 s');
  });

  it('come with their bound where it says something, rounded up and never zero', () => {
    expect(formatMeasured(3.2, 1.3, t)).toBe('+3 ±2 ms');
    expect(formatMeasured(-999, 0.02, t)).toBe('−999 ±1 ms');
    expect(formatMeasured(0.2, null, t)).toBe('0 ms');
    expect(formatMeasured(-1340, 2, t)).toBe('−1.3 s');
    expect(speakMeasured(-3, 1.3, t)).toBe('3 ms behind, give or take 2 ms');
    expect(speakMeasured(-1340, 2, t)).toBe('1.3 s behind');
  });

  it('are spoken as words', () => {
    expect(speakOffset(12, t)).toBe('12 ms ahead');
    expect(speakOffset(-1340, t)).toBe('1.3 s behind');
    expect(speakOffset(0.2, t)).toBe('On the spot');
    expect(formatNames(['Ana', 'Ben', 'Cleo'], t)).toBe('Ana, Ben, and Cleo');
  });
});
