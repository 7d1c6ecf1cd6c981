// `countersign manifest teams`: the package at the terminal.
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { runCli } from '../../src/cli/countersign.js';

const APP_ID = '11111111-2222-4333-8444-555555555555';
const URL_OPTION = ['--url', 'https://unblock.example.com'];

async function run(...options: readonly string[]): Promise<{ readonly code: number; readonly out: string; readonly err: string; readonly file: string }> {
  const told = { out: '', err: '' };
  const file = join(mkdtempSync(join(tmpdir(), 'countersign-manifest-')), 'app.zip');
  const io = {
    stdout: (text: string) => void (told.out += text),
    stderr: (text: string) => void (told.err += text),
    readFile: (path: string) => Promise.resolve(readFileSync(path, 'utf8')),
    readStdin: () => Promise.resolve(''),
  };
  const code = await runCli(['manifest', 'teams', '--out', file, ...options], io);
  return { code, ...told, file };
}

describe('countersign manifest teams', () => {
  it('writes the package and says where to upload it', async () => {
    const { code, out, file } = await run('--app-id', APP_ID, ...URL_OPTION);
    expect(code).toBe(0);
    expect(out).toContain('Upload it in the Teams admin center');
    expect(readFileSync(file).subarray(0, 2).toString('latin1')).toBe('PK');
  });

  it.each([
    ['an id that is none', ['--app-id', 'my-bot', ...URL_OPTION], 'application id'],
    ['an address without https', ['--app-id', APP_ID, '--url', 'http://unblock.example.com'], 'https address'],
    ['a version that is none', ['--app-id', APP_ID, ...URL_OPTION, '--app-version', 'one'], 'three numbers'],
    ['no address', ['--app-id', APP_ID], '--url'],
  ])('refuses %s', async (_, options, sentence) => {
    const { code, err } = await run(...options);
    expect(code).toBe(2);
    expect(err).toContain(sentence);
  });
});
