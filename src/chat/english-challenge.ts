// English sentences about challenges that cannot be, and responses that a card refused.
import type { Details, Sayings } from './wording.js';

export function wrongLength({ digits = '', expected = '', group, groupDigits = '', groupSize = '', suggests }: Details): string {
  const where = group === undefined ? '' : ` Look at group ${group}: it has ${groupDigits} instead of ${groupSize}.`;
  const hint = suggests === undefined ? undefined : LENGTH_HINTS[suggests];
  const next = hint ?? 'Type it again as it stands there.';
  return `That has ${digits} digits; a challenge of your card has ${expected}.${where} ${next}`;
}

// By what the length suggests; where a slip of one digit or group is likely, the plain sentence does.
const LENGTH_HINTS: Readonly<Record<string, string>> = {
  twice: 'It seems to stand there twice: type it once.',
  aes: 'This looks like the challenge of an AES card, but yours is registered as 3DES. Look whether it is the right card; if it is, call the helpdesk.',
  '3des': 'This looks like the challenge of a 3DES card, but yours is registered as AES. Look whether it is the right card; if it is, call the helpdesk.',
  key: 'That looks like the key of a card. Never type one here: call the helpdesk and say that you have seen it.',
  code: 'That looks like a one-time code or a PIN. Type the groups of digits and letters that the locked PC shows.',
};

// Nothing of these is certain, so each says where to look.
export const CAUSES: Sayings['cause'] = {
  'other-length': ({ digits = '', expected = '' }) => `Your PC shows ${digits} digits, and this card's challenges have ${expected}: another card may be in the reader.`,
  'screen-unreadable': () => 'What your PC shows is no challenge: open its unblock screen again.',
  'challenge-misread': ({ answered = '', shown = '', positions = '' }) =>
    `The challenge was perhaps misread: ${answered} was answered, and now it is ${shown}. Look at digit ${positions}.`,
  'same-challenge': () => 'Your PC still shows the challenge that was answered: the response was perhaps mistyped.',
  'challenge-changed': ({ answered = '' }) =>
    `The response fitted ${answered} only. If the card was pulled or the screen was closed meanwhile, it had to be refused.`,
  'wrong-card-or-key': () => 'It was refused more than once: look whether the card in the reader is the one that you chose here.',
  'kind-not-confirmed': () => 'Nobody has confirmed yet that this kind of card takes a response: tell the helpdesk how it went.',
  'near-limit': ({ left = '' }) => left === '0' ? 'It has refused as many as it may, so it may be locked for good by now.' : `The card may lock for good after ${left} more: type slowly, and call the helpdesk when in doubt.`,
};
