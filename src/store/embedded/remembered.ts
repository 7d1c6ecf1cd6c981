// What every process that wants the embedded PostgreSQL must know of it, in a file beside the data.
import { open, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { isErrno } from '../../lib/errno.js';
import { EmbeddedError } from './embedded-error.js';
import { isRoot } from './run-as.js';

const Remembered = z.object({
  /** On 127.0.0.1, where the server listened last and will try to listen next. */
  port: z.number().int().min(1).max(65535),
  password: z.string().min(20),
  /** A server that knows this word is ours: it stands in its configuration. */
  token: z.string().min(20),
  /** The cluster's folder, when it is not the one inside the data folder. */
  elsewhere: z.string().nullable(),
  /** Whether the cluster was made. One that was made and is gone must not be replaced by an empty one. */
  made: z.boolean(),
});

export type Remembered = Readonly<z.infer<typeof Remembered>>;

/** The file of a data folder; mode 0600, because it holds the password. */
export function rememberedFile(dataFolder: string): string {
  return join(dataFolder, 'postgres.json');
}

/** What is remembered, or null at a first start. Throws an EmbeddedError when the file cannot be read or is damaged. */
export async function readRemembered(dataFolder: string): Promise<Remembered | null> {
  const file = rememberedFile(dataFolder);
  try {
    return Remembered.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return null;
    if (isErrno(error, 'EACCES')) {
      throw new EmbeddedError('folder-unusable', `${file} belongs to another user. Start as that user.`, error);
    }
    // No cause: a parser quotes the text that it failed on.
    throw new EmbeddedError('damaged', `${file} is damaged. Restore it: it holds the database's password.`);
  }
}

export async function remember(dataFolder: string, remembered: Remembered): Promise<void> {
  const { uid, gid } = await stat(dataFolder);
  await replaceFile(rememberedFile(dataFolder), `${JSON.stringify(remembered, null, 2)}\n`, { uid, gid });
}

/**
 * Replaces a file as a whole, readable by its owner alone: a reader finds the old text or the new one. Callers hold the
 * lock, so a draft that is there already was left by a writer that was killed.
 */
export async function replaceFile(path: string, text: string, owner: { uid: number; gid: number } | null): Promise<void> {
  const draft = `${path}.draft`;
  await rm(draft, { force: true });
  const file = await open(draft, 'wx', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
    if (owner !== null && isRoot()) await file.chown(owner.uid, owner.gid);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  } finally {
    await file.close();
  }
  await rename(draft, path);
}
