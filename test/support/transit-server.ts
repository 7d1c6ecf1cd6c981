// A transit engine as far as we use one: what HashiCorp Vault's and OpenBao's answer to good and to bad requests.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface TransitServer {
  readonly url: string;
  readonly token: string;
  /** The paths that were asked for, with the namespace before them where one was named. */
  readonly asked: string[];
  /** Set to make it a server from before associated data. */
  forgetful: boolean;
  /** What bytes that do not authenticate are answered with: it depends on the server's version. */
  damagedStatus: 400 | 500;
  /** Set to answer every request with this status. */
  status: number | null;
  /** Set to answer nothing at all. */
  silent: boolean;
  /** Lets nothing of this version or an older one be opened. */
  leastVersion: number;
  rotate(): void;
  close(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

const KEY_NAME = 'countersign';
const IV_BYTES = 12;
const TAG_BYTES = 16;

export async function openTransitServer(): Promise<TransitServer> {
  const keys = [randomBytes(32)];
  const server = createServer((request, response) => void respond(request, response));
  const state: TransitServer = {
    url: '',
    token: `hvs.${randomBytes(12).toString('hex')}`,
    asked: [],
    forgetful: false,
    damagedStatus: 400,
    status: null,
    silent: false,
    leastVersion: 1,
    rotate: () => void keys.push(randomBytes(32)),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request);
    if (state.silent) return;
    const namespace = request.headers['x-vault-namespace'];
    state.asked.push(`${typeof namespace === 'string' ? `${namespace} ` : ''}${request.url ?? ''}`);
    const { status, body: answer } = answerTo(request, body);
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  }

  function answerTo({ url = '', headers }: IncomingMessage, body: string): Answer {
    if (state.status !== null) return refusal(state.status, 'as it was told');
    const [, action, name] = /^\/v1\/transit\/(encrypt|decrypt)\/([\w-]+)$/.exec(url) ?? [];
    if (action === undefined) return refusal(404, `no handler for route "${url.slice('/v1/'.length)}"`);
    if (headers['x-vault-token'] !== state.token) return refusal(403, 'permission denied');
    if (name !== KEY_NAME) return refusal(action === 'encrypt' ? 403 : 400, action === 'encrypt' ? 'permission denied' : 'encryption key not found');
    const fields = JSON.parse(body) as Record<string, string>;
    const associated = bytesOf(fields.associated_data ?? '');
    if (associated === null) return refusal(400, 'failed to base64-decode associated_data');
    const bound = state.forgetful ? Buffer.alloc(0) : associated;
    return action === 'encrypt' ? encrypt(fields.plaintext ?? '', bound) : decrypt(fields.ciphertext ?? '', bound);
  }

  function encrypt(plaintext: string, associated: Buffer): Answer {
    const plain = bytesOf(plaintext);
    if (plain === null) return refusal(400, 'failed to base64-decode plaintext');
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv('aes-256-gcm', keys.at(-1) ?? '', iv).setAAD(associated);
    const sealed = Buffer.concat([iv, cipher.update(plain), cipher.final(), cipher.getAuthTag()]).toString('base64');
    return { status: 200, body: { request_id: 'x', data: { ciphertext: `vault:v${keys.length}:${sealed}`, key_version: keys.length } } };
  }

  function decrypt(ciphertext: string, associated: Buffer): Answer {
    const [, version, encoded = ''] = /^vault:v(\d+):(.*)$/.exec(ciphertext) ?? [];
    const key = keys[Number(version) - 1];
    const sealed = bytesOf(encoded);
    if (version === undefined) return refusal(400, 'invalid ciphertext: no prefix');
    if (Number(version) < state.leastVersion) return refusal(400, 'ciphertext or signature version is disallowed by policy (too old)');
    if (key === undefined) return refusal(400, 'invalid ciphertext: version is too new');
    if (sealed === null) return refusal(400, 'invalid ciphertext: could not decode base64');
    try {
      const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, IV_BYTES)).setAAD(associated).setAuthTag(sealed.subarray(-TAG_BYTES));
      const plain = Buffer.concat([decipher.update(sealed.subarray(IV_BYTES, -TAG_BYTES)), decipher.final()]);
      return { status: 200, body: { request_id: 'x', data: { plaintext: plain.toString('base64') } } };
    } catch {
      return refusal(state.damagedStatus, 'cipher: message authentication failed');
    }
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return Object.assign(state, { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
}

function refusal(status: number, why: string): Answer {
  return { status, body: { errors: [why] } };
}

function bytesOf(base64: string): Buffer | null {
  const bytes = Buffer.from(base64, 'base64');
  return bytes.toString('base64') === base64 ? bytes : null;
}
