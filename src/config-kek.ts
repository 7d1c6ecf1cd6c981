// Which key-encryption keys the variables name: the one that seals what is new, and those that open what is older.
import { resolve } from 'node:path';
import { isLoopback } from './lib/loopback.js';
import type { Pkcs11Settings } from './vault/kek-pkcs11-token.js';
import type { TransitKey, TransitSettings } from './vault/kek-transit.js';

/** Where one KEK is. The settings of its keeper are the same for all of its kind. */
export type KekSource =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'pkcs11'; readonly label: string }
  | { readonly kind: 'transit'; readonly key: TransitKey };

export interface KekConfig {
  /** Seals what is new. */
  readonly current: KekSource;
  /** Open what they sealed. */
  readonly also: readonly KekSource[];
  readonly pkcs11: Pkcs11Settings | null;
  readonly transit: TransitSettings | null;
}

/** The variables, in the order of .env.example. */
export const KEK_VARIABLES = [
  {
    name: 'COUNTERSIGN_KEK',
    about: 'Where the key-encryption key is that seals what is new: file, pkcs11 (an HSM) or transit (HashiCorp Vault, OpenBao). See docs/custody.md.',
    unset: 'file',
  },
  {
    name: 'COUNTERSIGN_KEK_FILE',
    about: 'The key-encryption key. Keep it apart from the database and back it up: without it no card key opens.',
    unset: 'kek.key in COUNTERSIGN_DATA, made at the first start',
  },
  {
    name: 'COUNTERSIGN_KEK_ALSO',
    about:
      'Further key-encryption keys that open what they sealed, with commas between: file:/path, pkcs11:label, transit:key. An older one until keys rotate-kek has ended, or the coming one before.',
    unset: 'none',
  },
  { name: 'COUNTERSIGN_PKCS11_MODULE', about: "The HSM vendor's PKCS#11 library, for example /usr/lib/softhsm/libsofthsm2.so.", unset: 'no PKCS#11' },
  { name: 'COUNTERSIGN_PKCS11_TOKEN', about: "The token's label.", unset: 'no PKCS#11' },
  { name: 'COUNTERSIGN_PKCS11_PIN_FILE', about: "A file of mode 0600 with the token's user PIN in its first line.", unset: 'no PKCS#11' },
  { name: 'COUNTERSIGN_PKCS11_KEY_LABEL', about: 'The label of the AES-256 key. To make it: countersign keys create-kek.', unset: 'countersign' },
  { name: 'COUNTERSIGN_TRANSIT_URL', about: 'The server of the transit engine, for example https://vault.example.com:8200.', unset: 'no transit' },
  { name: 'COUNTERSIGN_TRANSIT_TOKEN_FILE', about: "A file of mode 0600 with the server's token, as an agent keeps it. Read at every use.", unset: 'no transit' },
  { name: 'COUNTERSIGN_TRANSIT_NAMESPACE', about: 'The namespace, where the server has some.', unset: 'none' },
  { name: 'COUNTERSIGN_TRANSIT_KEY', about: 'The key (type aes256-gcm96), with its mount before it where that is not transit: mount/key.', unset: 'countersign' },
] as const;

export type KekVariableName = (typeof KEK_VARIABLES)[number]['name'];
type Value = (name: KekVariableName) => string | null;

const DEFAULT_KEY = 'countersign';
const KINDS = ['file', 'pkcs11', 'transit'] as const;
type Kind = (typeof KINDS)[number];
// What may stand in a path of the server without being escaped, and cannot climb out of it.
const TRANSIT_KEY = /^(?:([A-Za-z0-9_-]+(?:\/[A-Za-z0-9_-]+)*)\/)?([A-Za-z0-9_-]+)$/;

interface Defaults {
  readonly kekFile: string;
}

/** What is wrong goes to `problems`. */
export function readKekConfig(value: Value, problems: string[], defaults: Defaults): KekConfig {
  const current = currentSource(value, problems, defaults.kekFile);
  const also = (value('COUNTERSIGN_KEK_ALSO') ?? '').split(',').flatMap((text) => furtherSource(text.trim(), problems));
  const pkcs11 = readPkcs11(value, problems);
  const transit = readTransit(value, problems);
  const used = new Set([current, ...also].map(({ kind }) => kind));
  if (used.has('pkcs11') && pkcs11 === null) problems.push(missing('pkcs11', 'COUNTERSIGN_PKCS11_MODULE, COUNTERSIGN_PKCS11_TOKEN and COUNTERSIGN_PKCS11_PIN_FILE'));
  if (used.has('transit') && transit === null) problems.push(missing('transit', 'COUNTERSIGN_TRANSIT_URL and COUNTERSIGN_TRANSIT_TOKEN_FILE'));
  return { current, also, pkcs11, transit };
}

