// The desk as the server wires it, on real sealed keys and a clock that the bench sets; no chat.
import { join } from 'node:path';
import { BUILT_IN_PROFILES } from '../src/card/profiles.js';
import { parsePolicy } from '../src/approval/policy-file.js';
import { policyHash } from '../src/approval/policy.js';
import { type Clock, HOUR_MS } from '../src/lib/clock.js';
import { silentLog } from '../src/lib/log.js';
import { StepUp } from '../src/stepup/step-up.js';
import { AuditFile } from '../src/store/audit-file.js';
import { type AuditKey, openAuditKey } from '../src/store/audit-key.js';
import { isSealed } from '../src/store/audit-seal.js';
import { AuditSequencer } from '../src/store/audit-sequencer.js';
import { PrismaAuthenticators } from '../src/store/authenticators.js';
import { PrismaCards } from '../src/store/cards.js';
import { type Database, openDatabase } from '../src/store/database.js';
import { PrismaPeople } from '../src/store/people.js';
import { PrismaRequestReader } from '../src/store/request-reader.js';
import { PrismaRequestStore } from '../src/store/request-store.js';
import { openStoredRowMac } from '../src/store/vault-keys.js';
import { UnblockDesk } from '../src/unblock/desk.js';
import type { LoadedPolicy } from '../src/unblock/decision.js';
import { holdKeks, type Keks } from '../src/vault/kek.js';
import { createKekFile } from '../src/vault/kek-file.js';
import { KeyVault } from '../src/vault/key-vault.js';
import type { RowMac } from '../src/vault/row-mac.js';

/** The built-in policy, with limits that a bench does not reach, for people whose authenticators are new. */
const POLICY_TEXT = `version: 1
limits:
  challengesPerCardPerDay: 10000
  requestsPerPersonPerDay: 10000
  unblocksPerHour: 10000
stepUp: { coolingOffHours: 0 }
rules:
  - name: manager or helpdesk
    approvals:
      - from: [manager, helpdesk]
        count: 1
`;

/** What lies outside the database. */
export interface Keys {
  readonly keks: Keks;
  readonly auditKey: AuditKey;
  readonly auditFile: AuditFile;
}

export async function makeKeys(folder: string): Promise<Keys> {
  return {
    keks: holdKeks(await createKekFile(join(folder, 'kek.key'))),
    auditKey: await openAuditKey(join(folder, 'audit.key'), { createIfMissing: true }),
    auditFile: await AuditFile.open(join(folder, 'audit.log')),
  };
}

/** Stands still while something is measured, so that every code stays the current one. */
export class BenchClock {
  #at = Date.UTC(2026, 5, 1, 9, 0, 0);

  readonly now: Clock = () => new Date(this.#at);

  /** Past the steps of all codes that were spent, and past the hour that the breaker counts. */
  nextRound(): void {
    this.#at += 2 * HOUR_MS;
  }
}

export interface OpenDesk {
  readonly desk: UnblockDesk;
  readonly clock: BenchClock;
  readonly database: Database;
  readonly vault: KeyVault;
  readonly rowMac: RowMac;
  readonly people: PrismaPeople;
  readonly cards: PrismaCards;
  readonly authenticators: PrismaAuthenticators;
  readonly sequencer: AuditSequencer;
  close(): Promise<void>;
}

export async function openDesk(url: string, { keks, auditKey, auditFile }: Keys, clock: BenchClock): Promise<OpenDesk> {
  const database = openDatabase(url);
  const rowMac = await openStoredRowMac(database, keks);
  const vault = new KeyVault(keks);
  const kept = { database, rowMac, profiles: BUILT_IN_PROFILES, clock: clock.now };
  const authenticators = new PrismaAuthenticators({ database, rowMac });
  const sequencer = new AuditSequencer({ database, key: auditKey, file: auditFile, isGenuine: (entry) => isSealed(entry, rowMac), log: silentLog });
  await sequencer.sequence();
  const policy = benchPolicy();
  const desk = new UnblockDesk({
    store: new PrismaRequestStore({ ...kept, auditFileTrouble: () => sequencer.trouble() }),
    reader: new PrismaRequestReader(kept),
    stepUp: new StepUp({ store: authenticators, vault, rowMac }),
    vault,
    policy: () => policy,
    clock: clock.now,
  });
  return {
    desk,
    clock,
    database,
    vault,
    rowMac,
    people: new PrismaPeople(kept),
    cards: new PrismaCards({ ...kept, vault }),
    authenticators,
    sequencer,
    close: () => database.$disconnect(),
  };
}

function benchPolicy(): LoadedPolicy {
  const parsed = parsePolicy(POLICY_TEXT);
  if (!('policy' in parsed)) throw new Error('the policy of the bench is wrong');
  return { policy: parsed.policy, hash: policyHash(POLICY_TEXT) };
}
