// The audit key is made once, is nobody else's to read, and has its public half beside it.
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openCheckpoint, signCheckpoint } from '../../src/audit/checkpoint.js';
import { parseVerifierKey } from '../../src/audit/note.js';
import { openAuditKey, publicKeyFile } from '../../src/store/audit-key.js';

let folder = '';
let path = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'audit-key-'));
  path = join(folder, 'data', 'audit.key');
});

afterEach(() => rm(folder, { recursive: true }));

describe('the audit key', () => {
  it('is made with mode 0600 in a folder made for it', async () => {
    await openAuditKey(path, { createIfMissing: true });
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readFile(path, 'utf8')).toContain('BEGIN PRIVATE KEY');
    expect((await readdir(join(folder, 'data'))).toSorted()).toEqual(['audit.key', 'audit.key.pub']);
  });

  it('is the same when it is opened again', async () => {
    const made = await openAuditKey(path, { createIfMissing: true });
    const again = await openAuditKey(path, { createIfMissing: false });
    expect(again.publicText).toBe(made.publicText);
    expect(again.origin).toMatch(/^countersign\/[0-9a-f]{16}$/);
  });

  it('is one key though several processes make it at once', async () => {
    const made = await Promise.all(Array.from({ length: 8 }, () => openAuditKey(path, { createIfMissing: true })));
    expect(new Set(made.map((key) => key.publicText)).size).toBe(1);
  });

  it('signs what its public file opens', async () => {
    const key = await openAuditKey(path, { createIfMissing: true });
    const verifier = parseVerifierKey(await readFile(publicKeyFile(path), 'utf8'));
    const note = signCheckpoint({ size: 3, root: new Uint8Array(32) }, key);
    expect(verifier && openCheckpoint(note, verifier)).toMatchObject({ origin: key.origin, size: 3 });
  });

  it('writes its public file again when that is missing', async () => {
    const key = await openAuditKey(path, { createIfMissing: true });
    await rm(publicKeyFile(path));
    await openAuditKey(path, { createIfMissing: false });
    expect(await readFile(publicKeyFile(path), 'utf8')).toBe(`${key.publicText}\n`);
  });

  it('is not opened beside the public half of another key', async () => {
    await openAuditKey(path, { createIfMissing: true });
    await rm(path);
    await expect(openAuditKey(path, { createIfMissing: true })).rejects.toMatchObject({ code: 'public-key-differs' });
  });

  it('is not made where it must be there', async () => {
    await expect(openAuditKey(path, { createIfMissing: false })).rejects.toMatchObject({ code: 'key-missing' });
  });

  it.each([
    ['text', 'not a key'],
    ['another kind of key', generateKeyPairSync('x25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()],
  ])('is not read from %s, and the fault does not quote the file', async (_, text) => {
    await openAuditKey(path, { createIfMissing: true });
    await writeFile(path, text);
    const fault = await openAuditKey(path, { createIfMissing: true }).catch((error: unknown) => error);
    expect(fault).toMatchObject({ code: 'key-unusable', cause: undefined });
    expect(String(fault)).not.toContain(text.slice(0, 20));
  });

  it('is not read from a folder', async () => {
    await expect(openAuditKey(folder, { createIfMissing: false })).rejects.toMatchObject({ code: 'key-unusable' });
  });
});
