// Teams' side of the database: where the bot may speak, and which activities it took.
import { equalBytes } from '../lib/bytes.js';
import { addMs, type Clock, HOUR_MS } from '../lib/clock.js';
import { newId } from '../lib/ids.js';
import type { RowMac } from '../vault/row-mac.js';
import { type Database, inTransaction, toColumn } from './database.js';
import type { TeamsConversation } from './generated/client.js';

/** Longer than Teams repeats an activity. */
const DELIVERIES_KEPT_MS = HOUR_MS;

export interface TeamsPlace {
  readonly conversationId: string;
  readonly serviceUrl: string;
}

interface TeamsStoreParts {
  readonly database: Database;
  readonly rowMac: RowMac;
  readonly clock: Clock;
}

export class PrismaTeams {
  readonly #parts: TeamsStoreParts;

  constructor(parts: TeamsStoreParts) {
    this.#parts = parts;
  }

  async keepPlace(tenant: string, { conversationId, serviceUrl }: TeamsPlace, userId: string | null): Promise<void> {
    const { database, rowMac, clock } = this.#parts;
    const known = await database.teamsConversation.findUnique({ where: { conversationId } });
    const facts = { tenant, conversationId, userId, serviceUrl };
    // A row that somebody changed is written anew.
    if (known !== null && isSame(known, facts) && this.#isOurs(known)) return;
    const content = { ...facts, id: newId(), at: clock() };
    const data = { ...content, mac: toColumn(rowMac.tag('TeamsConversation', content.id, factsOf(content))) };
    await inTransaction(database, async (tx) => {
      const taken = userId === null ? [] : [{ tenant, userId }];
      await tx.teamsConversation.deleteMany({ where: { OR: [{ conversationId }, ...taken] } });
      // Another process may have heard of it in the same moment.
      await tx.teamsConversation.createMany({ data: [data], skipDuplicates: true });
    });
  }

  async forgetPlace(conversationId: string): Promise<void> {
    await this.#parts.database.teamsConversation.deleteMany({ where: { conversationId } });
  }

  /** Throws VaultError `row-tampered`. */
  async personalPlace(tenant: string, userId: string): Promise<TeamsPlace | null> {
    const row = await this.#parts.database.teamsConversation.findUnique({ where: { tenant_userId: { tenant, userId } } });
    return row === null ? null : this.#checked(row);
  }

  /** Throws VaultError `row-tampered`. */
  async place(conversationId: string): Promise<TeamsPlace | null> {
    const row = await this.#parts.database.teamsConversation.findUnique({ where: { conversationId } });
    return row === null ? null : this.#checked(row);
  }

  /** Throws VaultError `row-tampered`. */
  async latestServiceUrl(tenant: string): Promise<string | null> {
    const row = await this.#parts.database.teamsConversation.findFirst({ where: { tenant }, orderBy: [{ at: 'desc' }, { id: 'asc' }] });
    return row === null ? null : this.#checked(row).serviceUrl;
  }

  async takeDelivery(key: string, at: Date): Promise<boolean> {
    const taken = await this.#parts.database.teamsDelivery.createMany({ data: [{ key, at }], skipDuplicates: true });
    return taken.count === 1;
  }

  /** Lets go of what can matter no more. */
  async sweep(): Promise<void> {
    const { database, clock } = this.#parts;
    await database.teamsDelivery.deleteMany({ where: { at: { lt: addMs(clock(), -DELIVERIES_KEPT_MS) } } });
  }

  #isOurs(row: TeamsConversation): boolean {
    return equalBytes(this.#parts.rowMac.tag('TeamsConversation', row.id, factsOf(row)), row.mac);
  }

  #checked(row: TeamsConversation): TeamsConversation {
    this.#parts.rowMac.check('TeamsConversation', row.id, factsOf(row), row.mac);
    return row;
  }
}

type Facts = Omit<TeamsConversation, 'id' | 'at' | 'mac'>;

function isSame(row: Facts, facts: Facts): boolean {
  return JSON.stringify(inOrder(row)) === JSON.stringify(inOrder(facts));
}

function inOrder({ tenant, conversationId, userId, serviceUrl }: Facts): readonly (string | null)[] {
  return [tenant, conversationId, userId, serviceUrl];
}

function factsOf(row: Facts & { readonly at: Date }) {
  return [...inOrder(row), row.at];
}
