// What the opening of a request is decided on, beyond what every step looks at.
import { nameKey } from '../approval/name-key.js';
import { groupMeant, HELPDESK_GROUP, type Policy, type Stage } from '../approval/policy.js';
import { onCallNames } from '../approval/requirement.js';
import { normaliseEmail } from '../directory/person.js';
import type { Facts } from '../unblock/request-store.js';
import type { RowMac } from '../vault/row-mac.js';
import type { Database, Queries } from './database.js';
import { readFacts } from './facts.js';
import { checkAuthenticator, type RowReading, toCard } from './rows.js';

export interface Askable {
  readonly personIds: readonly string[];
  readonly emails: readonly string[];
  /** Their names as they are compared. */
  readonly groups: readonly string[];
}

/** Whom any rule of the policy could ask at this instant, but for managers. */
export function askableUnder(policy: Policy, at: Date): Askable {
  const onCall = Object.values(onCallNames(policy, policy.rules, at.getTime())).flat();
  // A card near its limit needs the helpdesk, whatever the rules say.
  const groups = [...groupsIn(policy.rules.flatMap((rule) => rule.approvals)), HELPDESK_GROUP];
  return { personIds: onCall, emails: onCall.map(normaliseEmail), groups };
}

export function groupsIn(stages: readonly Stage[]): readonly string[] {
  const groups = stages.flatMap(({ from }) => from.flatMap((source) => groupMeant(source) ?? []));
  return [...new Set(groups.map(nameKey))];
}

/** When the person's authenticator began to work (ms since 1970), or null. Throws VaultError `row-tampered`. */
export async function authenticatorSince(tx: Queries, personId: string, rowMac: RowMac): Promise<number | null> {
  const row = await tx.authenticator.findFirst({ where: { personId, state: 'active' } });
  if (row === null) return null;
  checkAuthenticator(row, rowMac);
  return row.activatedAt?.getTime() ?? null;
}

/** The facts as an opening would find them, read without locks: to explain a decision, never to make one. Null: no such card. */
export async function factsForOpening(
  { database, rowMac, profiles }: RowReading & { readonly database: Database },
  { serial, requesterId, policy, at }: { readonly serial: string; readonly requesterId: string; readonly policy: Policy; readonly at: Date },
): Promise<Facts | null> {
  const row = await database.card.findUnique({ where: { serial } });
  if (row === null) return null;
  const card = toCard(row, { rowMac, profiles });
  const askable = askableUnder(policy, at);
  const personIds = [requesterId, ...askable.personIds];
  const query = { ...askable, personIds, at: at.getTime(), card, requesterId, challengeMac: new Uint8Array(), by: null };
  const { people, counts } = await readFacts(database, query, rowMac);
  const since = await authenticatorSince(database, requesterId, rowMac);
  return { at: at.getTime(), card, people, counts, authenticatorSince: since, challengeAnswered: false, auditTrouble: null };
}
