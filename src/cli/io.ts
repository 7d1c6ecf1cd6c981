// What a command may touch of the world around it, and how it fails.
import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';

/** Handed to each command, so that a test can be the terminal. */
export interface Io {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  /** A text file as a string. Rejects as node:fs does. */
  readonly readFile: (path: string) => Promise<string>;
  readonly readStdin: () => Promise<string>;
}

export const systemIo: Io = {
  stdout: (text) => void process.stdout.write(text),
  stderr: (text) => void process.stderr.write(text),
  readFile: async (path) => decodeText(await readFile(path)),
  readStdin: async () => decodeText(await buffer(process.stdin)),
};

/** 1: refused or failed. 2: used in a wrong way. */
export type FailureExit = 1 | 2;

/** A command's failure, with one sentence for the person at the terminal. The top level tells it and exits. */
export class CliFailure extends Error {
  readonly exitCode: FailureExit;
  /** For programs, stable: 'challenge-length', 'key-file-unreadable', … */
  readonly code: string;
  /** Whether the command was asked for `--json`. */
  readonly json: boolean;

  constructor(exitCode: FailureExit, code: string, sentence: string, options: { json?: boolean; cause?: unknown } = {}) {
    super(sentence, { cause: options.cause });
    this.name = 'CliFailure';
    this.exitCode = exitCode;
    this.code = code;
    this.json = options.json ?? false;
  }
}

/** Tells a failure: its sentence on stderr or, with `--json`, one object on stdout. Returns the exit code. */
export function tellFailure(io: Io, failure: CliFailure): FailureExit {
  if (failure.json) printJson(io, { refused: failure.code, message: failure.message });
  else io.stderr(`${failure.message}\n`);
  return failure.exitCode;
}

/** One value as one line. */
export function printJson(io: Io, value: unknown): void {
  io.stdout(`${JSON.stringify(value)}\n`);
}

/** UTF-8, or UTF-16 where a byte order mark says so: PowerShell's `>` and spreadsheets write that. */
function decodeText(bytes: Buffer): string {
  const utf16 = bytes[0] === 0xff && bytes[1] === 0xfe;
  return new TextDecoder(utf16 ? 'utf-16le' : 'utf-8').decode(bytes);
}
