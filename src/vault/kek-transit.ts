// A KEK that stays in the transit engine of HashiCorp Vault or OpenBao, which wraps and unwraps over HTTP (aes256-gcm96).
import { z } from 'zod';
import { utf8 } from '../lib/bytes.js';
import { type KekProvider, wrapAssociated } from './kek.js';
import { readSecretLine } from './secret-file.js';
import { VaultError } from './vault-error.js';

export interface TransitSettings {
  /** The server, for example https://vault.example.com:8200, without a slash at its end. */
  readonly url: string;
  /** A file whose first line is the token. Read at every call, so that an agent may renew it. */
  readonly tokenFile: string;
  readonly namespace: string | null;
}

/** Where the engine is mounted, and the key in it. */
export interface TransitKey {
  readonly mount: string;
  readonly name: string;
}

const ANSWER_MS = 5_000;
const CIPHERTEXT = /^vault:v\d+:[A-Za-z0-9+/=]+$/;
// What the servers say of bytes or associated data that do not authenticate. The status is 400 or, since Vault 1.6, often
// 500 (github.com/hashicorp/vault/issues/10842); other words with these two mean a wrong set-up or an ill server.
const DAMAGED = /message authentication failed|invalid ciphertext|unable to decrypt/i;
const DAMAGED_STATUS = new Set([400, 500]);

const encrypted = z.object({ data: z.object({ ciphertext: z.string().regex(CIPHERTEXT) }) });
const decrypted = z.object({ data: z.object({ plaintext: z.base64() }) });
const refused = z.object({ errors: z.array(z.string()) });

/** Asks nothing yet: the first wrap or unwrap tells whether the server serves us, each within `answerMs` milliseconds. */
export function openTransitKek(settings: TransitSettings, key: TransitKey, answerMs = ANSWER_MS): KekProvider {
  return new TransitKek(settings, key, answerMs);
}

/** `wrap` and `unwrap` throw VaultError `kek-unavailable` for everything that is not about the bytes themselves. */
class TransitKek implements KekProvider {
  readonly id: string;
  readonly #settings: TransitSettings;
  readonly #key: TransitKey;
  readonly #answerMs: number;
  #binds: Promise<void> | null = null;

  constructor(settings: TransitSettings, key: TransitKey, answerMs: number) {
    this.#settings = settings;
    this.#key = key;
    this.#answerMs = answerMs;
    this.id = `transit:${key.mount}/${key.name}`;
  }

