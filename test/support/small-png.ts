// PNG files made small: a screenshot of text has few colours, and a palette of them takes a third of the room.
// Source of all numbers: the PNG specification (W3C, third edition), chapters 5, 7, 9 and 11.
import { crc32, deflateSync, inflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const PALETTE_SIZE = 256;
/** Bits of each channel that are told apart: four where the palette has room. */
const DEPTHS = [4, 3, 2];

interface Pixels {
  readonly width: number;
  readonly height: number;
  /** Three bytes a pixel. */
  readonly rgb: Uint8Array;
}

/** The same picture with at most 256 colours. Takes what Chromium writes: 8 bits a channel, not interlaced. */
export function inFewColours(png: Uint8Array): Uint8Array {
  const pixels = decode(Buffer.from(png));
  for (const depth of DEPTHS) {
    const paletted = withPalette(pixels, depth);
    if (paletted !== null) return encode(pixels, paletted);
  }
  throw new Error('unreachable: two bits a channel make 64 colours');
}

function decode(png: Buffer): Pixels {
  const width = png.readUInt32BE(16);
  const height = png.readUInt32BE(20);
  const channels = png[25] === 6 ? 4 : 3;
  const lines = inflateSync(Buffer.concat(dataChunks(png)));
  const stride = width * channels;
  const rgb = new Uint8Array(width * height * 3);
  let above = new Uint8Array(stride);
  for (let row = 0; row < height; row += 1) {
    const at = row * (stride + 1);
    const line = unfiltered(lines[at] ?? 0, lines.subarray(at + 1, at + 1 + stride), { above, channels });
    for (let x = 0; x < width; x += 1) rgb.set(line.subarray(x * channels, x * channels + 3), (row * width + x) * 3);
    above = line;
  }
  return { width, height, rgb };
}

function dataChunks(png: Buffer): readonly Buffer[] {
  const found: Buffer[] = [];
  for (let at = SIGNATURE.length; at < png.length; at += png.readUInt32BE(at) + 12) {
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT') found.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)));
  }
  return found;
}

function unfiltered(filter: number, line: Uint8Array, { above, channels }: { readonly above: Uint8Array; readonly channels: number }): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(line.length);
  for (let at = 0; at < line.length; at += 1) {
    const left = at < channels ? 0 : (out[at - channels] ?? 0);
    const up = above[at] ?? 0;
    const corner = at < channels ? 0 : (above[at - channels] ?? 0);
    out[at] = (line[at] ?? 0) + predicted(filter, { left, up, corner });
  }
  return out;
}

function predicted(filter: number, { left, up, corner }: { readonly left: number; readonly up: number; readonly corner: number }): number {
  if (filter === 1) return left;
  if (filter === 2) return up;
  if (filter === 3) return Math.floor((left + up) / 2);
  if (filter !== 4) return 0;
  const guess = left + up - corner;
  const [toLeft, toUp, toCorner] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)];
  if (toLeft <= toUp && toLeft <= toCorner) return left;
  return toUp <= toCorner ? up : corner;
}

/** Null when there are more than 256 colours at this depth. */
function withPalette({ rgb }: Pixels, depth: number): { readonly palette: readonly number[]; readonly indices: Uint8Array } | null {
  const levels = levelsOf(2 ** (8 - depth));
  const places = new Map<number, number>();
  const indices = new Uint8Array(rgb.length / 3);
  for (let at = 0; at < indices.length; at += 1) {
    const colour = ((levels[rgb[at * 3] ?? 0] ?? 0) << 16) | ((levels[rgb[at * 3 + 1] ?? 0] ?? 0) << 8) | (levels[rgb[at * 3 + 2] ?? 0] ?? 0);
    const place = places.get(colour) ?? places.size;
    if (place >= PALETTE_SIZE) return null;
    if (place === places.size) places.set(colour, place);
    indices[at] = place;
  }
  return { palette: [...places.keys()], indices };
}

/** What each value of a channel becomes; white stays white. */
function levelsOf(step: number): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_none, value) => Math.min(255, Math.round(value / step) * step));
}

function encode({ width, height }: Pixels, { palette, indices }: { readonly palette: readonly number[]; readonly indices: Uint8Array }): Uint8Array {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  // 8 bits a pixel, of a palette.
  head.set([8, 3, 0, 0, 0], 8);
  const lines = Buffer.alloc(height * (width + 1));
  for (let row = 0; row < height; row += 1) lines.set(indices.subarray(row * width, (row + 1) * width), row * (width + 1) + 1);
  const colours = Buffer.from(palette.flatMap((colour) => [(colour >> 16) & 255, (colour >> 8) & 255, colour & 255]));
  return Buffer.concat([SIGNATURE, chunk('IHDR', head), chunk('PLTE', colours), chunk('IDAT', deflateSync(lines, { level: 9 })), chunk('IEND', Buffer.alloc(0))]);
}

function chunk(type: string, content: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), content]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(content.length);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}
