// The simulated card takes what a real one takes, and nothing else.
import { createCipheriv, createDecipheriv } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { z } from 'zod';
import { PIN_TRIES, SimulatedCard } from '../../../src/chat/playground/card.js';
import { PlaygroundError } from '../../../src/chat/playground/playground-error.js';
import { fromHex } from '../../../src/lib/bytes.js';

const KEY_HEX = '0123456789ABCDEF23456789ABCDEF01456789ABCDEF0123';
const IDENTITY = { serial: 'S-1', label: 'Work card', holderId: 'p1', keyHex: KEY_HEX };
const PIN = '246813';

const vectors = z
  .object({ accepted: z.array(z.object({ standard: z.string(), cipher: z.string(), key: z.string(), challenge: z.string(), response: z.string() })) })
  .parse(JSON.parse(readFileSync(new URL('../../vectors/card-responses.json', import.meta.url), 'utf8')));
const tdesVectors = vectors.accepted.filter((vector) => vector.cipher === '3des');

function bytes(hex: string): Uint8Array {
  const read = fromHex(hex.replaceAll(' ', ''));
  if (read === null) throw new Error('not hex');
  return read;
}

function challengeOf(card: SimulatedCard): Uint8Array {
  return bytes(card.view.challenge ?? '');
}

function encrypted(challenge: Uint8Array, keyHex = KEY_HEX): Uint8Array {
  return new Uint8Array(createCipheriv('des-ede3-ecb', bytes(keyHex), null).setAutoPadding(false).update(challenge));
}

function decrypted(challenge: Uint8Array): Uint8Array {
  return new Uint8Array(createDecipheriv('des-ede3-ecb', bytes(KEY_HEX), null).setAutoPadding(false).update(challenge));
}

/** A card that shows this challenge. */
function cardShowing(challengeHex: string, keyHex: string): SimulatedCard {
  const identity = { ...IDENTITY, keyHex };
  return new SimulatedCard(identity, { ...identity, pin: null, pinTriesLeft: 0, refusedResponses: 0, challengeHex });
}

function resetCard(): SimulatedCard {
  const card = new SimulatedCard(IDENTITY);
  card.resetPin(encrypted(challengeOf(card)), PIN);
  return card;
}

describe('a card whose PIN is blocked', () => {
  it('shows a challenge of 8 random bytes in groups of four', () => {
    const [one, other] = [new SimulatedCard(IDENTITY), new SimulatedCard(IDENTITY)];
    expect(one.view.challenge).toMatch(/^([0-9A-F]{4} ){3}[0-9A-F]{4}$/);
    expect(one.view.challenge).not.toBe(other.view.challenge);
  });

  it('is unblocked by the encrypted challenge, and takes the new PIN', () => {
    const card = new SimulatedCard(IDENTITY);
    expect(card.resetPin(encrypted(challengeOf(card)), PIN)).toBe('pin-reset');
    expect(card.view).toMatchObject({ blocked: false, pinTriesLeft: PIN_TRIES, challenge: null });
    expect(card.verifyPin(PIN)).toBe('pin-right');
  });

  it.each(tdesVectors)('accepts $response, which a real card accepted for $challenge ($standard)', ({ key, challenge, response }) => {
    expect(cardShowing(challenge, key).resetPin(bytes(response), PIN)).toBe('pin-reset');
  });

  it('takes a key of two halves as K1, K2, K1', () => {
    const card = cardShowing('E068AD61A862D889', KEY_HEX.slice(0, 32));
    const threeKeys = KEY_HEX.slice(0, 32) + KEY_HEX.slice(0, 16);
    expect(card.resetPin(encrypted(bytes('E068AD61A862D889'), threeKeys), PIN)).toBe('pin-reset');
  });

  it('refuses the decrypted challenge', () => {
    const card = new SimulatedCard(IDENTITY);
    expect(card.resetPin(decrypted(challengeOf(card)), PIN)).toBe('response-refused');
    expect(card.view).toMatchObject({ blocked: true, refusedResponses: 1 });
  });

  it('accepts no response but one', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 0, maxLength: 16 }), (response) => {
        const card = new SimulatedCard(IDENTITY);
        fc.pre(Buffer.compare(response, encrypted(challengeOf(card))) !== 0);
        expect(card.resetPin(response, PIN)).toBe('response-refused');
      }),
    );
  });

  it('discards the challenge with a wrong response: the right one comes too late', () => {
    const card = new SimulatedCard(IDENTITY);
    const right = encrypted(challengeOf(card));
    card.resetPin(new Uint8Array(8), PIN);
    expect(card.resetPin(right, PIN)).toBe('no-challenge');
    expect(card.view).toMatchObject({ blocked: true, challenge: null, refusedResponses: 1 });
  });

  it('does not know the answer to an older challenge', () => {
    const card = new SimulatedCard(IDENTITY);
    const old = encrypted(challengeOf(card));
    card.newChallenge();
    expect(card.resetPin(old, PIN)).toBe('response-refused');
  });

  it('discards the challenge when the window closes', () => {
    const card = new SimulatedCard(IDENTITY);
    const right = encrypted(challengeOf(card));
    card.closeWindow();
    expect(card.resetPin(right, PIN)).toBe('no-challenge');
  });

  it('never blocks its admin key: after many wrong responses a right one is accepted', () => {
    const card = new SimulatedCard(IDENTITY);
    for (let round = 0; round < 60; round += 1) {
      card.resetPin(new Uint8Array(8), PIN);
      card.newChallenge();
    }
    expect(card.view.refusedResponses).toBe(60);
    expect(card.resetPin(encrypted(challengeOf(card)), PIN)).toBe('pin-reset');
    expect(card.view.refusedResponses).toBe(0);
  });

  it.each(['', '123', '123456789', '12a4', '１２３４'])('keeps its challenge when the new PIN is "%s"', (pin) => {
    const card = new SimulatedCard(IDENTITY);
    const right = encrypted(challengeOf(card));
    expect(card.resetPin(right, pin)).toBe('pin-rule');
    expect(card.resetPin(right, PIN)).toBe('pin-reset');
  });

  it('lets nobody sign in', () => {
    expect(new SimulatedCard(IDENTITY).verifyPin(PIN)).toBe('pin-blocked');
  });
});

