// A KEK that is an AES-256 key inside a PKCS#11 token and never leaves it: the token itself wraps and unwraps (AES-GCM).
import { randomBytes } from 'node:crypto';
import { wipe } from '../lib/bytes.js';
import { inTime } from '../lib/in-time.js';
import type { Handle, Mechanism } from './cryptoki.js';
import { type KekProvider, wrapAssociated } from './kek.js';
import { faultCode, openPkcs11Token, type Pkcs11Settings, type Pkcs11Token, type Session } from './kek-pkcs11-token.js';
import { VaultError } from './vault-error.js';

const KEY_BYTES = 32;
const KEY_ID_BYTES = 8;
// NIST SP 800-38D, section 8.2.2: random IVs of 96 bits, for at most 2^32 wraps under one key.
const IV_BYTES = 12;
const TAG_BYTES = 16;
const ANSWER_MS = 10_000;

/** What tokens return for bytes that do not authenticate. */
const DAMAGED = new Set([
  'CKR_AEAD_DECRYPT_FAILED',
  'CKR_DATA_INVALID',
  'CKR_DATA_LEN_RANGE',
  'CKR_ENCRYPTED_DATA_INVALID',
  'CKR_ENCRYPTED_DATA_LEN_RANGE',
  'CKR_SIGNATURE_INVALID',
]);
/** What some return for that (SoftHSM 2 the first), and others when they are ill. */
const AMBIGUOUS = new Set(['CKR_GENERAL_ERROR', 'CKR_FUNCTION_FAILED']);

/**
 * The key of this label. Throws VaultError `kek-unavailable` (token or module), `kek-missing` (no such key),
 * or `kek-malformed` when the key could leave the token, is no AES-256 key, or cannot be told from another one.
 */
export async function openPkcs11Kek(settings: Pkcs11Settings, label: string): Promise<KekProvider> {
  const token = await openPkcs11Token(settings);
  const { id } = await token.use((session) => Promise.resolve(findKey(token, session, label)));
  return new Pkcs11Kek(token, label, id);
}

/** Makes a key in the token that can never be read out. Throws VaultError `kek-exists` or `kek-unavailable`. */
export async function createPkcs11Kek(settings: Pkcs11Settings, label: string): Promise<KekProvider> {
  const token = await openPkcs11Token(settings);
  await token.useWriting((session) => {
    if (keysLabelled(token, session, label).length > 0) {
      throw new VaultError('kek-exists', `the PKCS#11 token "${token.label}" has a key "${label}": choose another label`);
    }
    generateKey(token, session, label);
  });
  return await openPkcs11Kek(settings, label);
}

interface FoundKey {
  readonly key: Handle;
  readonly id: string;
}

class Pkcs11Kek implements KekProvider {
  readonly id: string;
  readonly #token: Pkcs11Token;
  readonly #label: string;
  #found: { readonly key: Handle; readonly epoch: number } | null = null;

  constructor(token: Pkcs11Token, label: string, id: string) {
    this.#token = token;
    this.#label = label;
    this.id = id;
  }

  /** iv (12 bytes) ‖ ciphertext (32) ‖ tag (16). */
  async wrap(dataKey: Uint8Array, boundTo: Uint8Array): Promise<Uint8Array> {
    const iv = randomBytes(IV_BYTES);
    const plain = Buffer.from(dataKey);
    try {
      return await this.#token.use(async (session) => {
        this.#token.module.C_EncryptInit(session, this.#mechanism(iv, boundTo), this.#key(session));
        const goal = Buffer.alloc(plain.length + TAG_BYTES);
        const sealed = await inTime(this.#token.module.C_EncryptAsync(session, plain, goal), ANSWER_MS);
        return new Uint8Array(Buffer.concat([iv, sealed]));
      });
    } finally {
      wipe(plain);
    }
  }

  unwrap(wrapped: Uint8Array, boundTo: Uint8Array): Promise<Uint8Array> {
    const iv = Buffer.from(wrapped.subarray(0, IV_BYTES));
    const sealed = Buffer.from(wrapped.subarray(IV_BYTES));
    if (sealed.length <= TAG_BYTES) return Promise.reject(damaged());
    return this.#token.use(async (session) => {
      const { module } = this.#token;
      module.C_DecryptInit(session, this.#mechanism(iv, boundTo), this.#key(session));
      const goal = Buffer.alloc(sealed.length);
      try {
        return new Uint8Array(await inTime(module.C_DecryptAsync(session, sealed, goal), ANSWER_MS));
      } catch (fault) {
        throw (await this.#isDamage(fault)) ? damaged(fault) : fault;
      } finally {
        wipe(goal);
      }
    });
  }

  /** Where the return value leaves it open, a token that still wraps is well, so it was the bytes. */
  async #isDamage(fault: unknown): Promise<boolean> {
    const code = faultCode(fault);
    if (!AMBIGUOUS.has(code)) return DAMAGED.has(code);
    return await this.wrap(new Uint8Array(KEY_BYTES), new Uint8Array()).then(() => true, () => false);
  }

  #key(session: Session): Handle {
    if (this.#found?.epoch === this.#token.epoch) return this.#found.key;
    const { key, id } = findKey(this.#token, session, this.#label);
    if (id !== this.id) throw new VaultError('kek-unknown', `the key "${this.#label}" is now ${id}, and was ${this.id}`);
    this.#found = { key, epoch: this.#token.epoch };
    return key;
  }

  #mechanism(iv: Buffer, boundTo: Uint8Array): Mechanism {
    const { CKM_AES_GCM: mechanism, CK_PARAMS_AES_GCM_v240: type } = this.#token.binding;
    const aad = Buffer.from(wrapAssociated(this.id, boundTo));
    return { mechanism, parameter: { type, iv, ivBits: IV_BYTES * 8, aad, tagBits: TAG_BYTES * 8 } };
  }
}

