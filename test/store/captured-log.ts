// A log whose lines a test can read.
import { z } from 'zod';
import { type Log, openLog } from '../../src/lib/log.js';

export interface CapturedLog {
  readonly log: Log;
  /** Each line as it was written. */
  readonly lines: string[];
  /** The codes of the errors in the lines from `from` on, and of their causes. */
  errorCodes(from?: number): readonly string[];
}

const lineSchema = z.object({ err: z.object({ errorCode: z.string().optional() }).optional() });

/** Writes what the program's own log would, down to debug. */
export function captureLog(): CapturedLog {
  const lines: string[] = [];
  return {
    log: openLog('debug', { write: (line: string) => void lines.push(line) }),
    lines,
    errorCodes: (from = 0) =>
      lines.slice(from).flatMap((line) => {
        const { err } = lineSchema.parse(JSON.parse(line));
        return err?.errorCode === undefined ? [] : [err.errorCode];
      }),
  };
}
