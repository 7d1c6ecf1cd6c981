// A lock between processes that a killed holder does not keep: the file names the process that holds it.
import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { newToken } from '../../lib/ids.js';
import { isErrno } from '../../lib/errno.js';
import { EmbeddedError } from './embedded-error.js';
import { isRunning, startTime } from './process-table.js';

/** What the file says. The process's start tells it from a later one that was given the same number. */
const Holder = z.object({ pid: z.number(), started: z.string().nullable(), nonce: z.string() });
type Holder = Readonly<z.infer<typeof Holder>>;

const POLL_MS = 50;
/** Longer than a server's recovery may take, which happens under the lock. */
const PATIENCE_MS = 240_000;

/**
 * Runs `work` while this process holds the lock file at `path`, and gives it back whatever happens.
 * Throws an EmbeddedError `lock-timeout` when a living process keeps it for longer than `patienceMs`.
 */
export async function withLock<T>(path: string, work: () => Promise<T>, patienceMs = PATIENCE_MS): Promise<T> {
  let release = await tryLock(path);
  for (let waited = 0; release === null; waited += POLL_MS) {
    if (waited >= patienceMs) throw await lockTimeout(path);
    await sleep(POLL_MS);
    release = await tryLock(path);
  }
  try {
    return await work();
  } finally {
    await release();
  }
}

/** One try: gives the lock's release, or null when it is held (or was held by a dead process and is free only now). */
async function tryLock(path: string): Promise<(() => Promise<void>) | null> {
  const me: Holder = { pid: process.pid, started: await startTime(process.pid), nonce: newToken() };
  if (await createWhole(path, JSON.stringify(me))) return () => rm(path, { force: true });
  const holder = await readHolder(path);
  if (holder === null || (await isAlive(holder))) return null;
  await sweep(path, holder);
  return null;
}

/**
 * Removes a dead holder's file. Only whoever holds the lock on removing *this* holder may do so: without that, a second
 * sweeper that looked earlier could remove the file which the next holder has made meanwhile.
 */
async function sweep(path: string, dead: Holder): Promise<void> {
  const release = await tryLock(`${path}.${dead.nonce}`);
  if (release === null) return;
  const now = await readHolder(path);
  if (now?.nonce === dead.nonce) await rm(path, { force: true });
  await release();
}

/** Creates the file with its whole text at once, or returns false when there is one. */
async function createWhole(path: string, text: string): Promise<boolean> {
  const draft = `${path}.${newToken()}.draft`;
  await writeFile(draft, text, { mode: 0o600 });
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if (!isErrno(error, 'EEXIST')) throw error;
    return false;
  } finally {
    await rm(draft, { force: true });
  }
}

async function isAlive(holder: Holder): Promise<boolean> {
  if (!(await isRunning(holder.pid))) return false;
  const started = await startTime(holder.pid);
  return started === null || holder.started === null || started === holder.started;
}

async function readHolder(path: string): Promise<Holder | null> {
  try {
    return Holder.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return null; // just given back
  }
}

async function lockTimeout(path: string): Promise<EmbeddedError> {
  const holder = await readHolder(path);
  const who = holder === null ? 'Another process' : `Process ${holder.pid}`;
  return new EmbeddedError('lock-timeout', `${who} holds ${path} and does not let go. End it, then start again.`);
}
