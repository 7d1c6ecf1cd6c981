// People and their chat accounts in PostgreSQL.
import { nameKey } from '../approval/name-key.js';
import { auditDraft } from '../audit/entry.js';
import { managerLoops } from '../directory/manager-loops.js';
import type { Person, PersonDraft } from '../directory/person.js';
import type { Clock } from '../lib/clock.js';
import { newId } from '../lib/ids.js';
import type { SpentCode } from '../stepup/authenticator-store.js';
import { personAndManager } from '../unblock/recipients.js';
import type { RowMac } from '../vault/row-mac.js';
import { markRecovered, spendCode } from './code-columns.js';
import { type Database, holdOrganisation, inTransaction, type Queries, toColumn } from './database.js';
import { type BoundAccount, newAccounts } from './people-accounts.js';
import { checkIdentity, identityMac, personMac, toPerson } from './rows.js';
import { wakeOthers, writeEntries, writeEvents } from './tell.js';

export interface ImportProblem {
  readonly line: number;
  readonly problem: string;
}

export interface PeopleImported {
  readonly added: number;
  readonly changed: number;
  readonly unchanged: number;
  /** Chat accounts that were bound, of people new or known. */
  readonly linked: number;
}

export interface Account {
  readonly platform: string;
  readonly tenant: string;
  readonly userId: string;
}

/** An account, and the locale of who reads there: what the platform said last, else what the directory has. */
export interface LocalAccount extends Account {
  readonly locale: string | null;
}

export class PrismaPeople {
  readonly #parts: { readonly database: Database; readonly rowMac: RowMac; readonly clock: Clock };

  constructor(parts: { readonly database: Database; readonly rowMac: RowMac; readonly clock: Clock }) {
    this.#parts = parts;
  }

