// Codes that somebody typed into a chat: others may have read them, so a right one counts as spent from now on.
import { newToken } from '../lib/ids.js';
import { readCode } from '../stepup/code-text.js';
import type { Turn } from './turn.js';

/** Six digits that stand alone, perhaps in two groups. */
const CODE = /(?<![0-9A-Za-z])\d{3}[\s-]?\d{3}(?![0-9A-Za-z])/g;
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
  return [...recovery, ...(plain.match(CODE) ?? [])];
}
