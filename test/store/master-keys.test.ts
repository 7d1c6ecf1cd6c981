// Master keys: sealed and versioned, each key once, never a default, never given out.
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseDerivationScheme } from '../../src/card/derive/scheme-file.js';
import { fromHex } from '../../src/lib/bytes.js';
import { PrismaMasterKeys } from '../../src/store/master-keys.js';
import { toMasterKey } from '../../src/store/rows.js';
import { auditKinds } from './cards-world.js';
import { openWorld, type World } from '../support/world.js';

let world: World;
let keys: PrismaMasterKeys;
beforeAll(async () => {
  world = await openWorld();
  keys = new PrismaMasterKeys(world.parts);
});
afterAll(() => world.close());

function schemeOf(variant: string) {
  const read = parseDerivationScheme(`method: an10922\nvariant: ${variant}\nserial: { encoding: hex }\n`);
  if (!('scheme' in read)) throw new Error(read.problems.join());
  return read.scheme;
}

const FIRST = randomBytes(16);

describe('a master key', () => {
  it('opens with the scheme that it was imported with', async () => {
    expect(await keys.import({ name: 'site', scheme: schemeOf('aes-128'), key: FIRST, force: false })).toMatchObject({ name: 'site', version: 1 });
    const row = await world.parts.database.masterKey.findFirstOrThrow();
    const opened = await world.parts.vault.withMasterKey(toMasterKey(row, world.parts.rowMac), (key) => Buffer.from(key).toString('hex'));
    expect(opened).toBe(FIRST.toString('hex'));
    expect((await auditKinds(world)).at(-1)).toBe('master-key-imported');
  });

  it('of the same name is the next version, and the older one stays', async () => {
    expect(await keys.import({ name: 'site', scheme: schemeOf('aes-128'), key: randomBytes(16), force: false })).toMatchObject({ version: 2 });
    expect((await keys.all()).map(({ name, version, method, cards }) => [name, version, method, cards])).toEqual([
      ['site', 1, 'an10922', 0],
      ['site', 2, 'an10922', 0],
    ]);
  });

  it('has the check value that its vendor writes down', async () => {
    const key = fromHex('000102030405060708090A0B0C0D0E0F') ?? new Uint8Array();
    // AES-128 of a block of zeros under 00..0F begins with C6A13B (NIST's AES with this key, checked with openssl).
    expect(await keys.import({ name: 'counted', scheme: schemeOf('aes-128'), key, force: false })).toMatchObject({ kcv: 'C6A13B' });
  });

  it('is refused when it is there already, under whatever name, unless that is asked for', async () => {
    const again = { name: 'other', scheme: schemeOf('aes-128'), key: FIRST };
    expect(await keys.import({ ...again, force: false })).toEqual({ refused: 'master-key-there', detail: { as: 'site@1' } });
    expect(await keys.import({ ...again, force: true })).toMatchObject({ name: 'other', version: 1 });
  });

  it.each([
    ['aes-128', '00'.repeat(16)],
    ['3tdea', '010203040506070801020304050607080102030405060708'],
  ])("is refused when it is a vendor's default: %s", async (variant, hex) => {
    const key = fromHex(hex) ?? new Uint8Array();
    expect(await keys.import({ name: 'default', scheme: schemeOf(variant), key, force: false })).toEqual({ refused: 'master-key-default' });
  });

  it.each(['name', 'scheme', 'kcv', 'version', 'createdAt'])('whose %s was changed is not listed', async (column) => {
    const [row] = await world.parts.database.masterKey.findMany({ orderBy: { createdAt: 'asc' }, take: 1 });
    if (row === undefined) throw new Error('no key');
    const other = { name: 'x', scheme: '{}', kcv: '000000', version: 99, createdAt: new Date(0) }[column];
    await world.parts.database.masterKey.update({ where: { id: row.id }, data: { [column]: other } });
    await expect(keys.all()).rejects.toMatchObject({ code: 'row-tampered' });
    await world.parts.database.masterKey.update({ where: { id: row.id }, data: { [column]: row[column as keyof typeof row] } });
  });
});
