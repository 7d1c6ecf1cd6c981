// What a row of a file of cards says about the card for the policy: its tags, and who answers for it.
import type { CsvRow } from '../lib/csv-table.js';
import type { CardColumn } from './card-file-columns.js';

export interface CardStanding {
  /** Lower case, without repeats, in the order of the row. */
  readonly tags: readonly string[];
  /** Lower case; null for a card without a sponsor. */
  readonly sponsorEmail: string | null;
}

const MAX_TAGS = 16;
/** Letters, digits, dashes and dots: a tag is a word of the policy, not a text. */
const TAG = /^[\p{L}\p{N}][\p{L}\p{N}.-]{0,39}$/u;

/** Tags are separated by semicolons or bars; a sponsor is named by e-mail address. `problem` is a sentence for the file's author. */
export function readStanding({ cell }: Pick<CsvRow<CardColumn>, 'cell'>): CardStanding | { readonly problem: string } {
  const named = cell('tags').split(/[;|]/).map((tag) => tag.trim().normalize('NFC').toLowerCase());
  const tags = [...new Set(named.filter((tag) => tag !== ''))];
  if (tags.length > MAX_TAGS) return { problem: `The card has more than ${MAX_TAGS} tags: keep those that the policy asks about.` };
  if (!tags.every((tag) => TAG.test(tag))) return { problem: 'A tag has up to 40 letters, digits, dashes and dots: correct it, and write ; or | between tags.' };
  const sponsor = cell('sponsor').normalize('NFC').toLowerCase();
  if (sponsor === '') return { tags, sponsorEmail: null };
  if (!/^[^\s@]+@[^\s@]+$/.test(sponsor)) return { problem: 'The sponsor is not an e-mail address: write the address, or nothing for a card without a sponsor.' };
  if (sponsor === cell('holder').normalize('NFC').toLowerCase()) return { problem: 'The sponsor is the holder: nobody approves for themselves, so name somebody else or nobody.' };
  return { tags, sponsorEmail: sponsor };
}
