// The audit's file outside the database: one line an entry, and the signed checkpoints. It only ever grows.
import { createReadStream } from 'node:fs';
import { type FileHandle, open, realpath, stat } from 'node:fs/promises';
import { AuditError } from '../audit/audit-error.js';
import { type FileLine, formatCheckpointLine, formatLeafLine, type LeafLine, parseFileLine } from '../audit/file-line.js';
import { isErrno } from '../lib/errno.js';

const FILE_MODE = 0o600;
/** The end of the file is searched for the last entry in steps of this many bytes. */
const TAIL_BYTES = 65_536;

/** Where the file ends. */
export interface FileEnd {
  /** How many entries the file covers: one more than the index of its last one. */
  readonly size: number;
  /** The leaf of its last entry, or null in a file without any. */
  readonly lastLeaf: Uint8Array | null;
  /** Whether a checkpoint stands after the last entry. */
  readonly checkpointed: boolean;
  /** Bytes up to the end of the last whole line; what follows was cut off by a crash. */
  readonly bytes: number;
}

/** The writer of one audit file. Whoever appends holds a lock on `path`, so that two processes never write at once. */
export class AuditFile {
  /** Without symbolic links, so that it names the same file in every process. */
  readonly path: string;
  #known: { readonly bytes: number; readonly end: FileEnd } | null = null;

  private constructor(path: string) {
    this.path = path;
  }

  /** Makes the file with mode 0600 where there is none. Throws an AuditError `file-unwritable`. */
  static async open(path: string): Promise<AuditFile> {
    await withFile(path, () => Promise.resolve());
    return new AuditFile(await realpath(path));
  }

  /** Where the file ends now: another process may have added to it. Throws an AuditError `file-unwritable`. */
  async end(): Promise<FileEnd> {
    return await withFile(this.path, (file) => this.#readEnd(file));
  }

  /**
   * Adds the lines of these entries, which follow the file's last one, and of a checkpoint over them (a signed note),
   * and returns when they are on the disk. A half-written last line is cut off first.
   * Throws an AuditError `file-unwritable`.
   */
  async append(leaves: readonly Omit<LeafLine, 'kind'>[], note: string | null): Promise<void> {
    const lines = leaves.map(({ index, leaf }) => formatLeafLine(index, leaf)).join('');
    const text = lines + (note === null ? '' : formatCheckpointLine(note));
    await withFile(this.path, async (file) => {
      const { bytes } = await this.#readEnd(file);
      if ((await file.stat()).size > bytes) await file.truncate(bytes);
      await file.appendFile(text);
      await file.sync();
    });
  }

  async #readEnd(file: FileHandle): Promise<FileEnd> {
    const { size } = await file.stat();
    if (this.#known?.bytes !== size) this.#known = { bytes: size, end: await findEnd(file, size) };
    return this.#known.end;
  }
}

/**
 * The lines of an audit file as it is now (what is added while reading is left out), or null when there is no such file.
 * Throws an AuditError `file-unreadable`, here or while reading.
 */
export async function readAuditFile(path: string): Promise<AsyncIterable<FileLine> | null> {
  try {
    const { size } = await stat(path);
    return wholeLines(path, size);
  } catch (cause) {
    if (isErrno(cause, 'ENOENT')) return null;
    throw unreadable(path, cause);
  }
}

async function* wholeLines(path: string, bytes: number): AsyncGenerator<FileLine> {
  if (bytes === 0) return;
  let rest = '';
  try {
    for await (const chunk of createReadStream(path, { encoding: 'latin1', end: bytes - 1 })) {
      const lines = (rest + String(chunk)).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) yield parseFileLine(line);
    }
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

function unreadable(path: string, cause: unknown): AuditError {
  return new AuditError('file-unreadable', `The audit file ${path} cannot be read: check its path and who may read it.`, cause);
}

async function findEnd(file: FileHandle, bytes: number): Promise<FileEnd> {
  for (let span = TAIL_BYTES; ; span *= 2) {
    const from = Math.max(0, bytes - span);
    const tail = Buffer.alloc(bytes - from);
    await file.read(tail, 0, tail.length, from);
    // One character a byte, so that places in the text are places in the file.
    const end = endOf(tail.toString('latin1'), from);
    if (from === 0 || end.size > 0) return end;
  }
}

function endOf(tail: string, from: number): FileEnd {
  const whole = tail.lastIndexOf('\n') + 1;
  const lines = tail.slice(0, whole).split('\n').slice(0, -1).map(parseFileLine);
  const last = lines.findLast((line) => line.kind === 'leaf');
  return {
    size: last === undefined ? 0 : last.index + 1,
    lastLeaf: last?.leaf ?? null,
    checkpointed: lines.at(-1)?.kind === 'checkpoint',
    bytes: from + whole,
  };
}

/** Opened anew for every use, so that a file which somebody moved away is noticed. Writes go to its end, whatever it is. */
async function withFile<T>(path: string, use: (file: FileHandle) => Promise<T>): Promise<T> {
  try {
    const file = await open(path, 'a+', FILE_MODE);
    return await use(file).finally(() => file.close());
  } catch (cause) {
    throw new AuditError('file-unwritable', `The audit file ${path} cannot be written: check its folder, disk and owner.`, cause);
  }
}
