// What to tell a person whose serial does not fit the scheme: one sentence each, with the next step.
import type { Refused } from '../../lib/refusal.js';
import type { DiversifierRefusal } from './diversifier.js';

type Detail = Readonly<Record<string, string>>;

const SENTENCES: Readonly<Record<DiversifierRefusal, (detail: Detail) => string>> = {
  'serial-empty': () => 'There is no serial: write the one that the scheme derives from.',
  'serial-not-hex': () => 'The scheme reads the serial as hex, and this one has other characters: check the serial and the scheme.',
  'serial-not-decimal': () =>
    'The scheme reads the serial as a decimal number, and this one has other characters: check the serial and the scheme.',
  'serial-not-ascii': () => 'The serial has characters outside ASCII: check it, letter by letter.',
  'serial-not-guid': () => 'The scheme wants a GUID such as 00112233-4455-6677-8899-AABBCCDDEEFF: check the serial.',
  'serial-odd-digits': () => 'The serial has an odd number of digits: a leading 0 may be lost.',
  'serial-too-long': (detail) => `The serial is too long for the scheme${place(detail)}, which takes ${most(detail)}: check both.`,
  'serial-too-short': (detail) =>
    `The serial gives ${detail['bytes'] ?? '?'} bytes and the scheme${place(detail)} needs ${detail['least'] ?? '?'}: check the serial, or let the scheme pad it.`,
};

export function serialSentence({ refused, detail = {} }: Refused<DiversifierRefusal>): string {
  return SENTENCES[refused](detail);
}

function most(detail: Detail): string {
  return `at most ${detail['most'] ?? '?'} bytes`;
}

function place(detail: Detail): string {
  return detail['block'] === undefined ? '' : ` (block ${detail['block']})`;
}
