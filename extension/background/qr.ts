import { encode } from 'uqr';
import type { QrDrawing } from '../platform/messages.ts';

/** Four modules of white around a QR code are part of it: scanners need them. */
const QUIET_ZONE = 4;

/**
 * Draws a text for a phone's camera. Here rather than in the page: few people ever ask for it, and the content script is
 * loaded with every page of Jellyfin.
 * @returns the side in modules, and an SVG path of the dark ones.
 */
export function drawQr(text: string): QrDrawing {
  const { size, data } = encode(text, { ecc: 'L', border: QUIET_ZONE });
  const path = data.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : ''))).join('');
  return { size, path };
}
