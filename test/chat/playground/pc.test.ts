// The locked PC: what Windows itself turns down costs no challenge; what the card says is told in a sentence.
import { createCipheriv } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { SimulatedCard } from '../../../src/chat/playground/card.js';
import { resetPin, tryCard } from '../../../src/chat/playground/pc.js';
import { CARD_KEY } from './open-playground.js';

const PINS = { newPin: '2468', confirmPin: '2468' };

function aCard(): { card: SimulatedCard; response: string } {
  const card = new SimulatedCard({ serial: 'S-1', label: 'Work card', holderId: 'p1', keyHex: CARD_KEY });
  const challenge = Buffer.from((card.view.challenge ?? '').replaceAll(' ', ''), 'hex');
  const cipher = createCipheriv('des-ede3-ecb', Buffer.from(CARD_KEY, 'hex'), null).setAutoPadding(false);
  return { card, response: cipher.update(challenge).toString('hex') };
}

describe('the unblock screen', () => {
  it.each([
    ['as it is', (response: string) => response],
    ['in groups of four, upper case', (response: string) => (response.toUpperCase().match(/.{4}/g) ?? []).join(' ')],
    ['with dashes', (response: string) => (response.match(/.{4}/g) ?? []).join('-')],
  ])('takes a response %s', (_form, write) => {
    const { card, response } = aCard();
    const reply = resetPin(card, { serial: 'S-1', response: write(response), ...PINS });
    expect(reply).toMatchObject({ good: true, card: { blocked: false } });
    expect(reply.says).toContain('9000');
  });

  it.each([
    ['a response that is too short', { response: '1603EBDF1C8A2E' }, '16 characters'],
    ['a response that is too long', { response: '1603EBDF1C8A2E7200' }, '16 characters'],
    ['a response that is not hex', { response: '1603EBDF1C8A2E7G' }, '0 to 9 and A to F'],
    ['a PIN of three digits', { newPin: '123', confirmPin: '123' }, '4 to 8 digits'],
    ['two PINs that differ', { confirmPin: '2469' }, 'differ'],
  ])('turns down %s before the card sees it', (_what, change, words) => {
    const { card, response } = aCard();
    const before = card.view;
    const reply = resetPin(card, { serial: 'S-1', response, ...PINS, ...change });
    expect(reply.good).toBe(false);
    expect(reply.says).toContain(words);
    expect(card.view).toEqual(before);
  });

  it('says that a refused response used up the challenge', () => {
    const { card } = aCard();
    const reply = resetPin(card, { serial: 'S-1', response: '0000000000000000', ...PINS });
    expect(reply.says).toContain('6982');
    expect(reply.says).toContain('New challenge');
    expect(reply.card).toMatchObject({ challenge: null, refusedResponses: 1 });
  });

  it('says how many PINs may still be tried', () => {
    const { card, response } = aCard();
    resetPin(card, { serial: 'S-1', response, ...PINS });
    expect(tryCard(card, (asked) => asked.verifyPin('0000')).says).toBe('The PIN is wrong. The card allows 2 more.');
  });
});

describe('the unblock screen of a card that wants its PUK', () => {
  const card = () => new SimulatedCard({ serial: 'S-2', label: 'Token', holderId: 'p1', keyHex: CARD_KEY, puk: '48213907' });
  const type = (on: SimulatedCard, response: string) => resetPin(on, { serial: 'S-2', response, newPin: '2468', confirmPin: '2468' });

  it('takes the PUK as the bot shows it, in groups', () => {
    expect(type(card(), '4821 3907')).toMatchObject({ good: true, card: { blocked: false } });
  });

  it('turns down what is no PUK before it costs a try', () => {
    const token = card();
    expect(type(token, '4821')).toMatchObject({ good: false, card: { refusedResponses: 0 } });
    expect(type(token, '00000000')).toMatchObject({ good: false, card: { refusedResponses: 1 } });
  });
});
