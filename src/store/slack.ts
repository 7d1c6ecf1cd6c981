// Slack's side of the database: installations with sealed tokens, begun installations, deliveries, open dialogs.
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { auditDraft } from '../audit/entry.js';
import { utf8, wipe } from '../lib/bytes.js';
import { addMs, type Clock, HOUR_MS } from '../lib/clock.js';
import { newId } from '../lib/ids.js';
import type { KeyVault } from '../vault/key-vault.js';
import type { RowMac } from '../vault/row-mac.js';
import { type Database, inTransaction, toColumn } from './database.js';
import type { SlackInstallation } from './generated/client.js';
import { writeEntries } from './tell.js';

/** Longer than Slack repeats a delivery, and than a signature is good. */
const DELIVERIES_KEPT_MS = HOUR_MS;

const tokensSchema = z.object({
  bot: z.string(),
  /** Where tokens rotate: what gets the next one, and when (seconds since 1970) this one ends. */
  refresh: z.string().nullable(),
  expiresAt: z.number().nullable(),
});
export type SlackTokens = z.infer<typeof tokensSchema>;

export interface SlackInstalled {
  /** The organisation's id where the app is installed on all of it, else the workspace's. */
  readonly place: string;
  readonly teamId: string | null;
  readonly enterpriseId: string | null;
  readonly orgWide: boolean;
  readonly appId: string;
  readonly botId: string;
  readonly botUserId: string;
  readonly scopes: readonly string[];
  readonly installedBy: string;
  readonly tokens: SlackTokens;
}

interface SlackStoreParts {
  readonly database: Database;
  readonly rowMac: RowMac;
  readonly vault: Pick<KeyVault, 'sealSlackTokens' | 'withSlackTokens'>;
  readonly clock: Clock;
}

export class PrismaSlack {
  readonly #parts: SlackStoreParts;

  constructor(parts: SlackStoreParts) {
    this.#parts = parts;
  }

  /** Saves an installation in the place of an earlier one. */
  async saveInstallation(installed: SlackInstalled): Promise<void> {
    const { database, rowMac, clock } = this.#parts;
    const data = await this.#sealed(installed);
    const { place, installedBy } = installed;
    await inTransaction(database, async (tx) => {
      await tx.slackInstallation.deleteMany({ where: { tenant: place } });
      await tx.slackInstallation.create({ data });
      await writeEntries(tx, [auditDraft('slack-installed', 'system', {}, { place, by: installedBy })], { at: clock(), rowMac });
    });
  }

  /** New tokens of an installation; nothing where it was removed meanwhile. */
  async renewInstallation(installed: SlackInstalled): Promise<void> {
    const content = await this.#sealed(installed);
    await this.#parts.database.slackInstallation.updateMany({ where: { tenant: installed.place }, data: content });
  }

  async removeInstallation(place: string, why: 'uninstalled' | 'tokens-revoked'): Promise<void> {
    const { database, rowMac, clock } = this.#parts;
    await inTransaction(database, async (tx) => {
      const removed = await tx.slackInstallation.deleteMany({ where: { tenant: place } });
      if (removed.count > 0) await writeEntries(tx, [auditDraft('slack-removed', 'system', {}, { place, why })], { at: clock(), rowMac });
    });
  }

  /** The organisation's own installation first; then the workspace's. Throws VaultError `row-tampered` or `sealed-damaged`. */
  async installationFrom({ teamId, enterpriseId }: { readonly teamId: string | null; readonly enterpriseId: string | null }): Promise<SlackInstalled | null> {
    const places = [enterpriseId, teamId].filter((place) => place !== null);
    const rows = await this.#parts.database.slackInstallation.findMany({ where: { tenant: { in: places } }, orderBy: { orgWide: 'desc' } });
    return rows[0] === undefined ? null : await this.#opened(rows[0]);
  }

  /** The one that is known by this id. */
  async installationAt(place: string): Promise<SlackInstalled | null> {
    const row = await this.#parts.database.slackInstallation.findUnique({ where: { tenant: place } });
    return row === null ? null : await this.#opened(row);
  }

