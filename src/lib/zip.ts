// ZIP archives of a few small files (PKWARE APPNOTE 6.3): the same files give the same bytes.
import { crc32, deflateRawSync } from 'node:zlib';

const LOCAL_HEADER = 0x04034b50;
const CENTRAL_HEADER = 0x02014b50;
const END_OF_DIRECTORY = 0x06054b50;
/** Version 2.0: deflate. */
const VERSION = 20;
const UTF8_NAMES = 0x0800;
const DEFLATED = 8;
/** 1 January 1980, midnight: the earliest that the format knows. */
const DOS_DATE = 0x0021;

export interface ZipEntry {
  readonly name: string;
  readonly content: Uint8Array;
}

/** Names and contents in their order. For files far below 4 GB each and together. */
export function zip(entries: readonly ZipEntry[]): Buffer {
  const files: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, content } of entries) {
    const packed = deflateRawSync(content, { level: 9 });
    const nameBytes = Buffer.from(name, 'utf8');
    const facts = factsOf(content, packed, nameBytes);
    const file = Buffer.concat([u32(LOCAL_HEADER), u16(VERSION), facts, u16(0), nameBytes, packed]);
    directory.push(Buffer.concat([u32(CENTRAL_HEADER), u16(VERSION), u16(VERSION), facts, ...[0, 0, 0, 0].map(u16), u32(0), u32(offset), nameBytes]));
    files.push(file);
    offset += file.length;
  }
  const size = directory.reduce((sum, { length }) => sum + length, 0);
  const end = [u32(END_OF_DIRECTORY), u16(0), u16(0), u16(entries.length), u16(entries.length), u32(size), u32(offset), u16(0)];
  return Buffer.concat([...files, ...directory, ...end]);
}

/** What both headers of a file have in common, from its flags to the length of its name. */
function factsOf(content: Uint8Array, packed: Uint8Array, name: Uint8Array): Buffer {
  return Buffer.concat([u16(UTF8_NAMES), u16(DEFLATED), u16(0), u16(DOS_DATE), u32(crc32(content)), u32(packed.length), u32(content.length), u16(name.length)]);
}

function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
