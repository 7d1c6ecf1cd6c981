// A passphrase at the terminal is not shown, is asked for twice, and can be mistyped and given up.
import { PassThrough } from 'node:stream';
import { setImmediate as soon } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { type Io, systemIo } from '../../src/cli/io.js';
import { askPassphrase, type Keyboard } from '../../src/cli/passphrase.js';

const ENTER = '\r';
let shown = '';
let raw: boolean[] = [];
const io: Io = { ...systemIo, stdout: () => undefined, stderr: (text) => void (shown += text) };

/** A terminal on which these lines are typed, each as soon as it is waited for. */
function keyboard(...typed: readonly string[]): Keyboard {
  const stream = Object.assign(new PassThrough(), { isTTY: true, setRawMode: (on: boolean) => raw.push(on) });
  void (async () => {
    for (const text of typed) {
      while (stream.listenerCount('data') === 0) await soon();
      stream.write(text);
      await soon();
    }
  })();
  return stream;
}

beforeEach(() => {
  [shown, raw] = ['', []];
});

describe('a passphrase that is typed', () => {
  it('is taken when it is typed the same twice, and never shown', async () => {
    const typed = `correct horse battery${ENTER}`;
    await expect(askPassphrase({ file: undefined, isNew: true }, io, keyboard(typed, typed))).resolves.toBe('correct horse battery');
    expect(shown).toBe('Passphrase: \nThe same again: \n');
    expect(raw).toEqual([true, false, true, false]);
  });

  it('is asked for once to open something, however short it is', async () => {
    await expect(askPassphrase({ file: undefined, isNew: false }, io, keyboard('ol', 'd', ENTER))).resolves.toBe('old');
  });

  it('can be corrected', async () => {
    await expect(askPassphrase({ file: undefined, isNew: false }, io, keyboard(`abd\u007Fc${ENTER}`))).resolves.toBe('abc');
  });

  it.each([
    ['that differs the second time', [`correct horse battery${ENTER}`, `correct horse buttery${ENTER}`], 'passphrase-differs'],
    ['that is short', [`short${ENTER}`, `short${ENTER}`], 'passphrase-short'],
    ['that is given up with Ctrl+C', ['corr\u0003'], 'interrupted'],
  ])('%s is refused', async (_what, typed, code) => {
    await expect(askPassphrase({ file: undefined, isNew: true }, io, keyboard(...typed))).rejects.toMatchObject({ code });
    expect(raw.at(-1)).toBe(false);
  });

  it('cannot be asked for where there is no terminal', async () => {
    const question = askPassphrase({ file: undefined, isNew: true }, io, new PassThrough());
    await expect(question).rejects.toMatchObject({ code: 'passphrase-missing' });
  });
});
