// Reads what every file under src imports, and tells what the rules about folders forbid.
import { posix } from 'node:path';
import ts from 'typescript';

export interface SourceFile {
  /** From src/ on, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

interface Import {
  readonly from: string;
  /** A path from src/ on, or the name of a package. */
  readonly to: string;
}

/** Each row may import the rows below it. Those in one row are strangers: none imports another. */
const ROWS: readonly (readonly string[])[] = [
  ['main'],
  ['cli'],
  ['app'],
  ['config', 'chat', 'store', 'http'],
  ['unblock'],
  ['approval', 'stepup'],
  ['card', 'vault', 'audit', 'directory'],
  ['lib'],
];
const ROOT_FILES: ReadonlyMap<string, string> = new Map([
  ['main.ts', 'main'],
  ['config.ts', 'config'],
  ['config-example.ts', 'config'],
  ['config-kek.ts', 'config'],
  ['config-mail.ts', 'config'],
  ['config-rotas.ts', 'config'],
  ['config-slack.ts', 'config'],
  ['config-teams.ts', 'config'],
]);

/** What the rows would allow and nobody may do. */
const NEVER: readonly { readonly from: string; readonly to: string; readonly why: string }[] = [
  { from: 'chat', to: 'vault', why: 'a conversation cannot reach a key' },
  { from: 'chat/playground', to: 'unblock', why: 'the playground speaks to the conversation alone' },
  { from: 'chat/playground', to: 'stepup', why: 'the playground speaks to the conversation alone' },
];
const PLATFORMS = ['chat/mail', 'chat/playground', 'chat/slack', 'chat/teams'];
/** Runs in the browser. */
const PAGE = 'chat/playground/page';

const ONLY_IN: readonly { readonly package: string; readonly folder: string }[] = [
  { package: '@prisma/', folder: 'store' },
  { package: 'pg', folder: 'store' },
  { package: '@slack/', folder: 'chat/slack' },
  { package: 'botbuilder', folder: 'chat/teams' },
  { package: 'nodemailer', folder: 'chat/mail' },
  { package: 'pkcs11js', folder: 'vault' },
  { package: 'age-encryption', folder: 'vault' },
];
const GENERATED = 'store/generated';

const READS_ENVIRONMENT = /\bprocess\s*\??\.\s*env\b|\bprocess\s*\[|from 'node:process'/;
const ENVIRONMENT_READER = 'config.ts';

/** Every breach as one sentence that names the file; none when the house is in order. */
export function breaches(files: readonly SourceFile[]): string[] {
  const known = new Set(files.map(({ path }) => path));
  const imports = files.flatMap(importsOf);
  return [
    ...files.flatMap(({ path }) => (subjectOf(path) === null ? [`${path} is in no folder of the layout`] : [])),
    ...files.filter(({ path }) => posix.basename(path) === 'index.ts').map(({ path }) => `${path} is an index file`),
    ...files.filter((file) => !saysItsPurpose(file)).map(({ path }) => `${path} does not begin with a comment`),
    ...files.filter(readsEnvironment).map(({ path }) => `${path} reads the environment: only ${ENVIRONMENT_READER} may`),
    ...imports.flatMap((one) => (isLocal(one) ? localBreaches(one, known) : packageBreaches(one))),
    ...cycles(imports).map((path) => `a cycle: ${path.join(' > ')}`),
  ];
}

/** Type imports too: a reader follows them as well. */
function importsOf({ path, text }: SourceFile): Import[] {
  return ts.preProcessFile(text).importedFiles.map(({ fileName }) => ({
    from: path,
    to: fileName.startsWith('.') ? posix.join(posix.dirname(path), fileName).replace(/\.js$/, '.ts') : fileName,
  }));
}

function isLocal({ to }: Import): boolean {
  return to.endsWith('.ts') || to.startsWith('..');
}

function localBreaches({ from, to }: Import, known: ReadonlySet<string>): string[] {
  if (isIn(to, GENERATED)) return isIn(from, 'store') ? [] : [`${from} imports ${to}: only store may`];
  if (!known.has(to)) return [`${from} imports ${to}, which is not there`];
  const why = [wrongDirection(from, to), forbidden(from, to), crossesPlatforms(from, to)].find((reason) => reason !== null);
  return why === undefined ? [] : [`${from} imports ${to}: ${why}`];
}

function packageBreaches({ from, to }: Import): string[] {
  if (isIn(from, PAGE) && to.startsWith('node:')) return [`${from} imports ${to}: it runs in a browser`];
  const home = ONLY_IN.find((one) => to === one.package || to.startsWith(one.package.endsWith('/') ? one.package : `${one.package}/`));
  return home === undefined || isIn(from, home.folder) ? [] : [`${from} imports ${to}: only ${home.folder} may`];
}

function wrongDirection(from: string, to: string): string | null {
  const [importer, imported] = [subjectOf(from), subjectOf(to)];
  if (importer === null || imported === null || importer === imported) return null;
  const [above, below] = [rowOf(importer), rowOf(imported)];
  if (above === below) return `${importer} and ${imported} are strangers`;
  return above > below ? `${imported} stands above ${importer}` : null;
}

function forbidden(from: string, to: string): string | null {
  return NEVER.find((rule) => isIn(from, rule.from) && isIn(to, rule.to))?.why ?? null;
}

/** Each platform is one folder's work: what is above them knows none, and none knows another. */
function crossesPlatforms(from: string, to: string): string | null {
  if (isIn(from, PAGE) && !isIn(to, PAGE)) return 'the browser gets the files of the page alone';
  const platform = PLATFORMS.find((folder) => isIn(to, folder));
  if (platform === undefined || isIn(from, platform) || subjectOf(from) !== 'chat') return null;
  return `nothing else in chat knows ${platform}`;
}

function subjectOf(path: string): string | null {
  const subject = path.includes('/') ? path.slice(0, path.indexOf('/')) : ROOT_FILES.get(path);
  return subject !== undefined && rowOf(subject) >= 0 ? subject : null;
}

function rowOf(subject: string): number {
  return ROWS.findIndex((row) => row.includes(subject));
}

function isIn(path: string, folder: string): boolean {
  return path.startsWith(`${folder}/`);
}

function saysItsPurpose({ text }: SourceFile): boolean {
  return /^(#!.*\n)?\/[/*]/.test(text);
}

function readsEnvironment({ path, text }: SourceFile): boolean {
  return path !== ENVIRONMENT_READER && READS_ENVIRONMENT.test(text);
}

/** One path through each cycle that a walk from every file meets. */
function cycles(imports: readonly Import[]): string[][] {
  const files = new Set(imports.map(({ from }) => from));
  const goals = new Map([...files].map((file) => [file, imports.filter(({ from }) => from === file).map(({ to }) => to)]));
  const finished = new Set<string>();
  const found: string[][] = [];
  const walk = (file: string, trail: readonly string[]): void => {
    if (trail.includes(file)) found.push([...trail.slice(trail.indexOf(file)), file]);
    if (trail.includes(file) || finished.has(file)) return;
    for (const goal of goals.get(file) ?? []) walk(goal, [...trail, file]);
    finished.add(file);
  };
  for (const file of files) walk(file, []);
  return found;
}
