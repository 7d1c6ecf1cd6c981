// A throw-away KEK, and the look of a VaultError.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { createKekFile } from '../../src/vault/kek-file.js';
import type { KekProvider } from '../../src/vault/kek.js';
import type { VaultErrorCode } from '../../src/vault/vault-error.js';

/** A new random KEK, whose file is gone again. */
export function newKek(): Promise<KekProvider> {
  return inNewFolder((folder) => createKekFile(join(folder, 'kek')));
}

export async function inNewFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'countersign-vault-'));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

export function vaultError(code: VaultErrorCode, message = /./): unknown {
  return expect.objectContaining({ name: 'VaultError', code, message: expect.stringMatching(message) });
}

/** The same bytes with one bit of one byte turned. */
export function flipped(bytes: Uint8Array, place: number): Uint8Array {
  return bytes.map((byte, at) => (at === place ? byte ^ (1 << place % 8) : byte));
}
