// A passphrase from a file, from standard input, or typed at the terminal where it is not shown.
import { once } from 'node:events';
import { LEAST_PASSPHRASE_CHARACTERS } from '../vault/backup-file.js';
import { readSecretLine } from '../vault/secret-file.js';
import { CliFailure, type Io } from './io.js';

/** The part of a terminal that is needed; process.stdin is one. */
export interface Keyboard extends NodeJS.ReadableStream {
  readonly isTTY?: boolean;
  setRawMode?: (raw: boolean) => unknown;
}

export interface PassphraseQuestion {
  /** `-` is standard input; without a file the terminal is asked. */
  readonly file: string | undefined;
  /** A new passphrase is asked for twice, and must be long enough. */
  readonly isNew: boolean;
}

/** Throws a CliFailure. */
export async function askPassphrase({ file, isNew }: PassphraseQuestion, io: Io, keyboard: Keyboard = process.stdin): Promise<string> {
  const passphrase = file === undefined ? await askTerminal(isNew, io, keyboard) : await readPassphrase(file, io);
  if (isNew && passphrase.length < LEAST_PASSPHRASE_CHARACTERS) {
    throw new CliFailure(1, 'passphrase-short', `The passphrase needs at least ${LEAST_PASSPHRASE_CHARACTERS} characters: several random words are easy to keep.`);
  }
  return passphrase;
}

async function readPassphrase(file: string, io: Io): Promise<string> {
  if (file !== '-') return await readSecretLine(file);
  const [line = ''] = (await io.readStdin()).split(/\r?\n/);
  return line.trim();
}

async function askTerminal(isNew: boolean, io: Io, keyboard: Keyboard): Promise<string> {
  if (keyboard.isTTY !== true) {
    throw new CliFailure(1, 'passphrase-missing', 'There is no terminal to ask for the passphrase: name a file with --passphrase-file, or - for standard input.');
  }
  // As from a file: a blank at the end is nothing that anybody means.
  const typed = (await askHidden('Passphrase: ', io, keyboard)).trim();
  if (isNew && (await askHidden('The same again: ', io, keyboard)).trim() !== typed) {
    throw new CliFailure(1, 'passphrase-differs', 'The two passphrases differ: nothing was done.');
  }
  return typed;
}

const ENTER = new Set(['\r', '\n', '\u0004']);
const RUB_OUT = new Set(['\u007F', '\b']);
const INTERRUPT = '\u0003';

/** What is typed until Enter, without showing it. */
async function askHidden(question: string, io: Io, keyboard: Keyboard): Promise<string> {
  io.stderr(question);
  keyboard.setRawMode?.(true);
  keyboard.setEncoding('utf8');
  keyboard.resume();
  try {
    return await typedLine(keyboard);
  } finally {
    keyboard.setRawMode?.(false);
    keyboard.pause();
    io.stderr('\n');
  }
}

async function typedLine(keyboard: Keyboard): Promise<string> {
  let typed: readonly string[] = [];
  for (;;) {
    const [text] = (await once(keyboard, 'data')) as [string];
    for (const character of text) {
      if (character === INTERRUPT) throw new CliFailure(1, 'interrupted', 'Nothing was done.');
      if (ENTER.has(character)) return typed.join('');
      typed = RUB_OUT.has(character) ? typed.slice(0, -1) : [...typed, character];
    }
  }
}
