// Codes that somebody typed into a chat: others may have read them, so a right one counts as spent from now on.
import { newToken } from '../lib/ids.js';
import { readCode } from '../stepup/code-text.js';
import type { Turn } from './turn.js';

/** Six digits that stand alone, perhaps in two groups. */
const CODE = /(?<![0-9A-Za-z])\d{3}[\s\p{Pd}]{0,3}\d{3}(?![0-9A-Za-z])/gu;
/** Or in pairs with blanks between them: with dashes it is a date, and in a longer row of pairs a challenge. */
const CODE_IN_PAIRS = /(?<!\b[0-9A-Fa-f]{2}\s{1,3})\b\d{2}\s{1,3}\d{2}\s{1,3}\d{2}\b(?!\s{1,3}[0-9A-Fa-f]{2}\b)/g;
/** The eight digits of some tokens, perhaps in two groups; in a longer row of such groups it is a challenge. */
const LONG_CODE = /(?<![0-9A-Za-z])(?<![0-9A-Fa-f]{4}[\s-])\d{4}[\s\p{Pd}]?\d{4}(?![0-9A-Za-z])(?![\s-][0-9A-Fa-f]{4})/gu;
/** A recovery code, which never runs out by itself: sixteen letters and digits, in groups with blanks as they are shown only in capitals, as sentences are not. */
const RECOVERY = /(?<![0-9A-Za-z])(?:[0-9A-Z]{4}(?:[\s-]?[0-9A-Z]{4}){3}|[0-9A-Za-z]{4}(?:-?[0-9A-Za-z]{4}){3})(?![0-9A-Za-z])/g;
/** A challenge has as many, and none of these letters. */
const BEYOND_HEX = /[G-Z]/i;
/** More in one message is no slip, and would be a way to guess. */
const MOST = 3;

/** Whether the words hold what looks like a code. What comes of it never tells whether it was one. */
export async function burnCodes({ burner, person, clock }: Pick<Turn, 'burner' | 'person' | 'clock'>, text: string): Promise<boolean> {
  const codes = codesIn(text);
  const at = clock();
  for (const code of codes.slice(0, MOST)) {
    // Not as the person: a number in a chat is no try, and must not lock their authenticator.
    const attempt = { formId: newToken(), actorId: `chat:${person.id}` };
    const verdict = await burner.stepUp.check({ personId: person.id, code, scopes: [], attempt, at });
    if (verdict.kind === 'proof') await burner.burn(verdict.spend, at);
  }
  return codes.length > 0;
}

function codesIn(text: string): readonly string[] {
  // As a dialog reads it: full-width digits are digits.
  const plain = text.normalize('NFKC').replace(/\p{Cf}/gu, '');
  const recovery = (plain.match(RECOVERY) ?? []).filter((code) => BEYOND_HEX.test(code) && /\d/.test(code) && readCode(code)?.kind === 'recovery');
  const digits = [CODE, CODE_IN_PAIRS, LONG_CODE].flatMap((form) => plain.match(form) ?? []).map((code) => code.replace(/\D/g, ''));
  // Two codes in a row of a token are worth more than each of them.
  const pair = digits.length === 2 ? [digits.join('')] : [];
  return [...recovery, ...pair, ...digits];
}
