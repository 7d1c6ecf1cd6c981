// Why the embedded PostgreSQL could not be had.

export type EmbeddedErrorCode =
  | 'not-installed'
  | 'unsupported-platform'
  | 'folder-unusable'
  | 'damaged'
  | 'lock-timeout'
  | 'start-failed'
  | 'stop-failed';

/** A fault of the embedded PostgreSQL. The message is a sentence that says what to do, and holds no secret. */
export class EmbeddedError extends Error {
  readonly code: EmbeddedErrorCode;

  constructor(code: EmbeddedErrorCode, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'EmbeddedError';
    this.code = code;
  }
}
