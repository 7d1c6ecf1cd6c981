// Which code of an authenticator somebody typed, whatever kind of authenticator it is.
import { readAlgorithm } from './algorithm.js';
import { lookAheadFor, LOOK_AHEAD, matchHotp, NO_COUNTER } from './hotp.js';
import { matchTotp } from './totp.js';

export interface CodeLook {
  /** As it is stored with the authenticator. */
  readonly algorithm: string;
  readonly at: Date;
  /** The step or counter that was spent last; only later ones are right. */
  readonly lastStep: bigint;
  /** The same guess was looked at before: what it may have spent since is right once more, and cannot be spent again. */
  readonly repeated: boolean;
}

/** A code that is right, with its time step or its counter. */
export interface CodeMatch {
  readonly kind: 'totp' | 'hotp';
  readonly step: bigint;
}

/** Null when it is not right. Throws where the algorithm is not known here. */
export function matchCode(seed: Uint8Array, digits: string, { algorithm, at, lastStep, repeated }: CodeLook): CodeMatch | null {
  const known = readAlgorithm(algorithm);
  const step =
    known.type === 'totp'
      ? matchTotp(seed, digits, { at, lastStep: repeated ? 0n : lastStep }, known)
      : matchHotp(seed, digits, spanOf(lastStep, lookAheadFor(digits, known), repeated), known);
  return step === null ? null : { kind: known.type, step };
}

/** For a repeat, also as far back as one code can have moved the counter. */
function spanOf(lastStep: bigint, width: number, repeated: boolean) {
  if (!repeated) return { after: lastStep, width };
  const back = width > LOOK_AHEAD ? width + 1 : width;
  const after = lastStep - BigInt(back) < NO_COUNTER ? NO_COUNTER : lastStep - BigInt(back);
  return { after, width: Number(lastStep - after) + width };
}
