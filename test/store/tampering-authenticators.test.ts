// Somebody changes authenticators and the vault's own key in the database: nobody's code speaks for another person.
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Reply } from '../../src/chat/event.js';
import { openStoredRowMac } from '../../src/store/vault-keys.js';
import { openKekFile } from '../../src/vault/kek-file.js';
import { holdKeks } from '../../src/vault/kek.js';
import type { VaultErrorCode } from '../../src/vault/vault-error.js';
import { approve, freshCode, openRequest, stateOf } from '../flows/steps.js';
import { formIn } from '../support/world.js';
import { change, flip, forgetTries, openTamperingWorld, swap, type TamperingWorld } from './tampering-world.js';

const DANAS = "\"personId\" = 'dana'";
const A_CENTURY_ON = "\"createdAt\" + CASE WHEN \"createdAt\" > '2050-01-01' THEN interval '-1200 months' ELSE interval '1200 months' END";

let tampering: TamperingWorld;
let id: string;
/** Ids of the authenticators of dana, who may approve, and of eve, who may not. */
let pair: readonly [string, string];
beforeAll(async () => {
  tampering = await openTamperingWorld();
  id = await openRequest(tampering.world, 'emma');
  const { authenticators } = tampering.world.parts;
  const idOf = async (personId: string) => (await authenticators.activeAuthenticator(personId))?.id ?? '';
  pair = [await idOf('dana'), await idOf('eve')];
});
afterAll(() => tampering.world.close());
beforeEach(() => forgetTries(tampering.world));

/** Dana approves with the code that `whose` authenticator shows. */
async function vote(whose = 'dana'): Promise<Reply> {
  const { world } = tampering;
  return approve(world, 'dana', id, await freshCode(world, whose));
}

describe('an authenticator', () => {
  it.each<[string, readonly string[]]>([
    ['its owner', ['personId']],
    ['its owner and the HMAC that goes with it', ['personId', 'mac']],
  ])("exchanged with another person's, %s, accepts neither's code", async (_, columns) => {
    const exchanged = swap('Authenticator', 'id', pair, columns);
    await tampering.whileChanged(exchanged, () => vote('dana'), 'row-tampered');
    await tampering.whileChanged(exchanged, () => vote('eve'), 'row-tampered');
  });

  it.each<[string, readonly string[]]>([
    ['its sealed seed', ['sealedSeed']],
    ['its wrapped key', ['wrappedKey']],
    ['all of it', ['sealedSeed', 'wrappedKey', 'kekId']],
  ])("with another person's seed, %s, does not open", async (_, columns) => {
    const exchanged = swap('Authenticator', 'id', pair, columns);
    await tampering.whileChanged(exchanged, () => vote('dana'), 'sealed-damaged');
    await tampering.whileChanged(exchanged, () => vote('eve'), 'sealed-damaged');
  });

  it.each<[string, string, VaultErrorCode]>([
    ['sealedSeed', flip('Authenticator', DANAS, 'sealedSeed', 30), 'sealed-damaged'],
    ['wrappedKey', flip('Authenticator', DANAS, 'wrappedKey', 30), 'sealed-damaged'],
    ['kekId', change('Authenticator', DANAS, 'kekId', 'reverse("kekId")'), 'kek-unknown'],
    ['algorithm', change('Authenticator', DANAS, 'algorithm', 'reverse(algorithm)'), 'row-tampered'],
    ['createdAt', change('Authenticator', DANAS, 'createdAt', A_CENTURY_ON), 'row-tampered'],
    ['mac', flip('Authenticator', DANAS, 'mac', 31), 'row-tampered'],
  ])('with a changed %s accepts no code', async (_, changed, code) => {
    await tampering.whileChanged(changed, vote, code);
  });

  it('works as soon as everything is back in its place, and approved nothing before', async () => {
    expect(await stateOf(tampering.world, id)).toBe('awaiting-approval');
    expect(await vote()).toMatchObject({ kind: 'done' });
  });

  it('that was stopped does not work again for one changed word', async () => {
    const { world } = tampering;
    const liams = await openRequest(world, 'liam');
    await world.submit('liam', formIn(await world.press('liam', 'not-me', liams)), {});
    await tampering.tamper(change('Authenticator', "\"personId\" = 'liam'", 'state', "'active'"));
    await expect(world.parts.authenticators.activeAuthenticator('liam')).rejects.toMatchObject({ code: 'row-tampered' });
  });
});

describe('the key of the HMACs', () => {
  it.each<[string, string, VaultErrorCode]>([
    ['wrappedKey', flip('VaultKey', 'true', 'wrappedKey', 30), 'sealed-damaged'],
    ['sealed', flip('VaultKey', 'true', 'sealed', 30), 'sealed-damaged'],
    ['kekId', change('VaultKey', 'true', 'kekId', 'reverse("kekId")'), 'kek-unknown'],
  ])('with a changed %s opens for no process that starts', async (_, changed, code) => {
    const { database } = tampering.world.parts;
    const keks = holdKeks(await openKekFile(join(tampering.world.folder, 'kek.key')));
    await tampering.tamper(changed);
    await expect(openStoredRowMac(database, keks)).rejects.toMatchObject({ name: 'VaultError', code });
    await tampering.tamper(changed);
    await expect(openStoredRowMac(database, keks)).resolves.toBeDefined();
  });
});
