// The faults of this folder: a caller handed in what a refusal should have stopped before.

export type CardErrorCode = 'key-length' | 'challenge-length' | 'diversifier-length' | 'profile-has-no-cipher' | 'response-wiped';

/** Thrown, never shown to a person. Its message names sizes only, never bytes. */
export class CardError extends Error {
  readonly code: CardErrorCode;

  constructor(code: CardErrorCode, message: string, options?: { cause: unknown }) {
    super(message, options);
    this.name = 'CardError';
    this.code = code;
  }
}