function missing(kind: Kind, names: string): string {
  return `A key-encryption key of kind ${kind} needs ${names}.`;
}

function currentSource(value: Value, problems: string[], kekFile: string): KekSource {
  const kind = value('COUNTERSIGN_KEK') ?? 'file';
  if (!isKind(kind)) problems.push(`COUNTERSIGN_KEK is "${kind}": give ${KINDS.join(', ')}.`);
  if (kind === 'pkcs11') return { kind, label: value('COUNTERSIGN_PKCS11_KEY_LABEL') ?? DEFAULT_KEY };
  if (kind !== 'transit') return { kind: 'file', path: kekFile };
  const key = parseTransitKey(value('COUNTERSIGN_TRANSIT_KEY') ?? DEFAULT_KEY);
  if (key !== null) return { kind, key };
  problems.push('COUNTERSIGN_TRANSIT_KEY is no name of a key: give key or mount/key, of letters, digits, _ and -.');
  return { kind: 'file', path: kekFile };
}

function furtherSource(text: string, problems: string[]): readonly KekSource[] {
  if (text === '') return [];
  const [, kind, rest = ''] = /^([a-z0-9]+):(.+)$/.exec(text) ?? [];
  if (kind === 'file') return [{ kind, path: resolve(rest) }];
  if (kind === 'pkcs11') return [{ kind, label: rest }];
  const key = kind === 'transit' ? parseTransitKey(rest) : null;
  if (key !== null) return [{ kind: 'transit', key }];
  problems.push(`COUNTERSIGN_KEK_ALSO has "${text}": give file:/path, pkcs11:label or transit:key, with commas between.`);
  return [];
}

function readPkcs11(value: Value, problems: string[]): Pkcs11Settings | null {
  const [module, tokenLabel, pinFile] = [value('COUNTERSIGN_PKCS11_MODULE'), value('COUNTERSIGN_PKCS11_TOKEN'), value('COUNTERSIGN_PKCS11_PIN_FILE')];
  if (module !== null && tokenLabel !== null && pinFile !== null) return { module: resolve(module), tokenLabel, pinFile: resolve(pinFile) };
  if (module !== null || tokenLabel !== null || pinFile !== null) {
    problems.push('PKCS#11 needs all of COUNTERSIGN_PKCS11_MODULE, COUNTERSIGN_PKCS11_TOKEN and COUNTERSIGN_PKCS11_PIN_FILE.');
  }
  return null;
}

function readTransit(value: Value, problems: string[]): TransitSettings | null {
  const [url, tokenFile] = [value('COUNTERSIGN_TRANSIT_URL'), value('COUNTERSIGN_TRANSIT_TOKEN_FILE')];
  if (url === null && tokenFile === null) return null;
  if (url === null || tokenFile === null) {
    problems.push('The transit engine needs both COUNTERSIGN_TRANSIT_URL and COUNTERSIGN_TRANSIT_TOKEN_FILE.');
    return null;
  }
  const parsed = URL.canParse(url) ? new URL(url) : null;
  // Over plain HTTP the token and every data key would be readable on the way. Never quoted: it may hold a password.
  const safe = parsed?.protocol === 'https:' || (parsed?.protocol === 'http:' && isLoopback(parsed.hostname.replace(/^\[|\]$/g, '')));
  if (parsed === null || !safe || parsed.username !== '' || parsed.search !== '') {
    problems.push('COUNTERSIGN_TRANSIT_URL must be an https address without a password, or http on this machine.');
  }
  return { url: url.replace(/\/+$/, ''), tokenFile: resolve(tokenFile), namespace: value('COUNTERSIGN_TRANSIT_NAMESPACE') };
}

function parseTransitKey(text: string): TransitKey | null {
  const [whole, mount = 'transit', name] = TRANSIT_KEY.exec(text) ?? [];
  return whole === undefined || name === undefined ? null : { mount, name };
}

function isKind(text: string): text is Kind {
  return (KINDS as readonly string[]).includes(text);
}
