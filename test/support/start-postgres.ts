// Before all tests: one PostgreSQL server for the whole run, and our migrations in its database, which is the template.
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { Writable } from 'node:stream';
import { transform } from '@swc/core';
import type * as Log from '../../src/lib/log.js';
import type * as Embedded from '../../src/store/embedded/embedded.js';
import type * as Migrate from '../../src/store/migrate.js';

declare global {
  var stopTestPostgres: (() => Promise<void>) | undefined;
}

/** What is needed to start the server and to migrate. */
const SOURCES = ['lib', 'store/embedded', 'store/migrate.ts'];
/** Fast, and gone after a power cut. Many test files connect at once. */
const EXTRA_SETTINGS = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '300' };

/**
 * Sets for every test file COUNTERSIGN_TEST_URL, the address of the migrated database (see database.ts),
 * COUNTERSIGN_TEST_SOURCES, a folder with parts of src/ as plain JavaScript, for tests that start processes, and
 * SOFTHSM2_CONF, so that SoftHSM keeps its tokens in the folder of the run.
 */
export default async function start(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'countersign-test-'));
  await chmod(folder, 0o755); // as root, PostgreSQL runs as another user
  try {
    await setUp(folder);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

async function setUp(folder: string): Promise<void> {
  const sources = await compileSources(folder);
  const load = createRequire(join(sources, 'package.json'));
  const { openEmbedded } = load('./store/embedded/embedded.js') as typeof Embedded;
  const { migrate } = load('./store/migrate.js') as typeof Migrate;
  const { silentLog: log } = load('./lib/log.js') as typeof Log;

  const dataFolder = join(folder, 'data');
  const database = await openEmbedded({ dataFolder, log, extraSettings: EXTRA_SETTINGS });
  const watch = await stopWhenWeDie(join(dataFolder, 'postgres', 'postmaster.pid'), folder);
  if (await hasMigrations()) await migrate(database.url, 'prisma/migrations');
  process.env.COUNTERSIGN_TEST_URL = database.url;
  process.env.COUNTERSIGN_TEST_SOURCES = sources;
  process.env.SOFTHSM2_CONF = await configureSoftHsm(folder);
  globalThis.stopTestPostgres = async () => {
    await database.close();
    // Else there is nothing left to wait for, and the process ends with 0 before Jest has said how it went.
    watch.ref();
    watch.stdin.end();
    await once(watch, 'exit');
  };
}

/** SoftHSM's library reads its variable from the real environment, which test files cannot set. See softhsm.ts. */
async function configureSoftHsm(folder: string): Promise<string> {
  const [tokens, file] = [join(folder, 'tokens'), join(folder, 'softhsm2.conf')];
  await mkdir(tokens);
  await writeFile(file, `directories.tokendir = ${tokens}\nobjectstore.backend = file\nlog.level = ERROR\n`);
  return file;
}

/** Jest runs this file outside its module system, which alone could load TypeScript; so Node gets JavaScript. */
async function compileSources(folder: string): Promise<string> {
  const sources = join(folder, 'sources');
  for (const part of SOURCES) {
    const found = part.endsWith('.ts') ? [part] : (await readdir(join('src', part))).map((name) => join(part, name));
    for (const file of found.filter((name) => name.endsWith('.ts'))) await compile(file, sources);
  }
  await writeFile(join(sources, 'package.json'), '{"type":"module"}');
  await symlink(resolve('node_modules'), join(folder, 'node_modules'));
  return sources;
}

async function compile(file: string, sources: string): Promise<void> {
  const { code } = await transform(await readFile(join('src', file), 'utf8'), {
    jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
    module: { type: 'es6' },
  });
  const goal = join(sources, file.replace(/\.ts$/, '.js'));
  await mkdir(dirname(goal), { recursive: true });
  await writeFile(goal, code);
}

async function hasMigrations(): Promise<boolean> {
  return readdir('prisma/migrations').then(
    () => true,
    () => false,
  );
}

/**
 * An interrupted run, or a test that left its sessions open, would leave the server behind. So a shell waits for the
 * end of its input, which comes with our own end at the latest, stops whatever still runs and removes the folder.
 */
async function stopWhenWeDie(pidFile: string, folder: string): Promise<ChildProcessByStdio<Writable, null, null>> {
  const [pid = ''] = (await readFile(pidFile, 'utf8')).split('\n');
  const script = 'read -r end; [ -e "$1" ] && kill -INT "$0"; while [ -e "$1" ]; do sleep 0.1; done; rm -rf "$2"';
  const words = ['-c', script, pid, pidFile, folder];
  const watch = spawn('/bin/sh', words, { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  watch.unref();
  return watch;
}
