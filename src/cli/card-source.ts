// The file of cards that a command was given: read as a stream, and as often as needed.
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { CardSource } from '../store/card-import-read.js';
import { CliFailure, type Io } from './io.js';

export interface MeasuredSource extends CardSource {
  readonly bytes: number;
  /** Of the reading that was begun last. */
  readonly bytesRead: () => number;
}

/** `-` is standard input, all of which is held in memory. Throws a CliFailure. */
export async function openCardSource(file: string, io: Io): Promise<MeasuredSource> {
  if (file !== '-') return measured(await sizeOf(file), () => createReadStream(file));
  const bytes = Buffer.from(await io.readStdin());
  return measured(bytes.length, () => inPieces(bytes));
}

async function sizeOf(file: string): Promise<number> {
  const { size } = await stat(file).catch((cause: unknown) => {
    throw new CliFailure(1, 'file-unreadable', `${file} cannot be read: check its name and its rights.`, { cause });
  });
  return size;
}

function measured(bytes: number, open: () => AsyncIterable<Uint8Array>): MeasuredSource {
  let read = 0;
  async function* counted(): AsyncGenerator<Uint8Array> {
    read = 0;
    for await (const chunk of open()) {
      read += chunk.length;
      yield chunk;
    }
  }
  return { bytes, bytesRead: () => read, open: counted };
}

const PIECE_BYTES = 64 * 1024;

async function* inPieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += PIECE_BYTES) yield await Promise.resolve(bytes.subarray(at, at + PIECE_BYTES));
}
