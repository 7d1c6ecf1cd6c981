// Requests in PostgreSQL: one way to change one, in one transaction, under locks in one order.
import { auditDraft } from '../audit/entry.js';
import { nightBegan } from '../approval/night.js';
import { ADMINISTRATORS_GROUP, HELPDESK_GROUP, type Policy } from '../approval/policy.js';
import type { Response } from '../card/response.js';
import type { Clock } from '../lib/clock.js';
import { isRefused, refuse, type Refused } from '../lib/refusal.js';
import { limitReached } from '../unblock/breaker.js';
import {
  type Attempted,
  BREAK_GLASS_STEP,
  type CardFacts,
  type Change,
  type Decide,
  type Decision,
  type Facts,
  type Gate,
  type RequestDraft,
  type RequestStore,
  type Saved,
  STEP_DOWN,
  type StoreRefusal,
} from '../unblock/request-store.js';
import { isOpen, type UnblockRequest } from '../unblock/request.js';
import type { DerivedCard, SealedCard } from '../vault/key-vault.js';
import { openTheBreaker } from './breaker.js';
import { type Database, inTransaction, isDuplicate, type Queries } from './database.js';
import { readFacts } from './facts.js';
import { lockCard, lockRequest } from './locks.js';
import { askableUnder, authenticatorFacts, groupsIn, isInChat, sponsorOf } from './opening-facts.js';
import { type CardRow, type RowReading, toCard, toDerivedCard, toRequest, toSealedCard } from './rows.js';
import { writeEntries } from './tell.js';
import { challengeMac, CodeSpentFirst, writeChange } from './write-change.js';

export interface RequestStoreParts extends RowReading {
  readonly database: Database;
  readonly clock: Clock;
  /** Why the audit's file outside the database cannot be written, or null. */
  readonly auditFileTrouble: () => string | null;
}

interface Locked {
  readonly card: CardRow;
  readonly request: UnblockRequest;
}

interface Settled {
  readonly saved: Saved;
  readonly response: Response | null;
}

type Compute = Gate<never>['compute'];

export class PrismaRequestStore implements RequestStore {
  readonly #parts: RequestStoreParts;

  constructor(parts: RequestStoreParts) {
    this.#parts = parts;
  }

