// Files of cards: all rows or none, at any size, with derived keys, PUKs and cards that are lost.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readCardFile } from '../../src/card/card-file.js';
import { parseDerivationScheme } from '../../src/card/derive/scheme-file.js';
import { deriveKey } from '../../src/card/derive/derive-key.js';
import { diversifier } from '../../src/card/derive/diversifier.js';
import { keyCheckValue } from '../../src/card/kcv.js';
import { fromHex } from '../../src/lib/bytes.js';
import { isRefused } from '../../src/lib/refusal.js';
import { importingAlone } from '../../src/store/card-import-alone.js';
import { openRequest } from '../flows/steps.js';
import { PrismaMasterKeys } from '../../src/store/master-keys.js';
import { toSealedCard } from '../../src/store/rows.js';
import { auditKinds, type CardsWorld, fileOf, manyRows, openCardsWorld, orderFor, randomKey, type WatchedOrder } from './cards-world.js';

const ALONE = { waitsFor: null, expected: null };
const SCHEME_TEXT = 'method: an10922\nvariant: 3tdea\nserial: { encoding: ascii }\n';

let cards: CardsWorld;
beforeAll(async () => {
  cards = await openCardsWorld();
});
afterAll(() => cards.world.close());

function scheme() {
  const read = parseDerivationScheme(SCHEME_TEXT);
  if (!('scheme' in read)) throw new Error(read.problems.join());
  return read.scheme;
}

async function importAll(text: string): Promise<WatchedOrder> {
  const order = orderFor(text);
  const outcome = await cards.imports.import({ ...order, ...ALONE });
  if (isRefused(outcome)) throw new Error(outcome.refused);
  expect(outcome.problems).toBe(order.problems.length);
  return order;
}

async function stateOf(serial: string): Promise<string | undefined> {
  return (await cards.world.parts.cards.all()).find((card) => card.serial === serial)?.state;
}

function problemsOf(order: WatchedOrder): readonly string[] {
  return order.problems.map(({ line, serial, problem }) => `${line} ${serial ?? '-'}: ${problem}`);
}

describe('a file without problems', () => {
  it('becomes active cards that open, over several batches', async () => {
    const rows = manyRows(1_203);
    const order = await importAll(fileOf(...rows));
    expect(order.problems).toEqual([]);
    expect(order.rows).toHaveLength(1_203);
    const { database, vault } = cards.world.parts;
    const all = await database.card.findMany({ where: { serial: { startsWith: 'N-' } } });
    expect(all.map(({ state, importId }) => [state, importId])).toEqual(Array.from({ length: 1_203 }, () => ['active', null]));
    const last = all.find(({ serial }) => serial === 'N-1202');
    const sealed = last === undefined ? null : toSealedCard(last);
    if (sealed === null) throw new Error('the last card has no key');
    expect(await vault.withCardKey(sealed, (key) => Buffer.from(key).toString('hex').toUpperCase())).toBe(rows.at(-1)?.split(',')[4]);
  });

  it('has one entry in the audit, with the number of cards and the hash of the file', async () => {
    const before = (await auditKinds(cards.world)).length;
    await importAll(fileOf(...manyRows(3, 'A')));
    const rows = await cards.world.parts.database.auditEntry.findMany({ orderBy: { id: 'asc' }, skip: before });
    expect(rows.map(({ body }) => JSON.parse(body) as unknown)).toEqual([
      expect.objectContaining({ kind: 'cards-imported', actor: 'cli', facts: { added: 3, file: expect.stringMatching(/^[0-9a-f]{64}$/) } }),
    ]);
  });

  it('only looks when it is checked', async () => {
    const order = orderFor(fileOf(...manyRows(3, 'LOOK')));
    expect(await cards.imports.check(order)).toMatchObject({ cards: 3, problems: 0 });
    expect(order.rows.map(({ serial }) => serial)).toEqual(['LOOK-0', 'LOOK-1', 'LOOK-2']);
    expect(await stateOf('LOOK-0')).toBeUndefined();
  });

  it('is not kept where it is not the file that was checked', async () => {
    const { digest } = await cards.imports.check(orderFor(fileOf(...manyRows(2, 'CHANGED'))));
    const other = orderFor(fileOf(...manyRows(2, 'CHANGED')));
    expect(await cards.imports.import({ ...other, waitsFor: null, expected: digest })).toEqual({ refused: 'file-changed' });
    expect(await stateOf('CHANGED-0')).toBeUndefined();
  });
});

