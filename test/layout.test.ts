// The house keeps its shape: every import under src goes in a direction that the layout allows.
import { readdir, readFile } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { breaches, type SourceFile } from './support/layout.js';

const SRC = 'src';

describe('the files under src', () => {
  it('keep the rules about folders', async () => {
    const files = await readSources();
    expect(files.length).toBeGreaterThan(100);
    expect(breaches(files)).toEqual([]);
  });
});

const LIB: SourceFile = { path: 'lib/bytes.ts', text: '// Bytes.\nexport const a = 1;\n' };

describe('a planted breach is found', () => {
  const imports: readonly (readonly [string, string, string])[] = [
    ['lib/a.ts', '../card/b.js', 'card stands above lib'],
    ['unblock/a.ts', '../store/b.js', 'store stands above unblock'],
    ['app/a.ts', '../cli/b.js', 'cli stands above app'],
    ['cli/a.ts', '../main.js', 'main stands above cli'],
    ['card/a.ts', '../vault/b.js', 'card and vault are strangers'],
    ['audit/a.ts', '../directory/b.js', 'audit and directory are strangers'],
    ['approval/a.ts', '../stepup/b.js', 'approval and stepup are strangers'],
    ['chat/a.ts', '../store/b.js', 'chat and store are strangers'],
    ['http/a.ts', '../config.js', 'http and config are strangers'],
    ['chat/a.ts', '../vault/b.js', 'a conversation cannot reach a key'],
    ['chat/slack/a.ts', '../../vault/b.js', 'a conversation cannot reach a key'],
    ['chat/playground/a.ts', '../../unblock/b.js', 'the playground speaks to the conversation alone'],
    ['chat/playground/a.ts', '../../stepup/b.js', 'the playground speaks to the conversation alone'],
    ['chat/a.ts', './teams/b.js', 'nothing else in chat knows chat/teams'],
    ['chat/slack/a.ts', '../teams/b.js', 'nothing else in chat knows chat/teams'],
    ['chat/playground/page/a.ts', '../b.js', 'the browser gets the files of the page alone'],
  ];

  it.each(imports)('%s importing %s', (path, goal, why) => {
    const target = join(path, '..', goal).replaceAll(sep, '/').replace(/\.js$/, '.ts');
    const files = [LIB, importing(path, goal), { path: target, text: '// Something.\n' }];
    expect(breaches(files)).toEqual([`${path} imports ${target}: ${why}`]);
  });

  it.each([
    ['import x from "../store/b.js";'],
    ['import type { X } from "../store/b.js";'],
    ['import "../store/b.js";'],
    ['export * from "../store/b.js";'],
    ['export type { X } from "../store/b.js";'],
    ['const x = await import("../store/b.js");'],
    ['type X = import("../store/b.js").X;'],
  ])('written as %s', (line) => {
    const files = [{ path: 'chat/a.ts', text: `// Something.\n${line}\n` }, { path: 'store/b.ts', text: '// Something.\n' }];
    expect(breaches(files)).toEqual(['chat/a.ts imports store/b.ts: chat and store are strangers']);
  });

  it.each([
    ['unblock/a.ts', '@prisma/client', 'store'],
    ['app/a.ts', 'pg', 'store'],
    ['chat/a.ts', '@slack/bolt', 'chat/slack'],
    ['chat/teams/a.ts', '@slack/web-api', 'chat/slack'],
    ['app/a.ts', 'botbuilder', 'chat/teams'],
  ])('%s importing the package %s', (path, name, home) => {
    expect(breaches([importing(path, name)])).toEqual([`${path} imports ${name}: only ${home} may`]);
  });

  it("the database's generated client outside store", () => {
    const sentence = 'app/a.ts imports store/generated/client.ts: only store may';
    expect(breaches([importing('app/a.ts', '../store/generated/client.js')])).toEqual([sentence]);
  });

  it("a module of Node's in the browser's page", () => {
    const path = 'chat/playground/page/a.ts';
    expect(breaches([importing(path, 'node:fs')])).toEqual([`${path} imports node:fs: it runs in a browser`]);
  });

  it.each(['process.env.PORT', 'process?.env', "process['env']", "1;\nimport { env } from 'node:process'"])(
    'the environment read as %s outside config.ts',
    (expression) => {
      const text = `// Something.\nexport const x = ${expression};\n`;
      expect(breaches([{ path: 'app/a.ts', text }])).toEqual(['app/a.ts reads the environment: only config.ts may']);
      expect(breaches([{ path: 'config.ts', text }])).toEqual([]);
    },
  );

  it('two files that import one another', () => {
    const files = [importing('card/a.ts', './b.js'), importing('card/b.ts', './c.js'), importing('card/c.ts', './a.js')];
    expect(breaches(files)).toEqual(['a cycle: card/a.ts > card/b.ts > card/c.ts > card/a.ts']);
  });

  it('a file that is not there', () => {
    expect(breaches([importing('card/a.ts', './gone.js')])).toEqual(['card/a.ts imports card/gone.ts, which is not there']);
  });

  it('an index file, a file without a purpose, a folder that the layout does not know', () => {
    expect(breaches([{ ...LIB, path: 'lib/index.ts' }])).toEqual(['lib/index.ts is an index file']);
    expect(breaches([{ path: 'lib/a.ts', text: 'export {};\n' }])).toEqual(['lib/a.ts does not begin with a comment']);
    expect(breaches([{ ...LIB, path: 'utils/a.ts' }])).toEqual(['utils/a.ts is in no folder of the layout']);
    expect(breaches([{ ...LIB, path: 'server.ts' }])).toEqual(['server.ts is in no folder of the layout']);
  });
});

describe('what is allowed passes', () => {
  it('imports that go down, a package at home, and words in comments and strings', () => {
    const files = [
      LIB,
      { path: 'cli/run.ts', text: "#!/usr/bin/env node\n// Runs.\nimport '../app/a.js';\n" },
      { path: 'app/a.ts', text: "// Wires.\nimport '../store/a.js';\nimport '../chat/slack/a.js';\n" },
      { path: 'store/a.ts', text: "// Keeps.\nimport pg from 'pg';\nimport './generated/client.js';\nimport '../lib/bytes.js';\n" },
      { path: 'chat/slack/a.ts', text: "// Talks.\nimport '@slack/bolt';\n// import '../../store/a.js';\nconst a = \"import '../teams/b.js'\";\n" },
    ];
    expect(breaches(files)).toEqual([]);
  });
});

function importing(path: string, goal: string): SourceFile {
  return { path, text: `// Something.\nimport { x } from '${goal}';\n` };
}

async function readSources(): Promise<SourceFile[]> {
  const names = (await readdir(SRC, { recursive: true })).map((name) => name.replaceAll(sep, '/'));
  const ours = names.filter((name) => name.endsWith('.ts') && !name.startsWith('store/generated/'));
  return await Promise.all(ours.map(async (path) => ({ path, text: await readFile(join(SRC, path), 'utf8') })));
}