  async find(id: string): Promise<Person | null> {
    const row = await this.#parts.database.person.findUnique({ where: { id } });
    return row === null ? null : toPerson(row, this.#parts.rowMac);
  }

  async findByEmail(email: string): Promise<Person | null> {
    const row = await this.#parts.database.person.findUnique({ where: { email } });
    return row === null ? null : toPerson(row, this.#parts.rowMac);
  }

  async all(): Promise<readonly Person[]> {
    const rows = await this.#parts.database.person.findMany({ orderBy: [{ name: 'asc' }, { id: 'asc' }] });
    return rows.map((row) => toPerson(row, this.#parts.rowMac));
  }

  /**
   * The active person behind a chat account, or null for a stranger. Their locale is the one that the platform said last,
   * where it did. Throws VaultError `row-tampered`.
   */
  async behind(account: Account): Promise<Person | null> {
    const { platform, tenant, userId } = account;
    const row = await this.#parts.database.chatIdentity.findUnique({
      where: { platform_tenant_userId: { platform, tenant, userId } },
      include: { person: true },
    });
    if (row === null) return null;
    checkIdentity(row, this.#parts.rowMac);
    const person = toPerson(row.person, this.#parts.rowMac);
    return person.active ? { ...person, locale: row.locale ?? person.locale } : null;
  }

  /** All accounts of a person, on every platform. */
  async accountsOf(personId: string): Promise<readonly LocalAccount[]> {
    const rows = await this.#parts.database.chatIdentity.findMany({ where: { personId }, include: { person: { select: { locale: true } } } });
    for (const row of rows) checkIdentity(row, this.#parts.rowMac);
    return rows.map(({ platform, tenant, userId, locale, person }) => ({ platform, tenant, userId, locale: locale ?? person.locale }));
  }

  /** Remembers in which language the platform shows itself to who has this account. */
  async keepLocale({ platform, tenant, userId }: Account, locale: string): Promise<void> {
    await this.#parts.database.chatIdentity.updateMany({ where: { platform, tenant, userId }, data: { locale } });
  }

  /**
   * Binds a chat account to the person whose code this is, and spends the code. False, and nothing is done, where the code
   * was spent, or where the account, or the person on that platform and tenant, is bound already.
   */
  async bind(account: LocalAccount, spend: SpentCode, at: Date): Promise<boolean> {
    const { database, rowMac } = this.#parts;
    const lost = new Error('lost');
    const bound = inTransaction(database, async (tx) => {
      await holdOrganisation(tx);
      const { platform, tenant, userId } = account;
      const { personId } = spend;
      const taken = await tx.chatIdentity.count({ where: { platform, tenant, OR: [{ userId }, { personId }] } });
      const person = await tx.person.findUnique({ where: { id: personId } });
      if (taken > 0 || person === null || !toPerson(person, rowMac).active) throw lost;
      if (!(await spendCode(tx, spend))) throw lost;
      await markRecovered(tx, spend, { rowMac, at });
      await this.#link(tx, personId, account);
      await writeEntries(tx, [auditDraft('account-linked', personId, { personId }, { platform, tenant, userId, factor: spend.kind })], { at, rowMac });
      const told = personAndManager(person);
      await writeEvents(tx, told.map((recipient) => ({ kind: 'account-linked', recipient, params: { person: personId } })), at);
      return true;
    });
    return await bound.catch((error: unknown) => {
      if (error === lost) return false;
      throw error;
    });
  }

  /** Binds a chat account to a person by hand. False where the account, or the person on that platform and tenant, is bound already. */
  async linkByHand(account: Account, personId: string): Promise<boolean> {
    const { database, rowMac, clock } = this.#parts;
    return await inTransaction(database, async (tx) => {
      await holdOrganisation(tx);
      const { platform, tenant, userId } = account;
      if ((await tx.chatIdentity.count({ where: { platform, tenant, OR: [{ userId }, { personId }] } })) > 0) return false;
      await this.#link(tx, personId, account);
      await writeEntries(tx, [auditDraft('account-linked', 'cli', { personId }, { platform, tenant, userId })], { at: clock(), rowMac });
      return true;
    });
  }

  /** Lets go of a person's accounts on one platform; returns how many there were. */
  async unlink(platform: string, personId: string): Promise<number> {
    const { database, rowMac, clock } = this.#parts;
    return await inTransaction(database, async (tx) => {
      await holdOrganisation(tx);
      const { count } = await tx.chatIdentity.deleteMany({ where: { platform, personId } });
      if (count > 0) await writeEntries(tx, [auditDraft('account-unlinked', 'cli', { personId }, { platform, accounts: count })], { at: clock(), rowMac });
      return count;
    });
  }

  /**
   * Adds and changes the people of a file, all or none. Managers are looked up among the file and the database.
   * `accounts` makes chat accounts for new people (the playground's); those that the file names are bound beside them.
   */
  import(drafts: readonly PersonDraft[], accounts: ((person: Person) => Account) | null): Promise<PeopleImported | { problems: readonly ImportProblem[] }> {
    const { database, clock } = this.#parts;
    return inTransaction(database, async (tx) => {
      // Nobody may lose or gain a role between a check and what the check allowed.
      await holdOrganisation(tx);
      // Checked, so that an import never signs what somebody else changed.
      const before = new Map((await tx.person.findMany()).map((row) => [row.id, toPerson(row, this.#parts.rowMac)]));
      const { people, problems } = resolve(drafts, [...before.values()]);
      const linked = newAccounts(drafts, await this.#boundAccounts(tx, drafts));
      if (problems.length + linked.problems.length > 0) return { problems: [...problems, ...linked.problems] };
      // Two passes: a manager may stand below their report in the file.
      for (const person of people) await this.#save(tx, { ...person, managerId: before.get(person.id)?.managerId ?? null }, before.get(person.id));
      for (const person of people) await tx.person.update({ where: { id: person.id }, data: { managerId: person.managerId, mac: personMac(person, this.#parts.rowMac) } });
      const fresh = people.filter(({ id }) => !before.has(id));
      if (accounts !== null) for (const person of fresh) await this.#link(tx, person.id, accounts(person));
      for (const account of linked.accounts) await this.#linkFromFile(tx, account);
      const changed = people.filter((person) => isChanged(person, before.get(person.id)));
      const counts = { added: fresh.length, changed: changed.length, unchanged: people.length - fresh.length - changed.length, linked: linked.accounts.length };
      await writeEntries(tx, [auditDraft('people-imported', 'cli', {}, { ...counts })], { at: clock(), rowMac: this.#parts.rowMac });
      await wakeOthers(tx);
      return counts;
    });
  }

  async #save(tx: Queries, person: Person, before: Person | undefined): Promise<void> {
    const data = { ...person, groups: [...person.groups], mac: personMac(person, this.#parts.rowMac) };
    if (before === undefined) await tx.person.create({ data });
    else await tx.person.update({ where: { id: person.id }, data });
  }

  /** None where the file names no accounts; checked, so that no changed row decides what is free. */
  async #boundAccounts(tx: Queries, drafts: readonly PersonDraft[]): Promise<readonly BoundAccount[]> {
    if (drafts.every(({ accounts = [] }) => accounts.length === 0)) return [];
    const rows = await tx.chatIdentity.findMany();
    for (const row of rows) checkIdentity(row, this.#parts.rowMac);
    return rows;
  }

  async #linkFromFile(tx: Queries, { personId, ...account }: BoundAccount): Promise<void> {
    const { clock, rowMac } = this.#parts;
    await this.#link(tx, personId, account);
    await writeEntries(tx, [auditDraft('account-linked', 'cli', { personId }, { ...account, by: 'file of people' })], { at: clock(), rowMac });
  }

  async #link(tx: Queries, personId: string, account: Account | LocalAccount): Promise<void> {
    const row = { id: newId(), ...account, personId };
    await tx.chatIdentity.create({ data: { ...row, mac: toColumn(identityMac(row, this.#parts.rowMac)) } });
  }
}

function resolve(
  drafts: readonly PersonDraft[],
  known: readonly Person[],
): { readonly people: readonly Person[]; readonly problems: readonly ImportProblem[] } {
  const idOf = new Map([...known, ...drafts].map(({ email, id }) => [email, id]));
  // Whoever was taken out comes back by two administrators, not by a file.
  const out = new Set(known.flatMap(({ id, active }) => (active ? [] : [id])));
  const emailOwner = new Map(known.map(({ email, id }) => [email, id]));
  const problems: ImportProblem[] = [];
  const people = drafts.map((draft): Person => {
    const { line, managerEmail, accounts: _accounts, ...person } = draft;
    const owner = emailOwner.get(draft.email);
    if (owner !== undefined && owner !== draft.id) problems.push({ line, problem: `${draft.email} belongs to ${owner} already` });
    const managerId = managerEmail === null ? null : (idOf.get(managerEmail) ?? null);
    if (managerEmail !== null && managerId === null) {
      problems.push({ line, problem: `the manager ${managerEmail} is neither in this file nor known yet` });
    }
    return { ...person, active: !out.has(draft.id), groups: [...new Set(person.groups.map(nameKey))], managerId };
  });
  return { people, problems: [...problems, ...loops(people, drafts, known)] };
}

/** Somebody who manages themselves, through others who may be known from before. */
function loops(people: readonly Person[], drafts: readonly PersonDraft[], known: readonly Person[]): readonly ImportProblem[] {
  const managers = [...known, ...people].flatMap(({ id, managerId }): [string, string][] => (managerId === null ? [] : [[id, managerId]]));
  const lineOf = new Map(drafts.map(({ id, line }) => [id, line]));
  return managerLoops(new Map(managers)).map((loop) => ({
    line: Math.min(...loop.map((id) => lineOf.get(id) ?? Infinity)),
    problem: `these people manage one another in a circle: ${loop.join(', ')}`,
  }));
}

function isChanged(person: Person, before: Person | undefined): boolean {
  if (before === undefined) return false;
  return JSON.stringify(inOrder(person)) !== JSON.stringify(inOrder(before));
}

function inOrder({ id, name, email, managerId, groups, site, locale, active }: Person): readonly unknown[] {
  return [id, name, email, managerId, groups, site, locale, active];
}
