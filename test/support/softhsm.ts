// A SoftHSM 2 token of its own for a test file, where SoftHSM and the PKCS#11 binding are there.
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { loadCryptoki } from '../../src/vault/cryptoki.js';
import type { Pkcs11Settings } from '../../src/vault/kek-pkcs11-token.js';

const MODULES = ['/usr/lib/softhsm/libsofthsm2.so', '/usr/lib64/pkcs11/libsofthsm2.so', '/opt/homebrew/lib/softhsm/libsofthsm2.so'];
const BINDING = 'node_modules/pkcs11js/build/Release/pkcs11.node';
const USER_PIN = '728193';
const SO_PIN = '55512398';
const run = promisify(execFile);

/** The module's path, or null where the tests skip themselves; why is told once. */
export function softHsmModule(): string | null {
  const module = MODULES.find((path) => existsSync(path)) ?? null;
  if (module !== null && existsSync(BINDING)) return module;
  const missing = module === null ? 'SoftHSM 2 is not here: apt-get install softhsm2' : 'The PKCS#11 binding is not built: npm run build:pkcs11';
  process.stderr.write(`${missing}. The tests that need it are skipped.\n`);
  return null;
}

export interface SoftHsm {
  readonly settings: Pkcs11Settings;
  readonly folder: string;
  close(): Promise<void>;
}

/** The tokens lie in the folder of the test run, which goes away with it; see start-postgres.ts. */
export async function openSoftHsm(module: string): Promise<SoftHsm> {
  const tokenLabel = `test ${randomBytes(6).toString('hex')}`;
  await run('softhsm2-util', ['--init-token', '--free', '--label', tokenLabel, '--pin', USER_PIN, '--so-pin', SO_PIN]);
  await endLibrary(module);
  const folder = await mkdtemp(join(tmpdir(), 'countersign-softhsm-'));
  const pinFile = join(folder, 'pin');
  await writeFile(pinFile, `${USER_PIN}\n`, { mode: 0o600 });
  return { settings: { module, tokenLabel, pinFile }, folder, close: () => rm(folder, { recursive: true, force: true }) };
}

/** The library lists its tokens when it begins, and it may still run from a test file before in this process. */
async function endLibrary(module: string): Promise<void> {
  const { PKCS11 } = await loadCryptoki();
  const library = new PKCS11();
  library.load(module);
  try {
    library.C_Finalize();
  } catch {
    // It did not run.
  }
}