describe('a card that was unblocked', () => {
  it('refuses the same response again', () => {
    const card = new SimulatedCard(IDENTITY);
    const response = encrypted(challengeOf(card));
    card.resetPin(response, PIN);
    expect(card.resetPin(response, '1111')).toBe('not-blocked');
    card.block();
    expect(card.resetPin(response, '1111')).toBe('response-refused');
  });

  it('gives no challenge', () => {
    expect(resetCard().newChallenge()).toBe('not-blocked');
  });

  it('blocks at the third wrong PIN in a row and shows a challenge', () => {
    const card = resetCard();
    expect([card.verifyPin('0000'), card.verifyPin('0000'), card.view.pinTriesLeft]).toEqual(['pin-wrong', 'pin-wrong', 1]);
    expect(card.verifyPin('0000')).toBe('pin-blocked');
    expect(card.view.challenge).not.toBeNull();
    expect(card.verifyPin(PIN)).toBe('pin-blocked');
  });

  it('counts from the start after a right PIN', () => {
    const card = resetCard();
    card.verifyPin('0000');
    card.verifyPin(PIN);
    expect(card.view.pinTriesLeft).toBe(PIN_TRIES);
  });
});

describe('what a card is made of', () => {
  it('shows neither key nor PIN', () => {
    const seen = JSON.stringify(resetCard().view);
    expect(seen).not.toContain(KEY_HEX);
    expect(seen).not.toContain(PIN);
  });

  it('is the same card after its memory was kept', () => {
    const card = new SimulatedCard(IDENTITY);
    card.resetPin(new Uint8Array(8), PIN);
    card.newChallenge();
    const kept = new SimulatedCard(IDENTITY, card.toMemory());
    expect(kept.view).toEqual(card.view);
    expect(kept.resetPin(encrypted(challengeOf(card)), PIN)).toBe('pin-reset');
  });

  it.each(['', '0102', 'not hex at all', KEY_HEX + '00'])('is not made of the key "%s"', (keyHex) => {
    expect(() => new SimulatedCard({ ...IDENTITY, keyHex })).toThrow(PlaygroundError);
  });

  it('has a vector of the GIDS kind to agree with', () => {
    expect(tdesVectors.map((vector) => vector.standard)).toContain('GIDS/minidriver admin key');
  });
});

describe('a simulated card that only its PUK unblocks', () => {
  const PUK = '48213907';
  const blocked = () => new SimulatedCard({ ...IDENTITY, puk: PUK });
  const typed = (text: string) => new TextEncoder().encode(text);

  it('shows no challenge and asks for its PUK', () => {
    const card = blocked();
    expect(card.view).toMatchObject({ wants: 'puk', challenge: null });
    expect([card.newChallenge(), card.view.challenge]).toEqual(['challenge-given', null]);
  });

  it('takes its PUK and a new PIN', () => {
    const card = blocked();
    expect(card.resetPin(typed(PUK), '2468')).toBe('pin-reset');
    expect(card.verifyPin('2468')).toBe('pin-right');
    expect(card.block()).toBe('pin-blocked');
    expect(card.view.challenge).toBeNull();
  });

  it('is beyond help after the third wrong PUK, also when it was put away in between', () => {
    let card = blocked();
    for (let wrong = 1; wrong <= 3; wrong += 1) {
      expect(card.resetPin(typed('00000000'), '2468')).toBe('puk-refused');
      const memory = card.toMemory();
      card = new SimulatedCard(memory, memory);
    }
    expect(card.resetPin(typed(PUK), '2468')).toBe('puk-blocked');
  });
});
