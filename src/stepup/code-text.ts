// A code as a person typed it, made plain.
import { normaliseReadableCode } from '../lib/ids.js';

export type TypedCode =
  | { readonly kind: 'digits'; readonly digits: string }
  | { readonly kind: 'recovery'; readonly text: string }
  | { readonly kind: 'both'; readonly digits: string; readonly text: string };

/** One code of six or eight digits, or two in a row. */
const DIGITS = /^(?:(?:[0-9]{6}){1,2}|(?:[0-9]{8}){1,2})$/;
// Crockford's base32, 5 bits a character: 80 bits.
const RECOVERY = /^[0-9A-HJKMNP-TV-Z]{16}$/;
/** A code of an authenticator, and after it a recovery code. */
const BOTH = /^([0-9]{6}|[0-9]{8})([0-9A-HJKMNP-TV-Z]{16})$/;
const LONGEST_TYPED = 100;

/** A code of an authenticator (or two in a row, of a token that ran ahead), a recovery code, or both in this order, however they are grouped, or null: then it cannot be right and a form may say so at once. */
export function readCode(typed: string): TypedCode | null {
  const text = plainCode(typed);
  // Sixteen digits are two codes: of 90 million recovery codes one has no letter.
  if (DIGITS.test(text)) return { kind: 'digits', digits: text };
  if (RECOVERY.test(text)) return { kind: 'recovery', text };
  const [, digits, recovery] = BOTH.exec(text) ?? [];
  return digits === undefined || recovery === undefined ? null : { kind: 'both', digits, text: recovery };
}

/** Without blanks, dashes and invisible characters, in capitals, full-width characters as plain ones. */
export function plainCode(typed: string): string {
  const visible = typed.slice(0, LONGEST_TYPED).normalize('NFKC').replace(/\p{Cf}/gu, '');
  return normaliseReadableCode(visible);
}
