// A card whose key is derived from a master key when it is used: the response is right, and nothing comes of a changed row.
import { createCipheriv, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseDerivationScheme } from '../../src/card/derive/scheme-file.js';
import { isRefused } from '../../src/lib/refusal.js';
import { PrismaMasterKeys } from '../../src/store/master-keys.js';
import { type CardsWorld, fileOf, openCardsWorld, orderFor } from '../store/cards-world.js';
import { formIn, type World } from '../support/world.js';
import { approve, auditKinds, freshCode, hasResponse, latestRequest, newChallenge, reimport, responseIn } from './steps.js';

const MASTER = randomBytes(16);
// The serial in ASCII, filled with 00 to the two blocks of a two-key 3DES key, the second block with FF.
const SCHEME = JSON.stringify({
  method: '3des-ecb-template',
  serial: { encoding: 'ascii' },
  blocks: [
    { bytes: 8, pad: { side: 'right', with: '00' } },
    { bytes: 8, pad: { side: 'right', with: 'FF' } },
  ],
});

let cards: CardsWorld;
let world: World;

beforeAll(async () => {
  cards = await openCardsWorld();
  world = cards.world;
  await reimport(world, ['eve,Eve Stranger,eve@example.com,dana@example.com,,,']);
  const read = parseDerivationScheme(SCHEME);
  if ('problems' in read) throw new Error(read.problems.join());
  await new PrismaMasterKeys(world.parts).import({ name: 'site', scheme: read.scheme, key: MASTER, force: false });
  const brought = await cards.imports.import({ ...orderFor(fileOf('D-1,Card,gids,eve@example.com,,,site,,')), waitsFor: null, expected: null });
  if (isRefused(brought) || brought.problems > 0) throw new Error(JSON.stringify(brought));
}, 60_000);
afterAll(() => world.close());

function tripleDes(key: Buffer, block: Buffer): Buffer {
  const cipher = createCipheriv('des-ede3', Buffer.concat([key, key.subarray(0, 8)]), null).setAutoPadding(false);
  return Buffer.concat([cipher.update(block), cipher.final()]);
}

function expectedResponse(challenge: string): string {
  const serial = Buffer.from('D-1');
  const blocks = [0x00, 0xff].map((filler) => Buffer.concat([serial, Buffer.alloc(8 - serial.length, filler)]));
  const key = Buffer.concat(blocks.map((block) => tripleDes(MASTER, block)));
  return tripleDes(key, Buffer.from(challenge.replaceAll(' ', ''), 'hex')).toString('hex').toUpperCase();
}

async function approved(challenge: string): Promise<string> {
  const form = formIn(await world.press('eve', 'start-unblock'));
  await world.submit('eve', form, { challenge, code: await freshCode(world, 'eve'), reason: 'PIN forgotten' });
  const { id } = await latestRequest(world, 'eve');
  await approve(world, 'dana', id, await freshCode(world, 'dana'));
  return id;
}

describe('a derived key', () => {
  it('answers the challenge as an independent computation does', async () => {
    const challenge = newChallenge();
    const id = await approved(challenge);
    const shown = await world.submit('eve', formIn(await world.press('eve', 'show-response', id)), {});
    expect(responseIn(shown)).toBe(expectedResponse(challenge));
    await world.press('eve', 'it-worked', id);
  });

  it.each([
    ['the scheme', `UPDATE "MasterKey" SET scheme = replace(scheme, 'FF', '20')`, `UPDATE "MasterKey" SET scheme = replace(scheme, '20', 'FF')`],
    ['the name', `UPDATE "MasterKey" SET name = 'other'`, `UPDATE "MasterKey" SET name = 'site'`],
    ['the diversifier', `UPDATE "Card" SET diversifier = set_byte(diversifier, 0, 0) WHERE serial = 'D-1'`, `UPDATE "Card" SET diversifier = set_byte(diversifier, 0, 68) WHERE serial = 'D-1'`],
  ])('gives nothing, and releases nothing, when %s was changed in the database', async (_what, change, back) => {
    const id = await approved(newChallenge());
    const dialog = formIn(await world.press('eve', 'show-response', id));
    expect(await world.parts.database.$executeRawUnsafe(change)).toBe(1);
    const shown = await world.submit('eve', dialog, {});
    expect(await world.parts.database.$executeRawUnsafe(back)).toBe(1);
    expect(hasResponse(shown)).toBe(false);
    expect(await auditKinds(world, id)).not.toContain('released');
    expect(hasResponse(await world.submit('eve', dialog, {}))).toBe(true);
    await world.press('eve', 'it-worked', id);
  });
});