describe('a file with a problem', () => {
  it('keeps no row, wherever the problem stands', async () => {
    const rows = manyRows(1_100, 'BAD');
    const order = await importAll(fileOf(...rows, 'BAD-X,,gids,,nonsense,,,,', ...manyRows(5, 'BAD-AFTER')));
    expect(problemsOf(order)).toEqual([expect.stringContaining('1102 BAD-X: The key is not hex')]);
    expect(await cards.world.parts.database.card.count({ where: { serial: { startsWith: 'BAD' } } })).toBe(0);
  });

  it('names both cards where two rows far apart have one key, on both lines', async () => {
    const rows = manyRows(700, 'TWIN');
    const order = await importAll(fileOf(...rows, `TWIN-X,,gids,,${rows[0]?.split(',')[4] ?? ''},,,,`));
    expect(problemsOf(order)).toEqual([
      '2 TWIN-0: Card TWIN-0 has the same key as card TWIN-X on line 702: give each card a key of its own.',
      '702 TWIN-X: Card TWIN-X has the same key as card TWIN-0 on line 2: give each card a key of its own.',
    ]);
  });

  it('names the card that is there and has the same key, serial or no holder', async () => {
    const key = randomKey();
    await importAll(fileOf(`THERE-1,,gids,,${key},,,,`));
    const order = await importAll(fileOf(`THERE-1,,gids,,${randomKey()},,,,`, `THERE-2,,gids,,${key},,,,`, `THERE-3,,gids,nobody@example.com,${randomKey()},,,,`));
    expect(problemsOf(order)).toEqual([
      '2 THERE-1: A card with this serial is there already: leave the row out, or give the card a new secret with --replace.',
      '3 THERE-2: Card THERE-2 has the same key as card THERE-1, which is there already: a response would open both.',
      '4 THERE-3: No person has the e-mail nobody@example.com: import the people first, or correct it.',
    ]);
  });

  it('ends at an open quotation mark, with the line', async () => {
    const order = await importAll(fileOf(...manyRows(3, 'QUOTE'), `QUOTE-X,"L,gids,,${randomKey()},,,,`));
    expect(problemsOf(order)).toEqual(['5 -: A quotation mark opens here and is never closed.']);
  });
});

describe('PUKs', () => {
  it('are sealed like keys, without check value and digest', async () => {
    await importAll(fileOf('PUK-1,,yubikey-3des,,,31415926,,,'));
    const row = await cards.world.parts.database.card.findUniqueOrThrow({ where: { serial: 'PUK-1' } });
    expect(row).toMatchObject({ unlock: 'puk', kcv: '', keyDigest: null, state: 'active' });
    const sealed = toSealedCard(row);
    if (sealed === null) throw new Error('no PUK was sealed');
    expect(await cards.world.parts.vault.withCardKey(sealed, (puk) => Buffer.from(puk).toString())).toBe('31415926');
  });

  it('may be the same for two cards by chance, and are warned of from the third on', async () => {
    const rows = (count: number) => Array.from({ length: count }, (_, at) => `PUK-W${count}${at},,yubikey-3des,,,27182818,,,`);
    expect((await cards.imports.check(orderFor(fileOf(...rows(2))))).warnings).toEqual([]);
    const { problems, warnings } = await cards.imports.check(orderFor(fileOf(...rows(3))));
    expect(problems).toBe(0);
    expect(warnings).toEqual([expect.stringContaining('3 cards share one PUK')]);
    expect(warnings.join()).not.toContain('27182818');
  });
});

describe('a card that cannot be unblocked', () => {
  it('is known, and has no secret', async () => {
    await importAll(fileOf('LOST-1,,tpm-virtual-random,emma@example.com,,,,,'));
    const row = await cards.world.parts.database.card.findUniqueOrThrow({ where: { serial: 'LOST-1' } });
    expect(row).toMatchObject({ unlock: 'not-recoverable', kcv: '', kekId: null, sealedKey: null, masterKeyId: null, holderId: 'emma' });
  });
});