function damaged(cause?: unknown): VaultError {
  return new VaultError('sealed-damaged', 'wrapped bytes do not open: they, or what they are bound to, were changed', cause);
}

function findKey(token: Pkcs11Token, session: Session, label: string): FoundKey {
  const [key, another] = keysLabelled(token, session, label);
  const place = `the PKCS#11 token "${token.label}"`;
  if (key === undefined) {
    throw new VaultError('kek-missing', `${place} has no secret key "${label}". To make one: countersign keys create-kek --provider pkcs11`);
  }
  if (another !== undefined) throw new VaultError('kek-malformed', `${place} has several keys "${label}"`);
  const { id, weakness } = describeKey(token, session, key);
  if (weakness !== null) throw new VaultError('kek-malformed', `the key "${label}" in ${place} ${weakness}`);
  return { key, id: `pkcs11:${label}:${id}` };
}

function keysLabelled({ binding, module }: Pkcs11Token, session: Session, label: string): readonly Handle[] {
  const { CKA_CLASS, CKO_SECRET_KEY, CKA_LABEL } = binding;
  module.C_FindObjectsInit(session, [{ type: CKA_CLASS, value: CKO_SECRET_KEY }, { type: CKA_LABEL, value: label }]);
  try {
    return module.C_FindObjects(session, 2);
  } finally {
    module.C_FindObjectsFinal(session);
  }
}

function describeKey({ binding, module }: Pkcs11Token, session: Session, key: Handle) {
  const read = (type: number): Buffer => module.C_GetAttributeValue(session, key, [{ type }])[0]?.value ?? Buffer.alloc(0);
  const number = (type: number): number => read(type).readUInt32LE(0);
  const holds = (type: number): boolean => read(type)[0] === 1;
  const id = read(binding.CKA_ID).toString('hex');
  const checks: readonly (readonly [boolean, string])[] = [
    [number(binding.CKA_KEY_TYPE) === binding.CKK_AES && number(binding.CKA_VALUE_LEN) === KEY_BYTES, 'is no AES-256 key'],
    [holds(binding.CKA_SENSITIVE) && !holds(binding.CKA_EXTRACTABLE), 'could be read out of it: a key-encryption key must be sensitive and not extractable'],
    [id !== '', 'has no CKA_ID, so it could not be told from another one'],
  ];
  return { id, weakness: checks.find(([good]) => !good)?.[1] ?? null };
}

function generateKey({ binding, module }: Pkcs11Token, session: Session, label: string): void {
  const yes = [binding.CKA_TOKEN, binding.CKA_PRIVATE, binding.CKA_SENSITIVE, binding.CKA_ENCRYPT, binding.CKA_DECRYPT];
  const no = [binding.CKA_EXTRACTABLE, binding.CKA_MODIFIABLE, binding.CKA_WRAP, binding.CKA_UNWRAP];
  module.C_GenerateKey(session, { mechanism: binding.CKM_AES_KEY_GEN }, [
    { type: binding.CKA_CLASS, value: binding.CKO_SECRET_KEY },
    { type: binding.CKA_KEY_TYPE, value: binding.CKK_AES },
    { type: binding.CKA_VALUE_LEN, value: KEY_BYTES },
    { type: binding.CKA_LABEL, value: label },
    // Copied with the key to the other members of a cluster, so that it has one name everywhere.
    { type: binding.CKA_ID, value: randomBytes(KEY_ID_BYTES) },
    ...yes.map((type) => ({ type, value: true })),
    ...no.map((type) => ({ type, value: false })),
  ]);
}
