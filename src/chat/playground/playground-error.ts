// Faults of the playground's own parts.

export type PlaygroundErrorCode = 'card-key' | 'state-unreadable';

export class PlaygroundError extends Error {
  override readonly name = 'PlaygroundError';
  readonly code: PlaygroundErrorCode;

  constructor(code: PlaygroundErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}