describe('derived keys', () => {
  const master = fromHex(randomKey()) ?? new Uint8Array();
  beforeAll(async () => {
    const keys = new PrismaMasterKeys(cards.world.parts);
    await keys.import({ name: 'site', scheme: scheme(), key: master, force: false });
  });

  it('have the check value of the derived key, a diversifier, and no sealed key', async () => {
    const order = await importAll(fileOf('D-1,,gids,,,,site,,', 'D-2,,gids,,,,site@1,D-OTHER,'));
    const bytes = diversifier(scheme(), 'D-1');
    if (isRefused(bytes)) throw new Error(bytes.refused);
    const kcv = keyCheckValue('3des', deriveKey(scheme(), master, bytes));
    expect(order.rows[0]?.kcv).toBe(kcv);
    const row = await cards.world.parts.database.card.findUniqueOrThrow({ where: { serial: 'D-1' }, include: { masterKey: true } });
    expect(row).toMatchObject({ kcv, sealedKey: null, wrappedKey: null, kekId: null, masterKey: { name: 'site', version: 1 } });
    expect(Buffer.from(row.diversifier ?? [])).toEqual(Buffer.from(bytes));
    const other = await cards.world.parts.database.card.findUniqueOrThrow({ where: { serial: 'D-2' } });
    expect(Buffer.from(other.diversifier ?? []).toString()).toBe('D-OTHER');
  });

  it('are refused with both serials where two diversifiers are the same', async () => {
    const order = await importAll(fileOf('D-3,,gids,,,,site,SAME,', 'D-4,,gids,,,,site,SAME,', 'D-5,,gids,,,,site,D-OTHER,'));
    expect(problemsOf(order)).toEqual([
      expect.stringContaining('2 D-3: Card D-3 has the same key as card D-4 on line 3'),
      expect.stringContaining('3 D-4: Card D-4 has the same key as card D-3 on line 2'),
      expect.stringContaining('4 D-5: Card D-5 has the same key as card D-2, which is there already'),
    ]);
  });

  it.each([
    ['an unknown master key', 'D-6,,gids,,,,nosuch,,', 'There is no master key nosuch'],
    ['an unknown version', 'D-6,,gids,,,,site@9,,', 'There is no master key site@9'],
    ["another cipher's profile", 'D-6,,piv-aes-256,,,,site,,', 'Master key site@1 gives 3des keys, and cards of profile piv-aes-256 use aes-256'],
    ['a diversifier that is too long', `D-6,,gids,,,,site,${'9'.repeat(40)},`, 'too long for the scheme'],
    ['another check value', 'D-6,,gids,,,,site,,000000', 'The key does not have the check value of column kcv'],
  ])('are refused for %s', async (_, row, problem) => {
    expect(problemsOf(await importAll(fileOf(row)))).toEqual([expect.stringContaining(problem)]);
  });
});

describe('the keys of a few cards', () => {
  it.each([
    ['they were sealed', [`WIPE-1,,gids,,${randomKey()},,,,`, 'WIPE-2,,yubikey-3des,,,31415926,,,']],
    ['they were refused', [`WIPE-3,,gids,nobody@example.com,${randomKey()},,,,`]],
  ])('are overwritten once %s', async (_, rows) => {
    const file = readCardFile(fileOf(...rows), { allowDefaultKeys: false });
    await cards.world.parts.cards.import(file.cards);
    const bytes = file.cards.flatMap(({ secret }) => (secret.kind === 'key' ? [...secret.key] : secret.kind === 'puk' ? [...secret.puk] : []));
    expect(bytes.length).toBeGreaterThanOrEqual(24);
    expect(bytes.every((byte) => byte === 0)).toBe(true);
  });
});

describe('two imports at once', () => {
  it('are refused: the second one waits for nothing and keeps nothing', async () => {
    const { database } = cards.world.parts;
    const second = await importingAlone(database, () => cards.imports.import({ ...orderFor(fileOf(...manyRows(1, 'SECOND'))), ...ALONE }));
    expect(second).toEqual({ refused: 'import-running' });
    expect(await stateOf('SECOND-0')).toBeUndefined();
  });
});

describe('requests', () => {
  it('go on while an import is under way', async () => {
    const { world } = cards;
    const opened: string[] = [];
    const rows = [`BUSY-LIAM,,gids,liam@example.com,${randomKey()},,,,`, ...manyRows(1_200, 'BUSY')];
    const order = orderFor(fileOf(...rows));
    const watch: typeof order.watch = async (fit, found) => {
      if (opened.length === 0) opened.push(await openRequest(world, 'dana'));
      return order.watch(fit, found);
    };
    expect(await cards.imports.import({ ...order, watch, ...ALONE })).toMatchObject({ cards: 1_201, problems: 0 });
    expect(opened).toHaveLength(1);
  });
});
