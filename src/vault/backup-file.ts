// A file that a passphrase opens: armored age (age-encryption.org/v1, scrypt), so that the `age` tool opens it as well.
import { armor, Decrypter, Encrypter } from 'age-encryption';
import { VaultError } from './vault-error.js';

/** Whoever has the file can try passphrases for ever: short ones are refused. */
export const LEAST_PASSPHRASE_CHARACTERS = 12;

/** The file's text. The caller wipes `plain`. */
export async function lockWithPassphrase(plain: Uint8Array, passphrase: string): Promise<string> {
  const encrypter = new Encrypter();
  encrypter.setPassphrase(passphrase);
  return armor.encode(await encrypter.encrypt(plain));
}

/** What was locked; the caller wipes it. Throws VaultError `backup-malformed` or `backup-locked`. */
export async function openWithPassphrase(text: string, passphrase: string): Promise<Uint8Array> {
  const file = decodeArmor(text);
  const decrypter = new Decrypter();
  decrypter.addPassphrase(passphrase);
  return await decrypter.decrypt(file).catch((cause: unknown) => {
    throw new VaultError('backup-locked', 'the backup does not open: the passphrase is another one, or the file was changed', cause);
  });
}

function decodeArmor(text: string): Uint8Array {
  try {
    return armor.decode(text.trim());
  } catch (cause) {
    throw new VaultError('backup-malformed', 'this is no backup: it must begin with -----BEGIN AGE ENCRYPTED FILE-----', cause);
  }
}
