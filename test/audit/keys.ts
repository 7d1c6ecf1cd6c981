// A signing key for tests, made anew for each.
import { generateKeyPairSync, sign } from 'node:crypto';
import { type NoteSigner, publicKeyBytes, verifierKey } from '../../src/audit/note.js';

export function newSigner(name = 'countersign/test'): NoteSigner {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  return {
    verifier: verifierKey(name, publicKeyBytes(publicKey)),
    sign: (message) => new Uint8Array(sign(null, message, privateKey)),
  };
}
