// All of src as plain JavaScript in a new folder, for tests that start processes of their own.
import { mkdir, mkdtemp, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { transform } from '@swc/core';

/** The folder; the caller removes it. The page of the playground is left out: it runs in a browser. */
export async function compileSources(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'countersign-sources-'));
  const names = await readdir('src', { recursive: true });
  const files = names.filter((name) => name.endsWith('.ts') && !name.includes(join('playground', 'page')));
  for (const file of files) await compile(file, join(folder, 'src'));
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  await symlink(resolve('node_modules'), join(folder, 'node_modules'));
  return folder;
}

async function compile(file: string, goalFolder: string): Promise<void> {
  const { code } = await transform(await readFile(join('src', file), 'utf8'), {
    jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
    module: { type: 'es6' },
  });
  const goal = join(goalFolder, file.replace(/\.ts$/, '.js'));
  await mkdir(dirname(goal), { recursive: true });
  await writeFile(goal, code);
}
