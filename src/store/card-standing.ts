// Who holds a card, and whether it may be asked for: frozen, released, taken back and handed out by hand.
import { auditDraft, type AuditDraft } from '../audit/entry.js';
import { isRefused, refuse, type Refused } from '../lib/refusal.js';
import { endFor } from '../unblock/decision.js';
import { personAndManager, type RecipientName } from '../unblock/recipients.js';
import { OPEN_STATES } from '../unblock/request.js';
import type { CardFacts, EventNoticeKind } from '../unblock/request-store.js';
import { triesLeft } from '../unblock/standing.js';
import type { Proof } from './card-import-alone.js';
import { type Database, holdOrganisation, inTransaction, type Queries } from './database.js';
import { lockRequest } from './locks.js';
import { cardMac, type CardRow, type RowReading, toCard, toPerson, toRequest } from './rows.js';
import { wakeOthers, writeEntries, writeEvents } from './tell.js';
import { byTwoAdministrators, type PairRefusal } from './two-administrators.js';
import { challengeMac, writeChange } from './write-change.js';

export interface CardStandingParts extends RowReading {
  readonly database: Database;
}

/** Which card, why, and when. */
export interface CardStep {
  readonly serial: string;
  readonly reason: string;
  readonly at: Date;
}

export type CardRefusal = 'no-such-card' | 'card-waiting' | 'already-frozen' | 'card-not-stopped' | 'card-held' | 'card-not-held' | 'person-inactive';

/** Freezes a card: its open request ends, and it takes no other. Needs no code, since it fails safe. */
export function freezeCard(parts: CardStandingParts, step: CardStep): Promise<Refused<CardRefusal> | null> {
  return changing(parts, step, async (change, { card }) => {
    if (card.state === 'frozen') return refuse('already-frozen');
    await change.save({ state: 'frozen' });
    await change.endOpenRequest('card-frozen');
    await change.record('frozen', 'cli', card.holderId);
    await change.tell('card-frozen-by-administrator', card.holderId, ['channel:security']);
    return null;
  });
}

/** Takes a card back: nobody holds it, and its open request ends. A frozen one stays frozen. Needs no code, since it fails safe. */
export function returnCard(parts: CardStandingParts, step: CardStep): Promise<Refused<CardRefusal> | null> {
  return changing(parts, step, async (change, { card }) => {
    if (card.holderId === null) return refuse('card-not-held');
    await change.save({ holderId: null });
    await change.endOpenRequest('not-your-card');
    await change.record('card-returned', 'cli', card.holderId);
    await change.tell('card-returned', card.holderId);
    return null;
  });
}

/** Hands a card that nobody holds to a person. A frozen one stays frozen. */
export function assignCard(parts: CardStandingParts, { personId, proofs, ...step }: CardStep & { readonly personId: string; readonly proofs: readonly Proof[] }): Promise<Refused<CardRefusal | PairRefusal> | null> {
  return byTwoAdministrators(parts, proofs, (tx) =>
    changeCard(tx, parts, step, async (change, { card }) => {
      if (card.holderId !== null) return refuse('card-held');
      const person = await tx.person.findUnique({ where: { id: personId } });
      if (person === null || !toPerson(person, parts.rowMac).active) return refuse('person-inactive');
      await change.save({ holderId: personId });
      await change.record('card-assigned', namesOf(proofs)[0] ?? null, personId, { administrators: namesOf(proofs) });
      await change.tell('card-assigned', personId);
      return null;
    }),
  );
}

/**
 * Lets a card be asked for again that is frozen, or that refused as many responses as it may: those are counted anew.
 * A PUK that was shown stays shown.
 */
export function releaseCard(parts: CardStandingParts, { proofs, ...step }: CardStep & { readonly proofs: readonly Proof[] }): Promise<Refused<CardRefusal | PairRefusal> | null> {
  return byTwoAdministrators(parts, proofs, (tx) =>
    changeCard(tx, parts, step, async (change, { card, row }) => {
      const isStopped = triesLeft(card) <= 0;
      if (card.state !== 'frozen' && !isStopped) return refuse('card-not-stopped');
      const thawed = card.state !== 'frozen' ? {} : { state: (await isPukSpent(tx, parts, row)) ? 'puk-shown' : 'active' };
      await change.save({ ...thawed, ...(isStopped ? { refusedResponses: 0 } : {}) });
      const administrators = namesOf(proofs);
      await change.record('card-released', administrators[0] ?? null, card.holderId, { administrators, wasFrozen: card.state === 'frozen', refusedResponses: card.refusedResponses });
      await change.tell('card-released', card.holderId, ['channel:security']);
      return null;
    }),
  );
}

