// Starts and stops the server on a cluster. Callers hold the lock file: nobody else does either meanwhile.
import { spawn, type ChildProcess } from 'node:child_process';
import { constants, open, readFile, stat, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findBinaries, type Binaries } from './binaries.js';
import { EmbeddedError } from './embedded-error.js';
import { freePort, isFree } from './ports.js';
import { findPostmaster, removeForeignPid, type Postmaster } from './postmaster.js';
import { isRunning } from './process-table.js';
import { replaceFile } from './remembered.js';
import { isRoot, run, spawnOptions, type RunAs } from './run-as.js';

export interface Server {
  readonly cluster: string;
  readonly binaries: Binaries;
  readonly user: RunAs;
  readonly logFile: string;
  readonly token: string;
  /** Further lines of PostgreSQL's configuration, which win over ours. */
  readonly extraSettings: Readonly<Record<string, string>>;
}

const POLL_MS = 20;
/** Recovery after a crash of the whole machine may take minutes. */
const PATIENCE_MS = 180_000;
const START_TRIES = 5;
const RETRY_MS = 400;
const LOG_TAIL_LINES = 8;

/**
 * Starts the server on `preferredPort` of 127.0.0.1, or on a free one when that is taken, and waits until it is ready.
 * Tries again a few times: somebody may take the port after we looked, and the last sessions of a server that died
 * keep a new one out for a moment.
 */
export async function startServer(server: Server, preferredPort: number): Promise<Postmaster> {
  await removeForeignPid(server.cluster);
  for (let tries = 1; ; tries += 1) {
    const port = (await isFree(preferredPort)) ? preferredPort : await freePort();
    const started = await launch(server, port);
    if (typeof started !== 'string') return started;
    if (tries === START_TRIES) {
      throw new EmbeddedError('start-failed', `The embedded PostgreSQL does not start. Its last words:\n${started}`);
    }
    await sleep(RETRY_MS);
  }
}

/** Stops the server (its "fast" shutdown: open sessions end) and waits until it is gone. */
export async function stopServer(cluster: string): Promise<void> {
  const postmaster = await findPostmaster(cluster);
  if (postmaster === null) return;
  if (process.platform === 'win32') await stopOnWindows(cluster);
  else process.kill(postmaster.pid, 'SIGINT');
  for (let waited = 0; waited < PATIENCE_MS; waited += POLL_MS) {
    if (!(await isRunning(postmaster.pid))) return;
    await sleep(POLL_MS);
  }
  throw new EmbeddedError('stop-failed', `The embedded PostgreSQL (process ${postmaster.pid}) does not stop.`);
}

/** There is no SIGINT for another process there; pg_ctl knows PostgreSQL's own way. */
async function stopOnWindows(cluster: string): Promise<void> {
  const { binaries } = await findBinaries(null, dirname(cluster));
  await run(binaries.pgCtl, ['stop', '-D', cluster, '-m', 'fast'], null);
}

/** Spawns the server in a process group of its own, so that Ctrl+C does not reach it. Gives its log's end if it fails. */
async function launch(server: Server, port: number): Promise<Postmaster | string> {
  await replaceFile(join(server.cluster, 'postgresql.auto.conf'), configuration(server, port), server.user);
  const log = await openLogFile(server.logFile);
  const before = (await log.stat()).size;
  const child = spawn(server.binaries.postgres, ['-D', server.cluster], {
    ...spawnOptions(server.user),
    detached: true,
    windowsHide: true,
    stdio: ['ignore', log.fd, log.fd],
  });
  child.on('error', () => undefined); // it has no pid then, which becomeReady sees
  child.unref();
  await log.close();
  return (await becomeReady(child, server.cluster)) ?? logTail(server.logFile, before);
}

/** For its folder's owner alone, even when root makes it: so a link that the owner put there is not followed. */
async function openLogFile(path: string): Promise<FileHandle> {
  const { O_APPEND, O_CREAT, O_WRONLY, O_NOFOLLOW } = constants;
  const log = await open(path, O_APPEND | O_CREAT | O_WRONLY | O_NOFOLLOW, 0o600);
  const { uid, gid } = await stat(dirname(path));
  if (isRoot()) await log.chown(uid, gid);
  return log;
}

async function becomeReady(child: ChildProcess, cluster: string): Promise<Postmaster | null> {
  for (let waited = 0; waited < PATIENCE_MS; waited += POLL_MS) {
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return null;
    const postmaster = await findPostmaster(cluster);
    if (postmaster?.pid === child.pid && postmaster.status === 'ready') return postmaster;
    await sleep(POLL_MS);
  }
  return null;
}

/**
 * Settings that we rely on. They stand in PostgreSQL's own override file, so that an administrator's tuning in
 * postgresql.conf stays. Nothing of a statement is logged, because its values may be people's.
 */
function configuration({ token, extraSettings }: Server, port: number): string {
  const settings: Record<string, string> = {
    listen_addresses: '127.0.0.1',
    port: `${port}`,
    unix_socket_directories: '',
    password_encryption: 'scram-sha-256',
    fsync: 'on',
    full_page_writes: 'on',
    synchronous_commit: 'on',
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_destination: 'stderr',
    logging_collector: 'off',
    log_min_messages: 'log',
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
    log_statement: 'none',
    log_min_duration_statement: '-1',
    log_checkpoints: 'off',
    'countersign.token': token,
    ...extraSettings,
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name} = '${value.replaceAll("'", "''")}'`);
  return `# Written by Countersign at each start.\n${lines.join('\n')}\n`;
}

async function logTail(logFile: string, from: number): Promise<string> {
  const text = await readFile(logFile);
  return text.subarray(from).toString('utf8').trim().split('\n').slice(-LOG_TAIL_LINES).join('\n');
}
