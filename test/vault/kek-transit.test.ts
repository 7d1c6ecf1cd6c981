// A key-encryption key behind a transit engine: what is sent, what is bound, and every way in which the server may not serve us.
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { utf8 } from '../../src/lib/bytes.js';
import type { KekProvider } from '../../src/vault/kek.js';
import { openTransitKek, type TransitSettings } from '../../src/vault/kek-transit.js';
import { VaultError } from '../../src/vault/vault-error.js';
import { openTransitServer, type TransitServer } from '../support/transit-server.js';
import { vaultError } from './support.js';

const DATA_KEY = new Uint8Array(32).map((_, at) => at);
const ROW = utf8('row 1');
const KEY = { mount: 'transit', name: 'countersign' };

let server: TransitServer;
let folder: string;
let settings: TransitSettings;
let kek: KekProvider;
beforeEach(async () => {
  server = await openTransitServer();
  folder = await mkdtemp(join(tmpdir(), 'countersign-transit-'));
  const tokenFile = join(folder, 'token');
  await writeFile(tokenFile, `${server.token}\n`, { mode: 0o600 });
  settings = { url: server.url, tokenFile, namespace: null };
  kek = openTransitKek(settings, KEY);
});
afterEach(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

describe('a transit key', () => {
  it('gives a data key back, to a second opening of it as well', async () => {
    const wrapped = await kek.wrap(DATA_KEY, ROW);
    expect(Buffer.from(wrapped).toString()).toMatch(/^vault:v1:/);
    expect(await kek.unwrap(wrapped, ROW)).toEqual(DATA_KEY);
    expect(await openTransitKek(settings, KEY).unwrap(wrapped, ROW)).toEqual(DATA_KEY);
    expect(kek.id).toBe('transit:transit/countersign');
  });

  it.each([400, 500] as const)('opens nothing that was changed, or that is bound to another row (told by a %i)', async (status) => {
    server.damagedStatus = status;
    const wrapped = await kek.wrap(DATA_KEY, ROW);
    const text = Buffer.from(wrapped).toString();
    const other = text[20] === 'A' ? 'B' : 'A';
    const changed = [text.replace('v1', 'v2'), text.slice(0, 20) + other + text.slice(21), text.slice(0, -8), 'vault:v1:', 'nonsense', ''];
    for (const bytes of changed.map(utf8)) await expect(kek.unwrap(bytes, ROW)).rejects.toThrow(vaultError('sealed-damaged'));
    await expect(kek.unwrap(wrapped, utf8('row 2'))).rejects.toThrow(vaultError('sealed-damaged'));
  });

  it('that the server rotated still opens what its older version wrapped', async () => {
    const wrapped = await kek.wrap(DATA_KEY, ROW);
    server.rotate();
    expect(Buffer.from(await kek.wrap(DATA_KEY, ROW)).toString()).toMatch(/^vault:v2:/);
    expect(await kek.unwrap(wrapped, ROW)).toEqual(DATA_KEY);
    server.leastVersion = 2;
    await expect(kek.unwrap(wrapped, ROW)).rejects.toThrow(vaultError('kek-unavailable', /too old/));
  });

  it('is asked in its namespace', async () => {
    await openTransitKek({ ...settings, namespace: 'it/cards' }, KEY).wrap(DATA_KEY, ROW);
    expect(server.asked.at(-1)).toBe('it/cards /v1/transit/encrypt/countersign');
  });

  it('is asked with the token that its file holds now', async () => {
    await writeFile(settings.tokenFile, 'hvs.an-older-one\n');
    await expect(kek.wrap(DATA_KEY, ROW)).rejects.toThrow(vaultError('kek-unavailable', /renew/));
    await writeFile(settings.tokenFile, `${server.token}\n`);
    expect(await kek.unwrap(await kek.wrap(DATA_KEY, ROW), ROW)).toEqual(DATA_KEY);
  });
});

describe('nothing is wrapped', () => {
  it('by a server that takes associated data and forgets it', async () => {
    server.forgetful = true;
    await expect(kek.wrap(DATA_KEY, ROW)).rejects.toThrow(vaultError('kek-unavailable', /associated data/));
    server.forgetful = false;
    expect(await kek.unwrap(await kek.wrap(DATA_KEY, ROW), ROW)).toEqual(DATA_KEY);
  });

  it.each([
    [403, /token/],
    [404, /COUNTERSIGN_TRANSIT_KEY/],
    [429, /limits/],
    [500, /500: as it was told/],
    [503, /sealed/],
  ])('when the server answers %i, and the error says what to do', async (status, sentence) => {
    server.status = status;
    await expect(kek.wrap(DATA_KEY, ROW)).rejects.toThrow(vaultError('kek-unavailable', sentence));
    await expect(kek.unwrap(utf8('vault:v1:AAAA'), ROW)).rejects.toThrow(vaultError('kek-unavailable', sentence));
  });

  it('when the answer is none of a transit engine', async () => {
    server.status = 200;
    await expect(kek.wrap(DATA_KEY, ROW)).rejects.toThrow(vaultError('kek-unavailable', /COUNTERSIGN_TRANSIT_URL/));
  });

  it('with a key that the token may not use, or that is not there', async () => {
    const other = openTransitKek(settings, { mount: 'transit', name: 'other' });
    await expect(other.wrap(DATA_KEY, ROW)).rejects.toThrow(vaultError('kek-unavailable', /policy/));
    await expect(other.unwrap(utf8('vault:v1:AAAA'), ROW)).rejects.toThrow(vaultError('kek-unavailable', /not found/));
    const elsewhere = openTransitKek(settings, { mount: 'nowhere', name: 'countersign' });
    await expect(elsewhere.wrap(DATA_KEY, ROW)).rejects.toThrow(vaultError('kek-unavailable', /COUNTERSIGN_TRANSIT_KEY/));
  });

  it('when nobody listens', async () => {
    await server.close();
    await expect(kek.wrap(DATA_KEY, ROW)).rejects.toThrow(vaultError('kek-unavailable', /ECONNREFUSED/));
  });

  it('when the server takes the question and never answers', async () => {
    server.silent = true;
    const impatient = openTransitKek(settings, KEY, 50);
    await expect(impatient.wrap(DATA_KEY, ROW)).rejects.toThrow(vaultError('kek-unavailable', /too long/));
  });

  it('with a token file that others may read', async () => {
    await chmod(settings.tokenFile, 0o644);
    await expect(kek.wrap(DATA_KEY, ROW)).rejects.toThrow(vaultError('kek-permissions'));
  });
});

describe('a secret', () => {
  it('of the token or the data key is in no error, nor in what caused it', async () => {
    const faults: unknown[] = [];
    for (const status of [400, 403, 500, 503]) {
      server.status = status;
      faults.push(await kek.wrap(DATA_KEY, ROW).catch((fault: unknown) => fault));
    }
    await server.close();
    faults.push(await kek.wrap(DATA_KEY, ROW).catch((fault: unknown) => fault));
    expect(faults.every((fault) => fault instanceof VaultError)).toBe(true);
    for (const fault of faults) {
      const told = `${String(fault)} ${JSON.stringify(fault)} ${String(fault instanceof Error ? fault.cause : '')}`;
      expect(told).not.toContain(server.token);
      expect(told).not.toContain(Buffer.from(DATA_KEY).toString('base64'));
    }
  });
});
