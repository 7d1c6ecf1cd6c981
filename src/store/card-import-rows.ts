// The rows of an import, many in one statement: cards that wait for its end, and the import's own row.
import { toHex } from '../lib/bytes.js';
import type { RowMac } from '../vault/row-mac.js';
import type { Sealed } from '../vault/seal.js';
import { type Queries, toColumn } from './database.js';
import type { CardImport } from './generated/client.js';
import { type CardContent, cardMac, type CardRow, type RowReading, toCard } from './rows.js';

/** A card with its secret sealed; null where it has none of its own. */
export interface NewCard {
  readonly content: CardContent;
  readonly sealed: Sealed | null;
}

export async function insertCards(tx: Queries, cards: readonly NewCard[], rowMac: RowMac): Promise<void> {
  if (cards.length === 0) return;
  await tx.$executeRaw`
    INSERT INTO "Card" (id, serial, label, profile, unlock, "holderId", state, "refusedResponses", "keyVersion", kcv, "keyDigest",
                        "kekId", "wrappedKey", "sealedKey", "masterKeyId", diversifier, "importId", tags, "sponsorId", mac)
    SELECT id, serial, label, profile, unlock, "holderId", state, "refusedResponses", "keyVersion", kcv, decode("keyDigest", 'hex'),
           "kekId", decode("wrappedKey", 'hex'), decode("sealedKey", 'hex'), "masterKeyId", decode(diversifier, 'hex'), "importId", tags, "sponsorId", decode(mac, 'hex')
    FROM json_to_recordset(${asJson(cards, rowMac)}::json) AS c (
      id uuid, serial text, label text, profile text, unlock text, "holderId" text, state text, "refusedResponses" int, "keyVersion" int,
      kcv text, "keyDigest" text, "kekId" text, "wrappedKey" text, "sealedKey" text, "masterKeyId" uuid, diversifier text, "importId" uuid,
      tags text[], "sponsorId" text, mac text)`;
}

/** Gives cards that are there another secret. The caller holds their locks. */
export async function renewCards(tx: Queries, cards: readonly NewCard[], rowMac: RowMac): Promise<void> {
  const renewed = await tx.$executeRaw`
    UPDATE "Card" AS t SET unlock = c.unlock, state = c.state, "refusedResponses" = c."refusedResponses", "keyVersion" = c."keyVersion",
      kcv = c.kcv, "keyDigest" = decode(c."keyDigest", 'hex'), "kekId" = c."kekId", "wrappedKey" = decode(c."wrappedKey", 'hex'),
      "sealedKey" = decode(c."sealedKey", 'hex'), "masterKeyId" = c."masterKeyId", diversifier = decode(c.diversifier, 'hex'), mac = decode(c.mac, 'hex')
    FROM json_to_recordset(${asJson(cards, rowMac)}::json) AS c (
      id uuid, unlock text, state text, "refusedResponses" int, "keyVersion" int, kcv text, "keyDigest" text,
      "kekId" text, "wrappedKey" text, "sealedKey" text, "masterKeyId" uuid, diversifier text, mac text)
    WHERE t.id = c.id AND t."keyVersion" = c."keyVersion" - 1`;
  if (renewed !== cards.length) throw new Error('a card was not as it was read under its lock');
}

/** One parameter for any number of rows. Bytes as hex. */
function asJson(cards: readonly NewCard[], rowMac: RowMac): string {
  return JSON.stringify(
    cards.map(({ content, sealed }) => ({
      ...content,
      keyDigest: hexOf(content.keyDigest),
      diversifier: hexOf(content.diversifier),
      kekId: sealed?.kekId ?? null,
      wrappedKey: hexOf(sealed?.wrappedKey ?? null),
      sealedKey: hexOf(sealed?.sealed ?? null),
      mac: hexOf(cardMac(content, rowMac)),
    })),
  );
}

function hexOf(bytes: Uint8Array | null): string | null {
  return bytes === null ? null : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}

const BATCH_ROWS = 1_000;

/**
 * Makes the waiting cards of an import active, and returns how many. Each row's HMAC covers its state, so every row is
 * read, checked and signed again: some seconds for 100,000 cards. Throws VaultError `row-tampered`.
 */
export async function activateCards(tx: Queries, importId: string, reading: RowReading): Promise<number> {
  // All ids at once: looking for the rest again and again would pass all that is done already each time.
  const ids = await tx.$queryRaw<{ id: string }[]>`SELECT id FROM "Card" WHERE "importId" = ${importId}::uuid ORDER BY id`;
  for (let at = 0; at < ids.length; at += BATCH_ROWS) {
    const rows = await tx.card.findMany({ where: { id: { in: ids.slice(at, at + BATCH_ROWS).map(({ id }) => id) } } });
    const macs = rows.map((row) => ({ id: row.id, mac: hexOf(activeMac(row, reading)) }));
    await tx.$executeRaw`
      UPDATE "Card" AS t SET state = 'active', "importId" = NULL, mac = decode(c.mac, 'hex')
      FROM json_to_recordset(${JSON.stringify(macs)}::json) AS c (id uuid, mac text) WHERE t.id = c.id`;
  }
  return ids.length;
}

function activeMac(row: CardRow, reading: RowReading): Uint8Array {
  const { state } = toCard(row, reading);
  if (state !== 'waiting') throw new Error(`card ${row.id} belongs to an import and is ${state}`);
  return cardMac({ ...row, state: 'active', importId: null }, reading.rowMac);
}

/** Removes the waiting cards of an import, and returns how many. No request was ever opened for one. */
export async function removeWaiting(tx: Queries, importId: string): Promise<number> {
  return await tx.$executeRaw`DELETE FROM "Card" WHERE "importId" = ${importId}::uuid AND state = 'waiting'`;
}

export type ImportState = 'waiting' | 'committed' | 'dropped';

export type ImportContent = Omit<CardImport, 'mac' | 'state'> & { readonly state: ImportState };

export function importRow(content: ImportContent, rowMac: RowMac) {
  return { ...content, digest: toColumn(content.digest), mac: toColumn(rowMac.tag('CardImport', content.id, importFacts(content))) };
}

/** Throws VaultError `row-tampered`. */
export function checkImport(row: CardImport, rowMac: RowMac): void {
  rowMac.check('CardImport', row.id, importFacts(row), row.mac);
}

function importFacts({ state, cards, digest, by, at, decidedBy, decidedAt }: Omit<CardImport, 'mac'>) {
  return [state, cards, toHex(digest), by, at, decidedBy, decidedAt];
}
