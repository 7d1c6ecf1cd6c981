// One PKCS#11 token: its module, its PIN, its sessions. Opened anew when it was lost, never tried again with a refused PIN.
import { type Cryptoki, type CryptokiPackage, type Handle, loadCryptoki } from './cryptoki.js';
import { readSecretLine } from './secret-file.js';
import { VaultError } from './vault-error.js';

export interface Pkcs11Settings {
  /** The vendor's PKCS#11 library. */
  readonly module: string;
  readonly tokenLabel: string;
  /** A file whose first line is the user PIN. */
  readonly pinFile: string;
}

export type Session = Handle;

const MOST_IDLE_SESSIONS = 16;
/** The error codes (PKCS#11 2.40, section 5.1) after which a new session may do what the old one could not. */
const LOST = new Set([
  'CKR_CRYPTOKI_NOT_INITIALIZED',
  'CKR_DEVICE_ERROR',
  'CKR_DEVICE_REMOVED',
  'CKR_KEY_HANDLE_INVALID',
  'CKR_OBJECT_HANDLE_INVALID',
  'CKR_SESSION_CLOSED',
  'CKR_SESSION_HANDLE_INVALID',
  'CKR_SLOT_ID_INVALID',
  'CKR_TOKEN_NOT_PRESENT',
  'CKR_USER_NOT_LOGGED_IN',
]);
/** A token counts refused PINs and locks itself, so after one of these nobody tries again by itself. */
const PIN_REFUSED = new Set(['CKR_PIN_INCORRECT', 'CKR_PIN_INVALID', 'CKR_PIN_LEN_RANGE', 'CKR_PIN_EXPIRED', 'CKR_PIN_LOCKED']);
/** The token allows one more wrong PIN and then locks itself (PKCS#11 2.40, CK_TOKEN_INFO flags). */
const CKF_USER_PIN_FINAL_TRY = 0x0002_0000;
/** Whose PIN was refused, by module, label and PIN file: no other key on that token tries it again. */
const refusedPins = new Set<string>();
/** States of a session in which the user is logged in (read-only, read-write). */
const CKS_RO_USER_FUNCTIONS = 1;
const CKS_RW_USER_FUNCTIONS = 3;

/** Throws VaultError `kek-unavailable` when the module cannot be loaded. Touches no token yet. */
export async function openPkcs11Token(settings: Pkcs11Settings): Promise<Pkcs11Token> {
  const binding = await loadBinding();
  return new Pkcs11Token(binding, loadModule(binding, settings.module), settings);
}

export class Pkcs11Token {
  readonly binding: CryptokiPackage;
  readonly module: Cryptoki;
  readonly #settings: Pkcs11Settings;
  #idle: Session[] = [];
  #slot: Handle | null = null;
  /** Goes up when the token was lost: what was found or opened before is worth nothing then. */
  #epoch = 0;

  constructor(binding: CryptokiPackage, module: Cryptoki, settings: Pkcs11Settings) {
    this.binding = binding;
    this.module = module;
    this.#settings = settings;
  }

  get epoch(): number {
    return this.#epoch;
  }

  get #place(): string {
    return [this.#settings.module, this.label, this.#settings.pinFile].join('\n');
  }

  get label(): string {
    return this.#settings.tokenLabel;
  }

