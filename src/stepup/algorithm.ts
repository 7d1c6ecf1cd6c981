// How an authenticator makes its codes: one short text, stored beside the seed and sealed with it.

export type OtpHash = 'sha1' | 'sha256' | 'sha512';
export type OtpDigits = 6 | 8;

/** Codes by the clock (RFC 6238). */
export interface TimeBased {
  readonly type: 'totp';
  readonly hash: OtpHash;
  readonly digits: OtpDigits;
  readonly periodSeconds: number;
}

/** Codes by a counter that every press of the token's button moves (RFC 4226). */
export interface CounterBased {
  readonly type: 'hotp';
  readonly hash: OtpHash;
  readonly digits: OtpDigits;
}

export type OtpAlgorithm = TimeBased | CounterBased;

/** What every authenticator app has; the seeds that are made here use it. */
export const STANDARD: TimeBased = { type: 'totp', hash: 'sha1', digits: 6, periodSeconds: 30 };

export const OTP_HASHES: readonly OtpHash[] = ['sha1', 'sha256', 'sha512'];
export const OTP_DIGITS: readonly OtpDigits[] = [6, 8];
/** Shorter ones leave no time to type, longer ones let a code that was seen work for minutes. */
export const PERIOD_SECONDS = { min: 15, max: 120 };

/** Such as `totp-sha1-6-30` or `hotp-sha1-6`. */
export function algorithmName(algorithm: OtpAlgorithm): string {
  const { type, hash, digits } = algorithm;
  return algorithm.type === 'totp' ? `${type}-${hash}-${digits}-${algorithm.periodSeconds}` : `${type}-${hash}-${digits}`;
}

/** Reads it back. Throws on what is none: the row comes from a newer version, or was changed. */
export function readAlgorithm(name: string): OtpAlgorithm {
  const [type, hashName, digitsText, period, ...rest] = name.split('-');
  const hash = OTP_HASHES.find((one) => one === hashName);
  const digits = OTP_DIGITS.find((one) => String(one) === digitsText);
  const periodSeconds = Number(period);
  if (hash !== undefined && digits !== undefined && rest.length === 0) {
    if (type === 'hotp' && period === undefined) return { type, hash, digits };
    if (type === 'totp' && isPeriod(periodSeconds)) return { type, hash, digits, periodSeconds };
  }
  throw new Error(`an authenticator's algorithm "${name}" is not known here`);
}

export function isPeriod(seconds: number): boolean {
  return Number.isInteger(seconds) && seconds >= PERIOD_SECONDS.min && seconds <= PERIOD_SECONDS.max;
}