  async open<R extends string>(
    draft: RequestDraft,
    by: Attempted,
    policy: Policy,
    decide: (facts: Facts) => Decision<R>,
  ): Promise<Saved | Refused<R | StoreRefusal>> {
    const { database, rowMac } = this.#parts;
    try {
      return await inTransaction(database, async (tx) => {
        const card = await lockCard(tx, draft.cardId);
        if (card === null) return refuse('no-such-request');
        const at = this.#parts.clock();
        const askable = askableUnder(policy, at);
        const facts = await this.#facts(tx, {
          at,
          card,
          requesterId: draft.requesterId,
          ...askable,
          personIds: [draft.requesterId, ...(draft.agentId === undefined ? [] : [draft.agentId]), ...sponsorOf(card), ...(by.besides ?? []), ...askable.personIds],
          challenge: draft.challenge,
          by: null,
          policy,
        });
        const authenticator = await authenticatorFacts(tx, draft.requesterId, rowMac);
        // Whoever asks in person does so in a chat.
        const requesterInChat = draft.agentId === undefined || (await isInChat(tx, draft.requesterId, rowMac));
        const decision = decide({ ...facts.facts, ...authenticator, requesterInChat });
        if (isRefused(decision)) return await this.#refused(tx, decision, facts.facts);
        // A form whose code was not accepted has had no effect: it comes back with the next one.
        await writeChange(tx, decision, { at, by: decision.spend === undefined ? null : by, card, before: null, rowMac });
        return { request: decision.request, repeated: false };
      });
    } catch (error) {
      // The partial unique index: this card has an open request, or this form opened one a moment ago.
      if (isDuplicate(error)) return await this.#openedMeanwhile(by.formId);
      if (error instanceof CodeSpentFirst) return refuse('code-not-accepted');
      throw error;
    }
  }

  async update<R extends string>(
    id: string,
    by: Attempted | null,
    decide: Decide<R>,
    challenge: string | null,
  ): Promise<Saved | Refused<R | StoreRefusal>> {
    const settled = await this.#step({ id, by, decide, challenge, compute: null, policy: null });
    return isRefused(settled) ? settled : settled.saved;
  }

  async release<R extends string>(
    id: string,
    by: Attempted,
    gate: Gate<R>,
  ): Promise<{ readonly request: UnblockRequest; readonly response: Response } | Refused<R | StoreRefusal>> {
    const settled = await this.#step({ id, by, ...gate });
    if (isRefused(settled)) return settled;
    const { saved, response } = settled;
    if (response === null) throw new Error(`request ${id} was released without a response`);
    return { request: saved.request, response };
  }

  async noteRefusedCode(requestId: string | null, actorId: string, scope: string): Promise<void> {
    const purpose = scope.split(':')[0] ?? '';
    const { database, clock, rowMac } = this.#parts;
    await writeEntries(database, [auditDraft('code-refused', actorId, { requestId }, { purpose })], { at: clock(), rowMac });
  }

  async #step<R extends string>(step: {
    readonly id: string;
    readonly by: Attempted | null;
    readonly decide: Decide<R>;
    readonly challenge: string | null;
    readonly compute: Compute | null;
    readonly policy: Policy | null;
  }): Promise<Settled | Refused<R | StoreRefusal>> {
    const computed: Response[] = [];
    try {
      return await inTransaction(this.#parts.database, async (tx) => {
        // Of a run that PostgreSQL broke up.
        for (const response of computed.splice(0)) response.wipe();
        const locked = await this.#lock(tx, step.id, { releases: step.compute !== null });
        if (locked === null) return refuse('no-such-request');
        const at = this.#parts.clock();
        const read = await this.#factsFor(tx, locked, { at, by: step.by, challenge: step.challenge, policy: step.policy });
        if (read.repeated && step.compute === null) return { saved: { request: locked.request, repeated: true }, response: null };
        const decision = step.decide(locked.request, await this.#withAuthenticator(tx, locked.request, read.facts));
        if (isRefused(decision)) return await this.#refused(tx, decision, read.facts);
        const response = step.compute === null ? null : await this.#compute(tx, step.compute, locked, { card: read.facts.card, decision });
        if (response !== null) computed.push(response);
        // A form that was refused has had no effect: it comes back with another number.
        const by = decision.refuses === undefined ? step.by : null;
        await writeChange(tx, decision, { at, by, card: locked.card, before: locked.request, rowMac: this.#parts.rowMac });
        // The step ended the request instead (the card was frozen, an approver lost their standing): that stays, and nothing is shown.
        if (decision.ended === true) return refuse('request-ended');
        if (decision.refuses !== undefined) return refuse(decision.refuses);
        return { saved: { request: decision.request, repeated: false }, response };
      });
    } catch (error) {
      for (const response of computed) response.wipe();
      if (error instanceof CodeSpentFirst) return refuse('code-not-accepted');
      throw error;
    }
  }

  /** Only where the first code of a request is given: the others go on with what was begun. */
  async #withAuthenticator(tx: Queries, { state, requesterId }: UnblockRequest, facts: Facts): Promise<Facts> {
    if (state !== 'opened') return facts;
    return { ...facts, ...(await authenticatorFacts(tx, requesterId, this.#parts.rowMac)) };
  }

  async #lock(tx: Queries, id: string, how: { readonly releases: boolean }): Promise<Locked | null> {
    const rows = await lockRequest(tx, id, how);
    return rows === null ? null : { card: rows.card, request: toRequest(rows.request, this.#parts.rowMac) };
  }

  /** Only for a request that is now answered: a decision that ended it instead computes nothing. */
  async #compute(
    tx: Queries,
    compute: Compute,
    locked: Locked,
    { card, decision }: { readonly card: CardFacts; readonly decision: Change },
  ): Promise<Response | null> {
    if (decision.request.state !== 'answered') return null;
    const secret = await this.#secretOf(tx, locked.card);
    if (secret === null) throw new Error(`card ${card.id} has no secret`);
    return compute(secret, card, decision.request);
  }

  async #secretOf(tx: Queries, row: CardRow): Promise<SealedCard | DerivedCard | null> {
    if (row.masterKeyId === null) return toSealedCard(row);
    const master = await tx.masterKey.findUniqueOrThrow({ where: { id: row.masterKeyId } });
    return toDerivedCard(row, master, this.#parts.rowMac);
  }

  #factsFor(
    tx: Queries,
    { card, request }: Locked,
    { at, by, challenge, policy }: { readonly at: Date; readonly by: Attempted | null; readonly challenge: string | null; readonly policy: Policy | null },
  ) {
    const voters = request.approvals.map(({ approverId }) => approverId);
    const actor = by === null ? [] : [by.actorId, ...(by.besides ?? [])];
    return this.#facts(tx, {
      at,
      card,
      requesterId: request.requesterId,
      personIds: [request.requesterId, ...actor, ...voters, ...(asksAround(request, by) ? namedIn(request) : [])],
      emails: [],
      groups: groupsNow(request, by),
      challenge: challenge ?? (isOpen(request) ? request.challenge : null),
      by,
      policy,
    });
  }

  async #facts(
    tx: Queries,
    query: {
      readonly at: Date;
      readonly card: CardRow;
      readonly requesterId: string;
      readonly personIds: readonly string[];
      readonly emails: readonly string[];
      readonly groups: readonly string[];
      readonly challenge: string | null;
      readonly by: Attempted | null;
      /** Null: no limit of a night is looked at. */
      readonly policy: Policy | null;
    },
  ): Promise<{ readonly facts: Facts; readonly repeated: boolean }> {
    const { rowMac, auditFileTrouble } = this.#parts;
    const at = query.at.getTime();
    const card = toCard(query.card, this.#parts);
    const mac = challengeMac(rowMac, query.card, query.challenge);
    const read = await readFacts(tx, { ...query, at, card, challengeMac: mac, nightSince: nightBegan(query.policy?.night, at) }, rowMac);
    const { people, counts, challengeAnswered, repeated, breaker, policyInForce } = read;
    const auditTrouble = auditFileTrouble() ?? (read.auditBehind ? 'audit-behind' : null);
    return { repeated, facts: { at, card, people, counts, authenticatorSince: null, requesterInChat: false, challengeAnswered, auditTrouble, breaker, policyInForce, ...(repeated ? { repeated: true } : {}) } };
  }

  /** What a step was refused for; where it is the first to meet a limit of the organisation, the breaker opens with it. */
  async #refused<R extends string>(tx: Queries, refused: Refused<R>, { at, policyInForce }: Facts): Promise<Refused<R>> {
    const limit = limitReached(refused);
    if (limit !== null) await openTheBreaker(tx, limit, { at: new Date(at), rowMac: this.#parts.rowMac, policyHash: policyInForce });
    return refused;
  }

  async #openedMeanwhile(formId: string): Promise<Saved | Refused<'card-busy'>> {
    const row = await this.#parts.database.request.findUnique({ where: { formId } });
    return row === null ? refuse('card-busy') : { request: toRequest(row, this.#parts.rowMac), repeated: true };
  }
}

/** Whether all who may be asked are needed: when the requester's code was right, at a deadline, and when somebody steps down. */
function asksAround({ state }: UnblockRequest, by: Attempted | null): boolean {
  return state === 'opened' || (state === 'awaiting-approval' && (by === null || by.action === STEP_DOWN));
}

/** Of those; and administrators beside them, and when a PUK is shown. */
function groupsNow(request: UnblockRequest, by: Attempted | null): readonly string[] {
  // The helpdesk comes in with the first code of an authenticator that was set up meanwhile.
  const desk = request.state === 'opened' ? [HELPDESK_GROUP] : [];
  if (asksAround(request, by)) return [...groupsIn(request.requirement.stages), ...desk, ADMINISTRATORS_GROUP];
  if (by?.action === BREAK_GLASS_STEP) return [ADMINISTRATORS_GROUP];
  return request.state === 'approved' && request.challenge === null ? [ADMINISTRATORS_GROUP] : [];
}

/** Those who were on call at the opening or are when it escalates, and the card's sponsor. */
function namedIn({ requirement: { onCall = {}, onCallLater = {}, sponsor } }: UnblockRequest): readonly string[] {
  return [onCall, onCallLater].flatMap((named) => Object.values(named).flat()).concat(sponsor ?? []);
}
