// Somebody changes cards in the database: no key opens, and no other person's card is answered.
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Reply } from '../../src/chat/event.js';
import { SECOND_MS } from '../../src/lib/clock.js';
import { approvedRequest, later, responseIn } from '../flows/steps.js';
import { change, flip, openTamperingWorld, swap, type TamperingWorld } from './tampering-world.js';

const CARDS = ['CARD-EMMA', 'CARD-LIAM'] as const;
const EMMAS = "serial = 'CARD-EMMA'";

let tampering: TamperingWorld;
let id: string;
let cardId: string;
beforeAll(async () => {
  tampering = await openTamperingWorld();
  id = await approvedRequest(tampering.world, 'emma');
  cardId = (await tampering.world.service.desk.cardsOf('emma'))[0]?.id ?? '';
});
afterAll(() => tampering.world.close());
// Many presses in one moment would be a flood.
afterEach(() => later(tampering.world, 20 * SECOND_MS));

/** Asks for the response, as far as the bot goes along. */
async function look(): Promise<Reply> {
  const { world } = tampering;
  const asked = await world.press('emma', 'show-response', id);
  return asked.kind === 'form' && asked.form.name === 'show-response' ? world.submit('emma', asked.form, {}) : asked;
}

describe('a sealed key', () => {
  it.each<[string, readonly string[]]>([
    ['its sealed bytes', ['sealedKey']],
    ['its wrapped key', ['wrappedKey']],
    ['all of it', ['sealedKey', 'wrappedKey', 'kekId']],
  ])("exchanged with another card's, %s, does not open", async (_, columns) => {
    await tampering.whileChanged(swap('Card', 'serial', CARDS, columns), look, 'sealed-damaged');
  });

  // The first and last byte of the nonce, the first of the ciphertext, one of the tag.
  it.each([0, 23, 24, 40])('with one bit changed in byte %i does not open', async (at) => {
    await tampering.whileChanged(flip('Card', EMMAS, 'sealedKey', at), look, 'sealed-damaged');
    await tampering.whileChanged(flip('Card', EMMAS, 'wrappedKey', at), look, 'sealed-damaged');
  });

  it('cut short does not open', async () => {
    const [row] = await tampering.world.parts.database.$queryRaw<{ whole: string }[]>`
      SELECT encode("sealedKey", 'hex') AS whole FROM "Card" WHERE serial = 'CARD-EMMA'`;
    const from = tampering.captured.lines.length;
    await tampering.tamper(change('Card', EMMAS, 'sealedKey', 'substring("sealedKey" for 20)'));
    const reply = await look();
    await tampering.tamper(change('Card', EMMAS, 'sealedKey', `decode('${row?.whole ?? ''}', 'hex')`));
    tampering.expectFault(reply, 'sealed-damaged', from);
  });

  it('under a key-encryption key that nobody has does not open', async () => {
    await tampering.whileChanged(change('Card', EMMAS, 'kekId', 'reverse("kekId")'), look, 'kek-unknown');
  });
});

describe('a card', () => {
  it.each<[string, readonly string[]]>([
    ['its holder', ['holderId']],
    ['its holder and the HMAC that goes with it', ['holderId', 'mac']],
    ['everything but its names', ['holderId', 'sealedKey', 'wrappedKey', 'kekId', 'kcv', 'mac']],
  ])("exchanged with another's, %s, is believed nothing", async (_, columns) => {
    const exchanged = swap('Card', 'serial', CARDS, columns);
    await tampering.whileChanged(exchanged, look, 'row-tampered');
    await tampering.whileChanged(exchanged, () => tampering.world.press('liam', 'start-unblock'), 'row-tampered');
  });

  it.each([
    ['serial', "translate(serial, 'CL', 'LC')"],
    ['label', 'reverse(label)'],
    ['profile', 'reverse(profile)'],
    ['unlock', 'reverse(unlock)'],
    ['holderId', "CASE \"holderId\" WHEN 'emma' THEN 'eve' ELSE 'emma' END"],
    ['state', 'reverse(state)'],
    ['refusedResponses', '1 - "refusedResponses"'],
    ['keyVersion', '3 - "keyVersion"'],
    ['kcv', 'reverse(kcv)'],
    ['keyDigest', 'set_byte("keyDigest", 0, get_byte("keyDigest", 0) # 1)'],
    ['mac', 'set_byte(mac, 0, get_byte(mac, 0) # 1)'],
  ])('with another %s is believed nothing', async (column, expression) => {
    await tampering.whileChanged(change('Card', `id = '${cardId}'`, column, expression), look, 'row-tampered');
  });

  it('is answered as soon as everything is back in its place, and was not before', async () => {
    const { database } = tampering.world.parts;
    expect(await database.answeredChallenge.count()).toBe(0);
    expect(responseIn(await look())).toHaveLength(16);
    expect(await database.auditEntry.count({ where: { body: { contains: '"kind":"released"' } } })).toBe(1);
  });
});
