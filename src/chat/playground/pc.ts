// The locked PC: what a person does at Windows' unblock screen, and what the simulated card answers.
import { z } from 'zod';
import { fromHex, utf8 } from '../../lib/bytes.js';
import { isPin } from './card.js';
import type { CardOutcome, SimulatedCard } from './card.js';
import type { CardReply } from './page/wire.js';

const TEXT_MAX = 200;
const RESPONSE_HEX_DIGITS = 16;

const text = z.string().max(TEXT_MAX);
export const cardSchema = z.object({ serial: text });
export const resetSchema = z.object({ serial: text, response: text, newPin: text, confirmPin: text });
export const pinSchema = z.object({ serial: text, pin: text });

/** Status words as GidsApplet gives them. */
const SENTENCES: Record<CardOutcome, string> = {
  'challenge-given': 'The card gave a new challenge. Give this one to the bot.',
  'pin-reset': 'The card accepted the response (9000). Your new PIN is set and the card is unblocked.',
  'response-refused': 'The card refused the response (6982). This challenge is used up: press New challenge and ask the bot again.',
  'puk-refused': 'The card refused the PUK (63CX). Stop here and call the helpdesk: the third wrong PUK blocks the card for good.',
  'puk-blocked': 'The PUK is blocked (6983): this card cannot be unblocked any more.',
  'no-challenge': 'The card has no challenge (6985). Press New challenge and give that one to the bot.',
  'pin-rule': 'A PIN has 4 to 8 digits. The challenge is still good.',
  'not-blocked': 'This card is not blocked.',
  'window-closed': 'The unblock window is closed, and the challenge is gone with it.',
  'pin-right': 'The PIN is right (9000). You are signed in.',
  'pin-wrong': 'The PIN is wrong.',
  'pin-blocked': 'The PIN is blocked (6983).',
};

const GOOD: ReadonlySet<CardOutcome> = new Set(['challenge-given', 'pin-reset', 'window-closed', 'pin-right']);

/** Any exchange that ends in one of the card's outcomes. */
export function tryCard(card: SimulatedCard, exchange: (card: SimulatedCard) => CardOutcome): CardReply {
  const outcome = exchange(card);
  const view = card.view;
  const tries = outcome === 'pin-wrong' ? ` The card allows ${view.pinTriesLeft} more.` : '';
  return { card: view, good: GOOD.has(outcome), says: SENTENCES[outcome] + tries };
}

/** OK on the unblock screen. What Windows itself turns down never reaches the card and costs no challenge. */
export function resetPin(card: SimulatedCard, typed: z.infer<typeof resetSchema>): CardReply {
  const response = card.view.wants === 'puk' ? parsePuk(typed.response) : parseResponse(typed.response);
  if (response === null) return turnDown(card, card.view.wants === 'puk' ? NO_PUK : NO_RESPONSE);
  if (!isPin(typed.newPin)) return turnDown(card, SENTENCES['pin-rule']);
  if (typed.newPin !== typed.confirmPin) return turnDown(card, 'The two PINs differ. Type the same PIN twice.');
  return tryCard(card, (asked) => asked.resetPin(response, typed.newPin));
}

const NO_RESPONSE = `A response has ${RESPONSE_HEX_DIGITS} characters, 0 to 9 and A to F. Check what you typed.`;
const NO_PUK = 'A PUK has 6 to 8 characters. Check what you typed.';

function turnDown(card: SimulatedCard, says: string): CardReply {
  return { card: card.view, good: false, says };
}

function parsePuk(typed: string): Uint8Array | null {
  const puk = typed.replace(/\s/g, '');
  return /^[\x21-\x7e]{6,8}$/.test(puk) ? utf8(puk) : null;
}

function parseResponse(typed: string): Uint8Array | null {
  const hex = typed.replace(/[\s-]/g, '');
  return hex.length === RESPONSE_HEX_DIGITS ? fromHex(hex) : null;
}
