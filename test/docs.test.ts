// What the documents name is there: files, commands and their options.
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { runCli } from '../src/cli/countersign.js';

let documents: ReadonlyMap<string, string>;
beforeAll(async () => {
  const inDocs = (await readdir('docs')).filter((name) => name.endsWith('.md')).map((name) => join('docs', name));
  const names = ['README.md', 'CONTRIBUTING.md', ...inDocs];
  documents = new Map(await Promise.all(names.map(async (name) => [name, await readFile(name, 'utf8')] as const)));
});

/** Every match of the pattern's first group, with the document that holds it. */
function found(pattern: RegExp): { readonly name: string; readonly what: string }[] {
  return [...documents].flatMap(([name, text]) => [...text.matchAll(pattern)].map((match) => ({ name, what: match[1] ?? '' })));
}

describe('the documents', () => {
  it('name paths that are there', () => {
    const named = found(/`((?:src|test|docs|prisma|bench|\.ci)\/[\w./-]+)`/g);
    expect(named.length).toBeGreaterThan(50);
    expect(named.filter(({ what }) => !existsSync(what))).toEqual([]);
  });

  it('link to files that are there', () => {
    const links = found(/\]\((?!https?:|#)([^)#]+)/g);
    expect(links.length).toBeGreaterThan(5);
    expect(links.filter(({ name, what }) => !existsSync(join(name, '..', what)))).toEqual([]);
  });

  it('name commands and options that the command line has', async () => {
    const commands = new Set(found(/(?:`|npx )countersign ([a-z][^`\n]*)/g).map(({ what }) => what));
    expect(commands.size).toBeGreaterThan(12);
    for (const command of commands) {
      const words = command.split(' ').slice(0, 2).filter((word) => /^[a-z]+(-[a-z]+)*$/.test(word));
      const help = await helpOf(words);
      expect(help).toContain(`Usage: countersign ${words.join(' ')} `);
      for (const option of command.match(/--[a-z-]+/g) ?? []) expect(help).toContain(option);
    }
  });
});

async function helpOf(words: readonly string[]): Promise<string> {
  let help = '';
  const unused = (): Promise<never> => Promise.reject(new Error('help reads nothing'));
  const io = { stdout: (text: string) => void (help += text), stderr: () => undefined, readFile: unused, readStdin: unused };
  await runCli([...words, '--help'], io);
  return help;
}
