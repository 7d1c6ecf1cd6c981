// Faults of the audit: its key, its file, or what it was handed to go on from.

export type AuditErrorCode =
  | 'key-missing'
  | 'key-unusable'
  | 'public-key-differs'
  | 'file-unreadable'
  | 'file-unwritable'
  | 'file-ahead'
  | 'file-foreign'
  | 'entry-damaged'
  | 'checkpoint-damaged';

/** The audit cannot go on. The message says what to do next. */
export class AuditError extends Error {
  readonly code: AuditErrorCode;

  constructor(code: AuditErrorCode, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'AuditError';
    this.code = code;
  }
}
