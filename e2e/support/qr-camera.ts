/** Reads a QR code off somebody's screen as a phone's camera does: from its pixels. */
import decodeQR from 'qr/decode.js';
import { type Tab, until } from './tab.ts';

const SIDE_PX = 480;

/** @returns the text of the code that the tab shows. @throws Error when what it shows cannot be read. */
export async function scanQr(tab: Tab): Promise<string> {
  const pixels = await until('a QR code', () =>
    tab.run(async (side) => {
      const roots = [...document.querySelectorAll('*')].flatMap(({ shadowRoot }) => shadowRoot ?? []);
      const drawn = roots.flatMap((root) => [...root.querySelectorAll('svg.qr')])[0];
      if (!drawn) return null;
      const copy = drawn.cloneNode(true) as Element;
      for (const dimension of ['width', 'height']) copy.setAttribute(dimension, `${side}`);
      const image = new Image();
      image.src = `data:image/svg+xml,${encodeURIComponent(new XMLSerializer().serializeToString(copy))}`;
      await image.decode();
      const canvas = Object.assign(document.createElement('canvas'), { width: side, height: side });
      const context = canvas.getContext('2d');
      context?.drawImage(image, 0, 0, side, side);
      // One number for each pixel: the colours of a code are two.
      return [...(context?.getImageData(0, 0, side, side).data ?? [])].filter((_, at) => at % 4 === 0);
    }, SIDE_PX),
  );
  const data = Uint8ClampedArray.from(pixels.flatMap((light) => [light, light, light, 255]));
  return decodeQR({ width: SIDE_PX, height: SIDE_PX, data });
}
