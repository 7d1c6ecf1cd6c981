// A key-encryption key in a real PKCS#11 token (SoftHSM 2): it wraps, it binds, it never comes out, and it comes back after a loss.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { utf8 } from '../../src/lib/bytes.js';
import { holdKeks, type KekProvider } from '../../src/vault/kek.js';
import { createPkcs11Kek, openPkcs11Kek } from '../../src/vault/kek-pkcs11.js';
import { openPkcs11Token, type Pkcs11Token, type Session } from '../../src/vault/kek-pkcs11-token.js';
import { rewrapKey } from '../../src/vault/rewrap.js';
import { vaultKeyBinding } from '../../src/vault/binding.js';
import { sealSecret, withOpened } from '../../src/vault/seal.js';
import { openSoftHsm, type SoftHsm, softHsmModule } from '../support/softhsm.js';
import { flipped, newKek, vaultError } from './support.js';

const DATA_KEY = new Uint8Array(32).map((_, at) => at);
const ROW = utf8('row 1');

const module = softHsmModule();
const withToken = module === null ? describe.skip : describe;

let hsm: SoftHsm;
let kek: KekProvider;
beforeAll(async () => {
  if (module === null) return;
  hsm = await openSoftHsm(module);
  kek = await createPkcs11Kek(hsm.settings, 'kek-1');
});
afterAll(() => (module === null ? undefined : hsm.close()));

withToken('a key in a token', () => {
  it('gives a data key back, to a second opening of it as well', async () => {
    const wrapped = await kek.wrap(DATA_KEY, ROW);
    expect(wrapped).toHaveLength(12 + 32 + 16);
    expect(await kek.unwrap(wrapped, ROW)).toEqual(DATA_KEY);
    const again = await openPkcs11Kek(hsm.settings, 'kek-1');
    expect(again.id).toBe(kek.id);
    expect(await again.unwrap(wrapped, ROW)).toEqual(DATA_KEY);
  });

  it('wraps the same data key differently each time', async () => {
    expect(await kek.wrap(DATA_KEY, ROW)).not.toEqual(await kek.wrap(DATA_KEY, ROW));
  });

  it('opens nothing that was changed, or that is bound to another row', async () => {
    const wrapped = await kek.wrap(DATA_KEY, ROW);
    await expect(kek.unwrap(wrapped, utf8('row 2'))).rejects.toThrow(vaultError('sealed-damaged'));
    for (const place of [0, 11, 12, 43, 44, 59]) {
      await expect(kek.unwrap(flipped(wrapped, place), ROW)).rejects.toThrow(vaultError('sealed-damaged'));
    }
    for (const length of [0, 12, 28, 59]) {
      await expect(kek.unwrap(wrapped.subarray(0, length), ROW)).rejects.toThrow(vaultError('sealed-damaged'));
    }
    expect(await kek.unwrap(wrapped, ROW)).toEqual(DATA_KEY);
  });

  it('opens nothing that another key of the same token wrapped', async () => {
    const other = await createPkcs11Kek(hsm.settings, 'kek-other');
    expect(other.id).not.toBe(kek.id);
    await expect(other.unwrap(await kek.wrap(DATA_KEY, ROW), ROW)).rejects.toThrow(vaultError('sealed-damaged'));
  });

  it('serves many at once', async () => {
    const wrapped = await Promise.all(Array.from({ length: 60 }, (_, at) => kek.wrap(DATA_KEY, utf8(`row ${at}`))));
    const opened = await Promise.all(wrapped.map((bytes, at) => kek.unwrap(bytes, utf8(`row ${at}`))));
    expect(opened.every((bytes) => Buffer.from(bytes).equals(DATA_KEY))).toBe(true);
  });

  it('takes over from a file, and seals secrets like one', async () => {
    const file = await newKek();
    const binding = vaultKeyBinding('somebody');
    const sealed = await sealSecret(utf8('secret'), binding, file);
    const keks = holdKeks(kek, file);
    const moved = { ...sealed, kekId: kek.id, wrappedKey: await rewrapKey(sealed, binding, keks) };
    const opened = await withOpened(moved, binding, holdKeks(kek), (secret) => Buffer.from(secret).toString());
    expect(opened).toBe('secret');
  });

  it('was made sensitive and not extractable: the token gives it to nobody', async () => {
    const token = await openPkcs11Token(hsm.settings);
    const { CKA_VALUE, CKA_LABEL } = token.binding;
    const read = token.use((session) => {
      token.module.C_FindObjectsInit(session, [{ type: CKA_LABEL, value: 'kek-1' }]);
      const [key] = token.module.C_FindObjects(session, 1);
      token.module.C_FindObjectsFinal(session);
      if (key === undefined) throw new Error('the key is gone');
      return Promise.resolve(token.module.C_GetAttributeValue(session, key, [{ type: CKA_VALUE }]));
    });
    await expect(read).rejects.toThrow(vaultError('kek-unavailable', /CKR_ATTRIBUTE_SENSITIVE/));
  });
});

