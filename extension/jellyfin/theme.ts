import { SELECTORS } from './selectors.ts';

/** @returns the theme's accent colour as the page computes it (null while nothing shows it), and whether it is a light theme. */
export function readTheme(document: Document): { accent: string | null; light: boolean } {
  const view = document.defaultView;
  if (!view) return { accent: null, light: false };
  const samples = SELECTORS.accents.map((selector) => document.querySelector(selector));
  const colors = samples.map((sample) => (sample ? view.getComputedStyle(sample).backgroundColor : ''));
  const accent = colors.find((color) => color !== '' && alphaOf(color) === 1) ?? null;
  // The player makes the page's background transparent, but a light theme keeps its dark text.
  const text = channelsOf(view.getComputedStyle(document.documentElement).color);
  return { accent, light: text.length >= 3 && luminance(text) < 0.5 };
}

function channelsOf(color: string): number[] {
  return color.startsWith('rgb') ? (color.match(/[\d.]+/g) ?? []).map(Number) : [];
}

function alphaOf(color: string): number {
  const channels = channelsOf(color);
  return channels.length === 0 ? 0 : (channels[3] ?? 1);
}

/** Rough lightness from 0 (black) to 1 (white): enough to tell two kinds of themes apart. */
function luminance([red = 0, green = 0, blue = 0]: number[]): number {
  return (0.3 * red + 0.59 * green + 0.11 * blue) / 255;
}
