// QR codes as pictures that a page shows without fetching anything.
import { encode, renderSVG } from 'uqr';
import { drawPng, type Pixel } from './png.js';

// ISO/IEC 18004 asks for four light modules around the code; without them many cameras do not find it.
const QUIET_ZONE = 4;

/** A data URI (SVG, black on white) of the QR code of `text`. Whatever the text holds, the picture holds too. */
export function qrPicture(text: string): string {
  const svg = renderSVG(text, { border: QUIET_ZONE, ecc: 'M', pixelSize: 1, whiteColor: '#fff', blackColor: '#000' });
  return `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`;
}

const PIXELS_A_MODULE = 6;
const BLACK: Pixel = [0, 0, 0, 255];
const WHITE: Pixel = [255, 255, 255, 255];

/** The same as PNG, for a host that shows no SVG (Teams). */
export function qrPng(text: string): string {
  const { data, size } = encode(text, { border: QUIET_ZONE, ecc: 'M' });
  const side = size * PIXELS_A_MODULE;
  const moduleAt = (at: number) => Math.floor(at / PIXELS_A_MODULE);
  const png = drawPng(side, side, (x, y) => (data[moduleAt(y)]?.[moduleAt(x)] === true ? BLACK : WHITE));
  return `data:image/png;base64,${png.toString('base64')}`;
}
