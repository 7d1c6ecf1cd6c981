// The rounds run what is in dist; this makes it what is in src.
import { execFile } from 'node:child_process';
import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

const BUILT = resolve('dist/main.js');
const COMPILER = resolve('node_modules/typescript/bin/tsc');

/** Compiles src unless dist is as new as every file of it. */
export async function buildIfStale(): Promise<void> {
  const built = await stat(BUILT).then(({ mtimeMs }) => mtimeMs, () => 0);
  if ((await newestSource()) > built) await run(process.execPath, [COMPILER, '-p', 'tsconfig.json']);
}

async function newestSource(): Promise<number> {
  const files = await readdir('src', { recursive: true, withFileTypes: true });
  const sources = files.filter((file) => file.isFile() && file.name.endsWith('.ts'));
  const times = await Promise.all(sources.map(async ({ parentPath, name }) => (await stat(join(parentPath, name))).mtimeMs));
  return Math.max(...times);
}
