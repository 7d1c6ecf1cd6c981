// PNG pictures from pixels (W3C, "Portable Network Graphics"): for QR codes and icons, where SVG is not shown.
import { crc32, deflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const RGBA_BYTES = 4;
const BIT_DEPTH = 8;
const COLOUR_WITH_ALPHA = 6;

/** Red, green, blue and opacity, each 0 to 255. */
export type Pixel = readonly [red: number, green: number, blue: number, alpha: number];

/** A picture of `width` × `height` pixels, each asked for by its place from the top left. */
export function drawPng(width: number, height: number, pixelAt: (x: number, y: number) => Pixel): Buffer {
  const line = width * RGBA_BYTES + 1;
  // A line begins with its filter; 0 is none.
  const raw = Buffer.alloc(line * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) raw.set(pixelAt(x, y), y * line + 1 + x * RGBA_BYTES);
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([BIT_DEPTH, COLOUR_WITH_ALPHA], 8);
  return Buffer.concat([SIGNATURE, chunk('IHDR', header), chunk('IDAT', deflateSync(raw, { level: 9 })), chunk('IEND', Buffer.alloc(0))]);
}

function chunk(type: string, content: Uint8Array): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), content]);
  const framed = Buffer.alloc(named.length + 8);
  framed.writeUInt32BE(content.length, 0);
  framed.set(named, 4);
  framed.writeUInt32BE(crc32(named), named.length + 4);
  return framed;
}
