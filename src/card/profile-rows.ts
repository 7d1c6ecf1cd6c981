// What rows of the profile table have in common: a function for each way in which an employee unblocks a card.
import { BLOCK_BYTES, KEY_BYTES } from './cipher.js';
import type { Cipher } from './cipher.js';
import type { CardProfile, PukRule } from './profile.js';

/** What every row says for itself; the rest only where it differs from its kind. */
type Row = Pick<CardProfile, 'id' | 'name' | 'source' | 'confirmed' | 'notes'> & Partial<CardProfile>;

const ORDINARY = {
  defaultKeys: [],
  puk: null,
  wrongResponseLimit: null,
  instead: null,
  assumed: [],
} as const satisfies Partial<CardProfile>;

type Computation = Pick<CardProfile, 'cipher' | 'mode' | 'challengeBytes' | 'keyBytes'>;

const NO_CIPHER: Computation = { cipher: null, mode: null, challengeBytes: 0, keyBytes: [] };

export function oneBlock(cipher: Cipher): Computation {
  return { cipher, mode: 'one-block-ecb', challengeBytes: BLOCK_BYTES[cipher], keyBytes: KEY_BYTES[cipher] };
}

export function severalBlocks(cipher: Cipher, blocks: number): Computation {
  return { ...oneBlock(cipher), mode: 'cbc-zero-iv', challengeBytes: BLOCK_BYTES[cipher] * blocks };
}

const WINDOWS_STEPS: readonly string[] = [
  'Leave the card in the reader and the unblock screen open.',
  'Type the response, without blanks, into the Response box.',
  'Type your new PIN twice and confirm.',
  'If Windows refuses it, do not type the same response again: ask for a new challenge.',
];

const EXAMPLE_CHALLENGE = '1603 EBDF 1C8A 2E72';

/** A card that shows its challenge on Windows' own unblock screen. `warnings` come behind the one for all of them. */
export function windowsCard(cipher: Cipher, row: Row): CardProfile {
  const digits = (row.challengeBytes ?? BLOCK_BYTES[cipher]) * 2;
  const shape = digits === 16 ? `in four groups, such as ${EXAMPLE_CHALLENGE}` : `in ${digits / 4} groups of four`;
  return {
    ...ORDINARY,
    ...oneBlock(cipher),
    unlock: 'cryptogram',
    challengeOnScreen: `The locked PC shows it above the Response box: ${digits} digits and letters ${shape}.`,
    newChallenge: 'Leave the unblock screen with Back and open it again. It then shows a new challenge.',
    afterResponse: WINDOWS_STEPS,
    ...row,
    warnings: [
      'Pulling the card, closing the screen or using the card elsewhere makes the challenge worthless.',
      ...(row.warnings ?? []),
    ],
  };
}

/** A card whose challenge is shown by a program of its vendor. */
export function vendorToolCard(cipher: Cipher, row: Row): CardProfile {
  return {
    ...ORDINARY,
    ...oneBlock(cipher),
    unlock: 'cryptogram',
    challengeOnScreen: `Your card vendor's unblock tool shows it: ${BLOCK_BYTES[cipher] * 2} digits and letters from 0 to F.`,
    newChallenge: "Close the vendor's unblock tool and open it again. It then shows a new challenge.",
    afterResponse: [
      'Leave the card in the reader and the tool open.',
      'Type the response into the tool, then your new PIN.',
      'If the tool refuses it, do not type the same response again: ask for a new challenge.',
    ],
    ...row,
    warnings: [...(row.warnings ?? []), 'Pulling the card or using it elsewhere makes the challenge worthless.'],
  };
}

/** A PIV card's PUK: up to 8 bytes, padded with FF to 8 (SP 800-73, RESET RETRY COUNTER). */
export const PIV_PUK: PukRule = { minLength: 6, maxLength: 8, characters: 'ascii', tries: null };

/** What holds for every PUK that is shown in a chat. */
const PUK_IS_SPENT = 'A PUK stays valid once it is seen: the card needs a new PUK afterwards.';

/** A card whose PIN only its PUK resets. The cipher is that of its admin key, which a tool may still ask for. */
export function pukCard(cipher: Cipher | null, row: Row): CardProfile {
  return {
    ...ORDINARY,
    ...(cipher === null ? NO_CIPHER : oneBlock(cipher)),
    unlock: 'puk',
    puk: PIV_PUK,
    challengeOnScreen: 'No challenge is needed: this card is unblocked with its PUK.',
    newChallenge: 'There is none. If the PUK is refused, do not type it again: ask your helpdesk.',
    afterResponse: [
      'Leave the card in the reader and open the program that your helpdesk uses to unblock a PIN.',
      'Type the PUK exactly as it is shown, without blanks between the groups.',
      'Type your new PIN twice and confirm.',
      'If the PUK is refused, stop: a few wrong PUKs block the card for good.',
    ],
    ...row,
    warnings: [
      ...(cipher === null ? [] : ['The response of its admin key alone does not reset the PIN; only the PUK does.']),
      ...(row.warnings ?? []),
      PUK_IS_SPENT,
    ],
  };
}

/** A card that nobody can unblock from a distance. */
export function lostCard(row: Row & { readonly instead: string }): CardProfile {
  return {
    ...ORDINARY,
    ...NO_CIPHER,
    unlock: 'not-recoverable',
    challengeOnScreen: 'A challenge on the screen does not help: this card cannot be unblocked with a response.',
    newChallenge: 'There is none to answer.',
    afterResponse: [],
    warnings: [],
    ...row,
  };
}