  /** Those that may reach a person of this tenant: its own alone, or where it has none each workspace of the organisation. */
  async installationsReaching(tenant: string): Promise<readonly SlackInstalled[]> {
    const rows = await this.#parts.database.slackInstallation.findMany({
      where: { OR: [{ tenant }, { enterpriseId: tenant }] },
      orderBy: { tenant: 'asc' },
    });
    const own = rows.find((row) => row.tenant === tenant);
    return await Promise.all((own === undefined ? rows : [own]).map((row) => this.#opened(row)));
  }

  async places(): Promise<readonly string[]> {
    return (await this.#parts.database.slackInstallation.findMany({ select: { tenant: true } })).map(({ tenant }) => tenant);
  }

  async keepState(state: string, expiresAt: Date): Promise<void> {
    await this.#parts.database.slackInstallState.create({ data: { digest: digestOf(state), expiresAt } });
  }

  /** True once for each state that is known and not over. */
  async takeState(state: string): Promise<boolean> {
    const taken = await this.#parts.database.slackInstallState.deleteMany({ where: { digest: digestOf(state), expiresAt: { gt: this.#parts.clock() } } });
    return taken.count === 1;
  }

  async takeDelivery(key: string, at: Date): Promise<boolean> {
    const taken = await this.#parts.database.slackDelivery.createMany({ data: [{ key, at }], skipDuplicates: true });
    return taken.count === 1;
  }

  async keepDialog({ viewId, ...facts }: DialogRow & { readonly emptyAt: Date }): Promise<void> {
    await this.#parts.database.slackDialog.upsert({ where: { viewId }, create: { viewId, ...facts }, update: facts });
  }

  async forgetDialog(viewId: string): Promise<void> {
    await this.#parts.database.slackDialog.deleteMany({ where: { viewId } });
  }

  async claimDialogs(at: Date, again: Date): Promise<readonly DialogRow[]> {
    return await this.#parts.database.$queryRaw<DialogRow[]>`
      UPDATE "SlackDialog" SET "emptyAt" = ${again}
      WHERE "viewId" IN (SELECT "viewId" FROM "SlackDialog" WHERE "emptyAt" <= ${at} FOR UPDATE SKIP LOCKED)
      RETURNING "viewId", tenant, locale`;
  }

  /** Lets go of what can matter no more. */
  async sweep(): Promise<void> {
    const { database, clock } = this.#parts;
    await database.slackDelivery.deleteMany({ where: { at: { lt: addMs(clock(), -DELIVERIES_KEPT_MS) } } });
    await database.slackInstallState.deleteMany({ where: { expiresAt: { lt: clock() } } });
  }

  async #sealed({ place: tenant, tokens, scopes, ...facts }: SlackInstalled) {
    const { rowMac, vault, clock } = this.#parts;
    const content = { ...facts, id: newId(), tenant, scopes: [...scopes], installedAt: clock() };
    const secret = utf8(JSON.stringify(tokens));
    const sealed = await vault.sealSlackTokens({ installationId: content.id, tenant }, secret);
    wipe(secret);
    return {
      ...content,
      kekId: sealed.kekId,
      wrappedKey: toColumn(sealed.wrappedKey),
      sealedTokens: toColumn(sealed.sealed),
      mac: toColumn(rowMac.tag('SlackInstallation', content.id, factsOf(content))),
    };
  }

  async #opened(row: SlackInstallation): Promise<SlackInstalled> {
    const { rowMac, vault } = this.#parts;
    rowMac.check('SlackInstallation', row.id, factsOf(row), row.mac);
    const { id, tenant, kekId, wrappedKey, sealedTokens } = row;
    const sealed = { installationId: id, tenant, sealed: { kekId, wrappedKey, sealed: sealedTokens } };
    const tokens = await vault.withSlackTokens(sealed, (secret) => tokensSchema.parse(JSON.parse(Buffer.from(secret).toString('utf8'))));
    const { teamId, enterpriseId, orgWide, appId, botId, botUserId, scopes, installedBy } = row;
    return { place: tenant, teamId, enterpriseId, orgWide, appId, botId, botUserId, scopes, installedBy, tokens };
  }
}

/** A dialog that must be emptied. */
interface DialogRow {
  readonly viewId: string;
  readonly tenant: string;
  readonly locale: string | null;
}

function factsOf(row: Omit<SlackInstallation, 'mac' | 'kekId' | 'wrappedKey' | 'sealedTokens'>) {
  const { tenant, teamId, enterpriseId, orgWide, appId, botId, botUserId, scopes, installedBy, installedAt } = row;
  return [tenant, teamId, enterpriseId, orgWide, appId, botId, botUserId, scopes, installedBy, installedAt];
}

function digestOf(state: string): Uint8Array<ArrayBuffer> {
  return toColumn(createHash('sha256').update(state).digest());
}
