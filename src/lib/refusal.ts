// An expected "no" is a value with a reason from a closed union; a fault is thrown. The two are never mixed.

/** An expected "no". `chat/wording.ts` has one sentence for each reason. */
export interface Refused<Reason extends string> {
  readonly refused: Reason;
  /** What the sentence needs to name, never a secret (for example the length that was expected). */
  readonly detail?: Readonly<Record<string, string>>;
}

export function refuse<Reason extends string>(
  refused: Reason,
  detail?: Readonly<Record<string, string>>,
): Refused<Reason> {
  return detail === undefined ? { refused } : { refused, detail };
}

export function isRefused(value: unknown): value is Refused<string> {
  return typeof value === 'object' && value !== null && 'refused' in value;
}
