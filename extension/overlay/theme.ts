/** Jellyfin's own accent, when the page does not tell one. */
const DEFAULT_ACCENT: Rgb = [0, 164, 220];
const INK: Rgb = [16, 16, 16];
const PAPER: Rgb = [255, 255, 255];

type Rgb = readonly [number, number, number];

/**
 * The accent and the text colour that reads better on it: white on Jellyfin's blue is only 2.9:1.
 * @param accent the page's accent as a computed colour (`rgb(...)`) or `#rrggbb`; anything else means the default.
 */
export function accentColours(accent: string | null): { accent: string; onAccent: string } {
  const colour = parseColour(accent ?? '') ?? DEFAULT_ACCENT;
  const onAccent = contrast(colour, INK) >= contrast(colour, PAPER) ? INK : PAPER;
  return { accent: css(colour), onAccent: css(onAccent) };
}

const css = ([r, g, b]: Rgb): string => `rgb(${r} ${g} ${b})`;

function parseColour(text: string): Rgb | null {
  const hex = text.match(/^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i);
  if (hex) return [channel(hex[1], 16), channel(hex[2], 16), channel(hex[3], 16)];
  const rgb = text.match(/^rgba?\(\s*(\d{1,3})[\s,]+(\d{1,3})[\s,]+(\d{1,3})/);
  return rgb ? [channel(rgb[1], 10), channel(rgb[2], 10), channel(rgb[3], 10)] : null;
}

const channel = (text: string | undefined, radix: number): number => Math.min(255, Number.parseInt(text ?? '0', radix));

/** WCAG 2 contrast ratio. */
function contrast(a: Rgb, b: Rgb): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour: Rgb): number {
  const [r, g, b] = colour.map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