  /** The server's own text (`vault:v1:…`), as UTF-8. */
  async wrap(dataKey: Uint8Array, boundTo: Uint8Array): Promise<Uint8Array> {
    this.#binds ??= this.#checkBinding().catch((fault: unknown) => {
      this.#binds = null;
      throw fault;
    });
    await this.#binds;
    return await this.#encrypt(dataKey, boundTo);
  }

  async unwrap(wrapped: Uint8Array, boundTo: Uint8Array): Promise<Uint8Array> {
    const ciphertext = Buffer.from(wrapped).toString('utf8');
    if (!CIPHERTEXT.test(ciphertext)) throw new VaultError('sealed-damaged', 'wrapped bytes are none of a transit engine');
    const answer = await this.#ask('decrypt', { ciphertext, associated_data: this.#associated(boundTo) });
    return new Uint8Array(Buffer.from(this.#parse(decrypted, answer).data.plaintext, 'base64'));
  }

  async #encrypt(dataKey: Uint8Array, boundTo: Uint8Array): Promise<Uint8Array> {
    const plaintext = Buffer.from(dataKey).toString('base64');
    const answer = await this.#ask('encrypt', { plaintext, associated_data: this.#associated(boundTo) });
    return utf8(this.#parse(encrypted, answer).data.ciphertext);
  }

  /** Servers before Vault 1.9 take associated data and forget it: then nothing would be bound, and nothing is wrapped. */
  async #checkBinding(): Promise<void> {
    const wrapped = await this.#encrypt(new Uint8Array(1), utf8('one row'));
    const opened = await this.unwrap(wrapped, utf8('another row')).then(() => true, isOtherThanDamage);
    if (opened) throw this.#fault('it ignores associated data: Vault 1.9 or newer, or OpenBao, is needed, and a key of type aes256-gcm96');
  }

  #associated(boundTo: Uint8Array): string {
    return Buffer.from(wrapAssociated(this.id, boundTo)).toString('base64');
  }

  async #ask(action: 'encrypt' | 'decrypt', body: Readonly<Record<string, string>>): Promise<unknown> {
    const { mount, name } = this.#key;
    const answer = await this.#send(`${this.#settings.url}/v1/${mount}/${action}/${name}`, JSON.stringify(body));
    if (answer.ok) return answer.body;
    const said = refused.safeParse(answer.body).data?.errors.join('; ') ?? '';
    if (action === 'decrypt' && DAMAGED_STATUS.has(answer.status) && DAMAGED.test(said)) {
      throw new VaultError('sealed-damaged', 'wrapped bytes do not open: they, or what they are bound to, were changed');
    }
    throw this.#fault(refusalSentence(answer.status, said));
  }

  async #send(url: string, body: string): Promise<{ readonly ok: boolean; readonly status: number; readonly body: unknown }> {
    const { tokenFile, namespace } = this.#settings;
    const headers = {
      'content-type': 'application/json',
      'x-vault-request': 'true',
      'x-vault-token': await readSecretLine(tokenFile),
      ...(namespace === null ? {} : { 'x-vault-namespace': namespace }),
    };
    try {
      // A redirect would carry the token to another server.
      const answer = await fetch(url, { method: 'POST', headers, body, redirect: 'error', signal: AbortSignal.timeout(this.#answerMs) });
      return { ok: answer.ok, status: answer.status, body: parseJson(await answer.text()) };
    } catch (cause) {
      throw this.#fault(`no answer (${reasonOf(cause)})`);
    }
  }

  #parse<T>(schema: z.ZodType<T>, answer: unknown): T {
    const parsed = schema.safeParse(answer);
    if (parsed.success) return parsed.data;
    throw this.#fault('its answer is not one of a transit engine: check COUNTERSIGN_TRANSIT_URL');
  }

  // Without a cause: fetch keeps the request, and with it the token, in some of its errors.
  #fault(why: string): VaultError {
    return new VaultError('kek-unavailable', `${this.id} at ${this.#settings.url}: ${why}`);
  }
}

function isOtherThanDamage(fault: unknown): boolean {
  if (fault instanceof VaultError && fault.code === 'sealed-damaged') return false;
  throw fault;
}

const REFUSALS: ReadonlyMap<number, string> = new Map([
  [403, 'it refuses the token: renew it, and check that its policy allows encrypt and decrypt with this key'],
  [404, 'it has no such engine or key: check COUNTERSIGN_TRANSIT_KEY'],
  [429, 'it limits our requests, or is a standby: send us to the active server'],
  [473, 'it is a performance standby that cannot serve us: send us to the active server'],
  [503, 'it is sealed or in maintenance'],
]);

function refusalSentence(status: number, said: string): string {
  return REFUSALS.get(status) ?? `it answers ${status}${said === '' ? '' : `: ${said.slice(0, 200)}`}`;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** The system's word for what failed: "fetch failed" says nothing. Not `instanceof Error`, as in lib/errno. */
function reasonOf(fault: unknown): string {
  if (typeof fault !== 'object' || fault === null) return 'unknown';
  const below: unknown = 'cause' in fault ? fault.cause : null;
  if (typeof below === 'object' && below !== null && 'code' in below && typeof below.code === 'string') return below.code;
  if (!('name' in fault) || typeof fault.name !== 'string') return 'unknown';
  return fault.name === 'TimeoutError' ? 'it took too long' : fault.name;
}
