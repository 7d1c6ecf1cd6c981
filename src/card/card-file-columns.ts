// The columns of the file of `cards import`, and what a problem with one of its rows looks like.
import type { CsvColumns } from '../lib/csv-table.js';

export type CardColumn = 'serial' | 'label' | 'profile' | 'holder' | 'key' | 'kcv' | 'puk' | 'master_key' | 'diversifier' | 'tags' | 'sponsor';

export const CARD_COLUMNS: CsvColumns<CardColumn> = {
  serial: { headings: ['serial', 'serialnumber'], required: true },
  label: { headings: ['label'], required: true },
  profile: { headings: ['profile'], required: true },
  holder: { headings: ['holder', 'holderemail', 'holdersemail', 'email'], required: true },
  key: { headings: ['key', 'adminkey'], required: false },
  kcv: { headings: ['kcv'], required: false },
  puk: { headings: ['puk'], required: false },
  master_key: { headings: ['masterkey'], required: false },
  diversifier: { headings: ['diversifier'], required: false },
  tags: { headings: ['tags', 'tag'], required: false },
  sponsor: { headings: ['sponsor', 'sponsoremail', 'sponsorsemail'], required: false },
};

/** What is wrong with a row, in words for the person who wrote the file. Never holds key material. */
export interface CardProblem {
  /** The first line is 1. */
  readonly line: number;
  readonly serial: string | null;
  readonly problem: string;
}
