// PUKs as people hand them over.
import { utf8 } from '../lib/bytes.js';
import { refuse } from '../lib/refusal.js';
import type { Refused } from '../lib/refusal.js';
import type { CardProfile, PukRule } from './profile.js';

export type PukRefusal = 'profile-has-no-puk' | 'puk-characters' | 'puk-length';

const ALLOWED: Readonly<Record<PukRule['characters'], RegExp>> = { digits: /^[0-9]*$/, ascii: /^[\x21-\x7E]*$/ };

/**
 * A PUK's ASCII bytes from text; blanks and line ends around it are ignored, and blanks inside it where it has digits
 * only. Nothing is repaired. Details, none of which repeats any of the text: 'puk-characters' has `allowed` ("digits"
 * or "ascii"); 'puk-length' has `characters` (how many were read), `expected` ("8" or "6 to 8"), and `lost: '1'` where
 * one digit is missing, as when a spreadsheet drops a leading 0. The caller wipes the bytes.
 */
export function parsePuk(text: string, { puk }: Pick<CardProfile, 'puk'>): Uint8Array | Refused<PukRefusal> {
  if (puk === null) return refuse('profile-has-no-puk');
  const trimmed = text.replace(/^[\s\uFEFF]+|[\s\uFEFF]+$/g, '');
  const typed = puk.characters === 'digits' ? trimmed.replace(/\s/g, '') : trimmed;
  if (!ALLOWED[puk.characters].test(typed)) return refuse('puk-characters', { allowed: puk.characters });
  return typed.length < puk.minLength || typed.length > puk.maxLength ? wrongLength(typed.length, puk) : utf8(typed);
}

function wrongLength(characters: number, { minLength, maxLength, ...rule }: PukRule): Refused<'puk-length'> {
  const expected = minLength === maxLength ? String(minLength) : `${minLength} to ${maxLength}`;
  const found = { characters: String(characters), expected };
  const mayHaveLostZero = rule.characters === 'digits' && characters === minLength - 1;
  return refuse('puk-length', mayHaveLostZero ? { ...found, lost: '1' } : found);
}
