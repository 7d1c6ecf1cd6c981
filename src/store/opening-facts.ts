// What the opening of a request is decided on, beyond what every step looks at.
import { nameKey } from '../approval/name-key.js';
import { nightBegan } from '../approval/night.js';
import { ADMINISTRATORS_GROUP, groupMeant, HELPDESK_GROUP, type Policy, type Stage } from '../approval/policy.js';
import { onCallLaterNames, onCallNames } from '../approval/requirement.js';
import { allSources } from '../approval/stages.js';
import { normaliseEmail } from '../directory/person.js';
import type { Facts } from '../unblock/request-store.js';
import type { RowMac } from '../vault/row-mac.js';
import type { Database, Queries } from './database.js';
import { readFacts } from './facts.js';
import { vouchersBehind } from './invitation-rows.js';
import { checkAuthenticator, checkIdentity, type RowReading, toCard } from './rows.js';

export interface Askable {
  readonly personIds: readonly string[];
  readonly emails: readonly string[];
  /** Their names as they are compared. */
  readonly groups: readonly string[];
}

/** Whom any rule of the policy could ask at this instant, but for managers. */
export function askableUnder(policy: Policy, at: Date): Askable {
  const later = onCallLaterNames(policy, policy.rules, at.getTime());
  const onCall = [onCallNames(policy, policy.rules, at.getTime()), later].flatMap((named) => Object.values(named).flat());
  // A card near its limit needs the helpdesk, whatever the rules say; administrators hear of a manager who left.
  const groups = [...groupsIn(policy.rules.flatMap((rule) => rule.approvals)), HELPDESK_GROUP, ADMINISTRATORS_GROUP];
  return { personIds: onCall, emails: onCall.map(normaliseEmail), groups };
}

export function groupsIn(stages: readonly Stage[]): readonly string[] {
  const groups = stages.flatMap((stage) => allSources(stage).flatMap((source) => groupMeant(source) ?? []));
  return [...new Set(groups.map(nameKey))];
}

/** The sponsor comes along whatever the rule is: it is not known yet. */
export function sponsorOf({ sponsorId }: { readonly sponsorId: string | null }): readonly string[] {
  return sponsorId === null ? [] : [sponsorId];
}

/** When the person's authenticator began to work, who vouched for it, and whether it has to be replaced. Throws VaultError `row-tampered`. */
export async function authenticatorFacts(tx: Queries, personId: string, rowMac: RowMac): Promise<Pick<Facts, 'authenticatorSince' | 'needsNewAuthenticator' | 'vouchedBy'>> {
  const row = await tx.authenticator.findFirst({ where: { personId, state: 'active' } });
  if (row === null) return { authenticatorSince: null };
  checkAuthenticator(row, rowMac);
  const since = { authenticatorSince: row.activatedAt?.getTime() ?? null, vouchedBy: await vouchersBehind(tx, row.id, rowMac) };
  return row.recoveredAt === null ? since : { ...since, needsNewAuthenticator: true };
}

/** Whether the person has an account on any chat. Throws VaultError `row-tampered`. */
export async function isInChat(tx: Queries, personId: string, rowMac: RowMac): Promise<boolean> {
  const rows = await tx.chatIdentity.findMany({ where: { personId } });
  for (const row of rows) checkIdentity(row, rowMac);
  return rows.length > 0;
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
  const personIds = [requesterId, ...sponsorOf(card), ...askable.personIds];
  const query = { ...askable, personIds, at: at.getTime(), card, requesterId, challengeMac: new Uint8Array(), by: null, nightSince: nightBegan(policy.night, at.getTime()) };
  const { people, counts, breaker, policyInForce } = await readFacts(database, query, rowMac);
  const authenticator = await authenticatorFacts(database, requesterId, rowMac);
  const requesterInChat = await isInChat(database, requesterId, rowMac);
  return { at: at.getTime(), card, people, counts, ...authenticator, requesterInChat, challengeAnswered: false, auditTrouble: null, breaker, policyInForce };
}
