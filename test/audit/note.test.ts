// Signed notes are byte for byte those of the format's first implementation, and nothing else opens.
import { createPrivateKey, generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  formatVerifierKey,
  type NoteSigner,
  openNote,
  parseVerifierKey,
  publicKeyBytes,
  signNote,
  verifierKey,
} from '../../src/audit/note.js';
import { bytes, notes } from './vectors.js';

const { name, text, signatureLine, otherSignatureLine, publicKey } = notes.note;
const note = `${text}\n${signatureLine}\n`;
const key = keyOf(publicKey);

function keyOf(publicText: string) {
  const parsed = parseVerifierKey(publicText);
  if (parsed === null) throw new Error('not a key');
  return parsed;
}

/** PKCS #8 around a 32-byte seed (RFC 8410 §7). */
function signerOf(seed: Uint8Array): NoteSigner {
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]);
  const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  return { verifier: key, sign: (message) => new Uint8Array(sign(null, message, privateKey)) };
}

describe('a signed note', () => {
  it('is signed as published', () => {
    expect(signNote(text, signerOf(bytes(notes.note.seed)))).toBe(note);
  });

  it('opens as published', () => {
    expect(openNote(note, key)).toBe(text);
    expect(openNote(notes.checkpoint.note, keyOf(notes.checkpoint.publicKey))).toContain('63096908');
  });

  it('opens with either of its keys, whatever other signatures are under it', () => {
    const both = `${note}${otherSignatureLine}\n`;
    expect(openNote(both, key)).toBe(text);
    expect(openNote(both, keyOf(notes.note.otherPublicKey))).toBe(text);
  });

  it('does not open with a key that did not sign it', () => {
    expect(openNote(note, keyOf(notes.note.otherPublicKey))).toBeNull();
  });

  it('does not open when one of two signatures under the key is wrong', () => {
    const wrong = signatureLine.replace('x08go/ZJ', 'x08go/ZK');
    expect(openNote(`${note}${wrong}\n`, key)).toBeNull();
  });

  it('does not open with one character changed, anywhere', () => {
    fc.assert(
      fc.property(fc.nat(note.length - 1), fc.constantFrom('A', 'b', ' ', '\n', '=', '—'), (at, other) => {
        fc.pre(note[at] !== other);
        expect(openNote(note.slice(0, at) + other + note.slice(at + 1), key)).toBeNull();
      }),
    );
  });

  it.each([
    ['without a signature', text],
    ['with an empty list of signatures', `${text}\n`],
    ['without its last newline', note.slice(0, -1)],
    ['with a control character', `\u0001${note}`],
    ['with a lone surrogate', `\ud800${note}`],
    ['with a name that has a blank', `${text}\n${signatureLine.replace('PeterNeumann', 'Bad Name')}\n`],
    ['with text among the signatures', `${note}Unexpected line.\n`],
    ['with a signature of four bytes', `${note}— somebody AAAAAA==\n`],
    ['of more than 64 Ki characters', `${'x'.repeat(65_536)}\n${note}`],
  ])('%s does not open', (_, malformed) => {
    expect(openNote(malformed, key)).toBeNull();
  });
});

describe('a public key as text', () => {
  it('is written as published', () => {
    expect(formatVerifierKey(key)).toBe(publicKey);
    expect(key.name).toBe(name);
  });

  it('comes back from its text, for any key', () => {
    const made = verifierKey('example.org/log', publicKeyBytes(generateKeyPairSync('ed25519').publicKey));
    const back = keyOf(`${formatVerifierKey(made)}\n`);
    expect({ ...back, publicKey: publicKeyBytes(back.publicKey) }).toEqual({
      ...made,
      publicKey: publicKeyBytes(made.publicKey),
    });
  });

  it.each(Object.entries(notes.note.badPublicKeys))('that is published as bad (%s) is not one', (_, bad) => {
    expect(parseVerifierKey(bad)).toBeNull();
  });

  it('is not one with any part missing or one character changed', () => {
    fc.assert(
      fc.property(fc.nat(publicKey.length - 1), fc.constantFrom('', 'A', 'b', '+', ' '), (at, other) => {
        const changed = publicKey.slice(0, at) + other + publicKey.slice(at + 1);
        fc.pre(changed.trim() !== publicKey);
        expect(parseVerifierKey(changed)).toBeNull();
      }),
    );
  });

  it('has 32 bytes', () => {
    expect(() => verifierKey('short', new Uint8Array(31))).toThrow(RangeError);
  });
});
