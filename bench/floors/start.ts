// The floor of a start: a bare HTTP server, and PostgreSQL made by `initdb` and started as anyone would.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chown, mkdir, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { findBinaries } from '../../src/store/embedded/binaries.js';
import { freePort } from '../../src/store/embedded/ports.js';
import { chooseRunAs, run, spawnOptions } from '../../src/store/embedded/run-as.js';

const POLL_MS = 5;

const dataFolder = process.env.COUNTERSIGN_DATA ?? '';
await mkdir(dataFolder, { recursive: true, mode: 0o711 });
// PostgreSQL refuses root, so that root's floor needs another user, too.
const user = await chooseRunAs(dataFolder);
const { binaries } = await findBinaries(user, dataFolder);
const cluster = join(dataFolder, 'floor');
if (!(await exists(cluster))) await createCluster();
const port = await freePort();
const words = ['-D', cluster, '-p', String(port), '-h', '127.0.0.1', '-k', ''];
const postgres = spawn(binaries.postgres, words, { ...spawnOptions(user), stdio: 'ignore' });
while (!(await answers())) await sleep(POLL_MS);

const server = createServer((_request, response) => response.end('ready'));
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const address = server.address();
console.log(`http://127.0.0.1:${typeof address === 'object' ? (address?.port ?? 0) : 0}`);

await once(process, 'SIGTERM');
postgres.kill('SIGINT');
await once(postgres, 'exit');
process.exit(0);

async function createCluster(): Promise<void> {
  await mkdir(cluster, { mode: 0o700 });
  if (user !== null) await chown(cluster, user.uid, user.gid);
  const made = await run(binaries.initdb, ['-D', cluster, '-U', 'floor', '--auth=trust', '--encoding=UTF8', '--locale=C'], user);
  if (!made.ok) throw new Error(made.output);
}

async function answers(): Promise<boolean> {
  const client = new pg.Client({ host: '127.0.0.1', port, user: 'floor', database: 'postgres' });
  client.on('error', () => undefined); // the attempt below reports it
  return client.connect().then(
    () => client.end().then(() => true),
    () => false,
  );
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
