// A checkpoint says size and root of one log, and only in the format's one way of writing it.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { openCheckpoint, parseCheckpoint, signCheckpoint } from '../../src/audit/checkpoint.js';
import { openNote, parseVerifierKey, signNote } from '../../src/audit/note.js';
import { newSigner } from './keys.js';
import { notes } from './vectors.js';

const signer = newSigner();
const root = new Uint8Array(32).fill(7);
const root64 = Buffer.from(root).toString('base64');

describe('a checkpoint', () => {
  it('of the Go checksum database reads as published', () => {
    const key = parseVerifierKey(notes.checkpoint.publicKey);
    const text = key === null ? null : openNote(notes.checkpoint.note, key);
    expect(parseCheckpoint(text ?? '')).toEqual({
      origin: notes.checkpoint.origin,
      size: notes.checkpoint.size,
      root: new Uint8Array(Buffer.from(notes.checkpoint.root, 'base64')),
    });
  });

  it('opens to what was signed', () => {
    fc.assert(
      fc.property(fc.nat(), fc.uint8Array({ minLength: 32, maxLength: 32 }), (size, any) => {
        const note = signCheckpoint({ size, root: any }, signer);
        expect(openCheckpoint(note, signer.verifier)).toEqual({ origin: 'countersign/test', size, root: any });
      }),
    );
  });

  it('does not open with another key of the same name', () => {
    expect(openCheckpoint(signCheckpoint({ size: 1, root }, signer), newSigner().verifier)).toBeNull();
  });

  it('of another log does not open, though the same key signed it', () => {
    expect(openCheckpoint(signNote(`countersign/other\n1\n${root64}\n`, signer), signer.verifier)).toBeNull();
  });

  it('may have extension lines, which mean nothing', () => {
    expect(parseCheckpoint(`log\n1\n${root64}\nmore\n`)).toEqual({ origin: 'log', size: 1, root });
  });

  it.each([
    ['no origin', `\n1\n${root64}\n`],
    ['no root', 'log\n1\n'],
    ['a size with a leading zero', `log\n01\n${root64}\n`],
    ['a negative size', `log\n-1\n${root64}\n`],
    ['a size in another notation', `log\n1e3\n${root64}\n`],
    ['a size beyond what a number holds exactly', `log\n9007199254740993\n${root64}\n`],
    ['a root of 31 bytes', `log\n1\n${Buffer.alloc(31).toString('base64')}\n`],
    ['no last newline', `log\n1\n${root64}`],
    ['an empty extension line', `log\n1\n${root64}\n\nmore\n`],
  ])('with %s is none', (_, text) => {
    expect(parseCheckpoint(text)).toBeNull();
  });
});