  /**
   * Lends a logged-in session, each to one use at a time, and once more a new one when the token was lost meanwhile.
   * Throws VaultError `kek-unavailable`; what `work` throws as a VaultError stays as it is.
   */
  async use<T>(work: (session: Session) => Promise<T>): Promise<T> {
    try {
      return await this.#once(work);
    } catch (fault) {
      if (!LOST.has(faultCode(fault))) throw this.#unavailable(fault);
      this.#forget();
    }
    return await this.#once(work).catch((fault: unknown) => {
      throw this.#unavailable(fault);
    });
  }

  /** A session of its own that may also write to the token. */
  async useWriting<T>(work: (session: Session) => T): Promise<T> {
    try {
      const session = await this.#open(this.binding.CKF_SERIAL_SESSION | this.binding.CKF_RW_SESSION);
      try {
        return work(session);
      } finally {
        this.#close(session);
      }
    } catch (fault) {
      throw this.#unavailable(fault);
    }
  }

  async #once<T>(work: (session: Session) => Promise<T>): Promise<T> {
    const epoch = this.#epoch;
    const session = this.#idle.pop() ?? (await this.#open(this.binding.CKF_SERIAL_SESSION));
    let sound = false;
    try {
      const outcome = await work(session);
      sound = epoch === this.#epoch && this.#idle.length < MOST_IDLE_SESSIONS;
      return outcome;
    } finally {
      if (sound) this.#idle.push(session);
      else this.#close(session);
    }
  }

  async #open(flags: number): Promise<Session> {
    if (refusedPins.has(this.#place)) throw pinFault(this.label);
    // Read before anything is opened: nothing else runs between the opening and the login.
    const pin = await readSecretLine(this.#settings.pinFile);
    this.#slot ??= this.#findSlot();
    const session = this.module.C_OpenSession(this.#slot, flags);
    try {
      this.#logIn(session, { slot: this.#slot, pin });
      return session;
    } catch (fault) {
      this.#close(session);
      throw fault;
    }
  }

  #logIn(session: Session, { slot, pin }: { readonly slot: Handle; readonly pin: string }): void {
    const { state } = this.module.C_GetSessionInfo(session);
    // The login belongs to the whole process: another session may have done it.
    if (state === CKS_RO_USER_FUNCTIONS || state === CKS_RW_USER_FUNCTIONS) return;
    // A process that is restarted again and again must not use up the tries.
    if ((this.module.C_GetTokenInfo(slot).flags & CKF_USER_PIN_FINAL_TRY) !== 0) throw finalTryFault(this.label);
    try {
      this.module.C_Login(session, this.binding.CKU_USER, pin);
    } catch (fault) {
      if (!PIN_REFUSED.has(faultCode(fault))) throw fault;
      refusedPins.add(this.#place);
      throw pinFault(this.label, fault);
    }
  }

  #findSlot(): Handle {
    initialize(this.binding, this.module);
    const slots = this.module.C_GetSlotList(true).map((slot) => ({ slot, label: this.module.C_GetTokenInfo(slot).label.trimEnd() }));
    const [found, another] = slots.filter(({ label }) => label === this.label);
    if (found !== undefined && another === undefined) return found.slot;
    const why = found === undefined ? 'there is no token of this label' : 'several tokens have this label';
    throw new VaultError('kek-unavailable', `PKCS#11 token "${this.label}": ${why}. Check COUNTERSIGN_PKCS11_TOKEN`);
  }

  #forget(): void {
    this.#epoch += 1;
    this.#slot = null;
    const sessions = this.#idle;
    this.#idle = [];
    for (const session of sessions) this.#close(session);
  }

  #close(session: Session): void {
    try {
      this.module.C_CloseSession(session);
    } catch {
      // It is closed already.
    }
  }

  #unavailable(fault: unknown): VaultError {
    if (fault instanceof VaultError) return fault;
    const reason = faultCode(fault) || 'no answer';
    return new VaultError('kek-unavailable', `PKCS#11 token "${this.label}" does not serve us (${reason})`, fault);
  }
}

/** The name of a PKCS#11 return value (`CKR_…`), '' for any other fault. */
export function faultCode(fault: unknown): string {
  if (typeof fault !== 'object' || fault === null || !('message' in fault) || typeof fault.message !== 'string') return '';
  return /^CKR_\w+/.exec(fault.message)?.[0] ?? '';
}

function pinFault(label: string, cause?: unknown): VaultError {
  const sentence = `PKCS#11 token "${label}" refused the PIN. It is not tried again: correct the PIN file, then restart`;
  return new VaultError('kek-unavailable', sentence, cause);
}

function finalTryFault(label: string): VaultError {
  const sentence = `PKCS#11 token "${label}" locks after one more wrong PIN. Correct the PIN file, log in once with the vendor's own tool, then restart`;
  return new VaultError('kek-unavailable', sentence);
}

async function loadBinding(): Promise<CryptokiPackage> {
  try {
    return await loadCryptoki();
  } catch (cause) {
    const sentence = 'PKCS#11 needs the native package pkcs11js. Install a C++ compiler, make and Python, then run: npm run build:pkcs11';
    throw new VaultError('kek-unavailable', sentence, cause);
  }
}

// A library is initialised once in a process, however many tokens and keys use it.
const modules = new Map<string, Cryptoki>();

function loadModule(binding: CryptokiPackage, path: string): Cryptoki {
  const loaded = modules.get(path);
  if (loaded !== undefined) return loaded;
  try {
    const module = new binding.PKCS11();
    module.load(path);
    initialize(binding, module);
    modules.set(path, module);
    return module;
  } catch (cause) {
    throw new VaultError('kek-unavailable', `The PKCS#11 module ${path} cannot be used: check COUNTERSIGN_PKCS11_MODULE`, cause);
  }
}

function initialize(binding: CryptokiPackage, module: Cryptoki): void {
  try {
    module.C_Initialize({ flags: binding.CKF_OS_LOCKING_OK });
  } catch (fault) {
    if (faultCode(fault) !== 'CKR_CRYPTOKI_ALREADY_INITIALIZED') throw fault;
  }
}