/** What can be done to one card in the transaction that holds it. */
interface CardChanging {
  save(to: Partial<Pick<CardRow, 'state' | 'holderId' | 'refusedResponses'>>): Promise<void>;
  endOpenRequest(why: 'card-frozen' | 'not-your-card'): Promise<void>;
  record(kind: AuditDraft['kind'], actor: string | null, personId: string | null, facts?: AuditDraft['facts']): Promise<void>;
  tell(kind: EventNoticeKind, personId: string | null, more?: readonly RecipientName[]): Promise<void>;
}

type CardWork = (change: CardChanging, found: { readonly card: CardFacts; readonly row: CardRow }) => Promise<Refused<CardRefusal> | null>;

/** Under the organisation's lock, so that no step of a request is under way meanwhile. */
function changing(parts: CardStandingParts, step: CardStep, work: CardWork): Promise<Refused<CardRefusal> | null> {
  return inTransaction(parts.database, async (tx) => {
    await holdOrganisation(tx);
    return await changeCard(tx, parts, step, work);
  });
}

/** A card that still waits for a second administrator is left to `cards commit` and `cards drop`. */
async function changeCard(tx: Queries, parts: CardStandingParts, { serial, reason, at }: CardStep, work: CardWork): Promise<Refused<CardRefusal> | null> {
  const { rowMac } = parts;
  // An import may be giving it a new secret at this moment.
  await tx.$queryRaw`SELECT id FROM "Card" WHERE serial = ${serial} FOR UPDATE`;
  const row = await tx.card.findUnique({ where: { serial } });
  if (row === null) return refuse('no-such-card');
  const card = toCard(row, parts);
  if (card.state === 'waiting') return refuse('card-waiting');
  const writing = { at, rowMac };
  const outcome = await work(
    {
      save: async (to) => {
        await tx.card.update({ where: { id: row.id }, data: { ...to, mac: cardMac({ ...row, ...to }, rowMac) } });
      },
      endOpenRequest: (why) => endOpenRequest(tx, row.id, { why, ...writing }),
      record: (kind, actor, personId, facts = {}) => writeEntries(tx, [auditDraft(kind, actor, { cardId: row.id, personId }, { ...facts, reason })], writing),
      tell: async (kind, personId, more = []) => {
        const holder = personId === null ? null : await tx.person.findUnique({ where: { id: personId } });
        const told = [...more, ...(holder === null ? [] : personAndManager(holder))];
        const params = { card: row.id, ...(personId === null ? {} : { person: personId }) };
        await writeEvents(tx, told.map((recipient) => ({ kind, recipient, params })), at);
      },
    },
    { card, row },
  );
  if (outcome === null) await wakeOthers(tx);
  return outcome;
}

async function endOpenRequest(tx: Queries, cardId: string, { why, at, rowMac }: { readonly why: string; readonly at: Date; readonly rowMac: CardStandingParts['rowMac'] }): Promise<void> {
  const open = await tx.request.findFirst({ where: { cardId, state: { in: [...OPEN_STATES] } }, select: { id: true } });
  const locked = open === null ? null : await lockRequest(tx, open.id, { releases: false });
  if (locked === null) return;
  const before = toRequest(locked.request, rowMac);
  const change = endFor(why, before, at.getTime());
  if (!isRefused(change)) await writeChange(tx, change, { at, by: null, card: locked.card, before, rowMac });
}

async function isPukSpent(tx: Queries, { rowMac }: CardStandingParts, row: CardRow): Promise<boolean> {
  if (row.unlock === 'cryptogram') return false;
  const spent = await tx.answeredChallenge.findFirst({ where: { cardId: row.id, challengeMac: Buffer.from(challengeMac(rowMac, row, null)) } });
  return spent !== null;
}

function namesOf(proofs: readonly Proof[]): readonly string[] {
  return proofs.map(({ personId }) => personId);
}