withToken('after the token was lost', () => {
  it.each([
    ['its sessions were closed', ({ module: library }: Pkcs11Token, slot: Buffer) => library.C_CloseAllSessions(slot)],
    ['its library was ended', ({ module: library }: Pkcs11Token) => library.C_Finalize()],
  ])('because %s, the next use logs in again', async (_why, lose) => {
    const wrapped = await kek.wrap(DATA_KEY, ROW);
    const token = await openPkcs11Token(hsm.settings);
    lose(token, slotOf(token));
    expect(await kek.unwrap(wrapped, ROW)).toEqual(DATA_KEY);
    expect(await Promise.all([1, 2, 3].map(() => kek.unwrap(wrapped, ROW)))).toEqual([DATA_KEY, DATA_KEY, DATA_KEY]);
  });
});

withToken('what does not fit is refused in words', () => {
  it('a label that nothing has', async () => {
    await expect(openPkcs11Kek(hsm.settings, 'none')).rejects.toThrow(vaultError('kek-missing', /keys create-kek/));
  });

  it('a label that is taken', async () => {
    await expect(createPkcs11Kek(hsm.settings, 'kek-1')).rejects.toThrow(vaultError('kek-exists', /another label/));
  });

  it('a token that is not there', async () => {
    const elsewhere = { ...hsm.settings, tokenLabel: 'nowhere' };
    await expect(openPkcs11Kek(elsewhere, 'kek-1')).rejects.toThrow(vaultError('kek-unavailable', /COUNTERSIGN_PKCS11_TOKEN/));
  });

  it('a module that is none', async () => {
    const elsewhere = { ...hsm.settings, module: join(hsm.folder, 'none.so') };
    await expect(openPkcs11Kek(elsewhere, 'kek-1')).rejects.toThrow(vaultError('kek-unavailable', /COUNTERSIGN_PKCS11_MODULE/));
  });

  it.each([
    ['that could be read out', { CKA_SENSITIVE: false, CKA_EXTRACTABLE: true }, 32, /read out/],
    ['that may be wrapped out', { CKA_SENSITIVE: true, CKA_EXTRACTABLE: true }, 32, /read out/],
    ['of 128 bits', { CKA_SENSITIVE: true, CKA_EXTRACTABLE: false }, 16, /AES-256/],
  ] as const)('a key %s', async (name, attributes, length, sentence) => {
    const token = await openPkcs11Token(hsm.settings);
    await token.useWriting((session) => addKey(token, session, { label: `bad ${name}`, attributes, length }));
    await expect(openPkcs11Kek(hsm.settings, `bad ${name}`)).rejects.toThrow(vaultError('kek-malformed', sentence));
  });

  it('a PIN that is wrong, which is tried once and never again', async () => {
    const pinFile = join(hsm.folder, 'wrong-pin');
    await writeFile(pinFile, '000000\n', { mode: 0o600 });
    const token = await openPkcs11Token({ ...hsm.settings, pinFile });
    // Whoever is logged in already is not asked for the PIN.
    token.module.C_CloseAllSessions(slotOf(token));
    const use = () => token.use(() => Promise.resolve('used'));
    await expect(use()).rejects.toThrow(vaultError('kek-unavailable', /refused the PIN/));
    await writeFile(pinFile, '000001\n', { mode: 0o600 });
    await expect(use()).rejects.toThrow(vaultError('kek-unavailable', /refused the PIN/));
    expect(await kek.unwrap(await kek.wrap(DATA_KEY, ROW), ROW)).toEqual(DATA_KEY);
  });
});

function slotOf({ module: library, label }: Pkcs11Token): Buffer {
  const slot = library.C_GetSlotList(true).find((one) => library.C_GetTokenInfo(one).label.trimEnd() === label);
  if (slot === undefined) throw new Error('the token is gone');
  return slot;
}

interface BadKey {
  readonly label: string;
  readonly attributes: Readonly<Record<'CKA_SENSITIVE' | 'CKA_EXTRACTABLE', boolean>>;
  readonly length: number;
}

function addKey({ module: library, binding }: Pkcs11Token, session: Session, { label, attributes, length }: BadKey): void {
  library.C_GenerateKey(session, { mechanism: binding.CKM_AES_KEY_GEN }, [
    { type: binding.CKA_CLASS, value: binding.CKO_SECRET_KEY },
    { type: binding.CKA_KEY_TYPE, value: binding.CKK_AES },
    { type: binding.CKA_VALUE_LEN, value: length },
    { type: binding.CKA_LABEL, value: label },
    { type: binding.CKA_ID, value: Buffer.from('01', 'hex') },
    { type: binding.CKA_TOKEN, value: true },
    { type: binding.CKA_SENSITIVE, value: attributes.CKA_SENSITIVE },
    { type: binding.CKA_EXTRACTABLE, value: attributes.CKA_EXTRACTABLE },
  ]);
}
