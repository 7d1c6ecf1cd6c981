// What is looked up before a decision and for drawing: read without locks, so nothing is granted on it.
import type { Person } from '../directory/person.js';
import { addMs, type Clock, DAY_MS } from '../lib/clock.js';
import { isId } from '../lib/ids.js';
import type { BeforeOpening, CardFacts, PastRequest, RequestFound, RequestPicture, RequestReader, RequestWithPeople } from '../unblock/request-store.js';
import { parseRecipient } from '../unblock/recipients.js';
import { isOpen, OPEN_STATES, type UnblockRequest } from '../unblock/request.js';
import type { Database } from './database.js';
import { readFacts, toPeople } from './facts.js';
import { readBeforeOpening, readRequest } from './locks.js';
import { UNREACHED } from './outbox.js';
import { refusedCodesOf } from './refused-codes.js';
import { checkAuthenticator, type RowReading, toCard, toPerson, toRequest } from './rows.js';

/** Codes refused in these days are told to whoever decides. */
const LATELY_MS = 7 * DAY_MS;
/** Of a caller's requests. */
const PAST_SHOWN = 5;

interface ReaderParts extends RowReading {
  readonly database: Database;
  readonly clock: Clock;
}

export class PrismaRequestReader implements RequestReader {
  readonly #parts: ReaderParts;

  constructor(parts: ReaderParts) {
    this.#parts = parts;
  }

  async cardsOf(personId: string): Promise<readonly CardFacts[]> {
    const rows = await this.#parts.database.card.findMany({ where: { holderId: personId }, orderBy: { label: 'asc' } });
    return rows.map((row) => toCard(row, this.#parts));
  }

  async find(id: string, actorId: string): Promise<RequestWithPeople | null> {
    const { database, rowMac, clock } = this.#parts;
    const at = clock();
    const rows = await readRequest(database, id, actorId, at);
    if (rows === null) return null;
    return { request: toRequest(rows.request, rowMac), card: toCard(rows.card, this.#parts), people: toPeople(rows, rowMac, at.getTime()) };
  }

  async people(ids: readonly string[]): Promise<ReadonlyMap<string, Person>> {
    const named = { id: { in: [...ids] } };
    const rows = await this.#parts.database.person.findMany({ where: { OR: [named, { reports: { some: named } }] } });
    return new Map(rows.map((row) => [row.id, toPerson(row, this.#parts.rowMac)]));
  }

  async beforeOpening(form: { readonly holderId: string; readonly formId: string; readonly cardId: string }): Promise<BeforeOpening | null> {
    const { database, rowMac } = this.#parts;
    const rows = await readBeforeOpening(database, form);
    if (rows === null) return null;
    return { card: toCard(rows.card, this.#parts), request: rows.request === null ? null : toRequest(rows.request, rowMac) };
  }

  async openFor(cardId: string): Promise<UnblockRequest | null> {
    const row = await this.#parts.database.request.findFirst({ where: { cardId, state: { in: [...OPEN_STATES] } } });
    return row === null ? null : toRequest(row, this.#parts.rowMac);
  }

  async openOf(personId: string): Promise<readonly string[]> {
    const rows = await this.#parts.database.request.findMany({ where: { requesterId: personId, state: { in: [...OPEN_STATES] } }, select: { id: true } });
    return rows.map(({ id }) => id);
  }

  async tookEffect(formId: string, actorId: string): Promise<boolean> {
    const row = await this.#parts.database.submission.findUnique({ where: { formId_actorId: { formId, actorId } } });
    return row !== null;
  }

  async picture(id: string, viewerId: string | null): Promise<RequestPicture | null> {
    const { database, rowMac, clock } = this.#parts;
    if (!isId(id)) return null;
    const row = await database.request.findUnique({ where: { id }, include: { card: true } });
    if (row === null) return null;
    const request = toRequest(row, rowMac);
    const card = toCard(row.card, this.#parts);
    const ended = 'by' in request && request.by !== null ? [request.by] : [];
    const viewer = viewerId === null ? [] : [viewerId];
    const agent = request.agentId === undefined ? [] : [request.agentId];
    const typing = 'numbers' in request ? request.numbers.map(({ approverId }) => approverId) : [];
    const personIds = [request.requesterId, ...agent, ...viewer, ...request.approvals.map(({ approverId }) => approverId), ...typing, ...ended];
    const query = { at: clock().getTime(), card, requesterId: request.requesterId, personIds, emails: [], groups: [], by: null, nightSince: null };
    const facts = await readFacts(database, { ...query, challengeMac: new Uint8Array() }, rowMac);
    const authenticator = await database.authenticator.findFirst({ where: { personId: request.requesterId, state: 'active' } });
    if (authenticator !== null) checkAuthenticator(authenticator, rowMac);
    const unreached = await this.#unreached(request);
    const refusedCodes = isOpen(request) ? await refusedCodesOf(database, request.requesterId, addMs(clock(), -LATELY_MS)) : null;
    const past = isOpen(request) && request.agentId !== undefined ? await this.#before(request) : [];
    return { request, card, people: facts.people, counts: facts.counts, authenticatorSince: authenticator?.activatedAt ?? null, unreached, refusedCodes, past };
  }

  /** Nobody has to be told any more of what is decided. */
  async #unreached({ id, state }: UnblockRequest): Promise<readonly string[]> {
    if (state !== 'awaiting-approval') return [];
    const missed = await this.#parts.database.notice.findMany({ where: { requestId: id, lastError: UNREACHED }, select: { recipient: true }, orderBy: { recipient: 'asc' } });
    return missed.map(({ recipient }) => parseRecipient(recipient)).flatMap((one) => (one.kind === 'person' ? [one.personId] : []));
  }

  async #before({ id, requesterId }: UnblockRequest): Promise<readonly PastRequest[]> {
    const { database, rowMac } = this.#parts;
    const rows = await database.request.findMany({ where: { requesterId, id: { not: id } }, orderBy: { openedAt: 'desc' }, take: PAST_SHOWN });
    return rows.map((row) => toRequest(row, rowMac));
  }

  async latestWaiting(limit: number): Promise<readonly RequestFound[]> {
    const { database, rowMac } = this.#parts;
    const rows = await database.request.findMany({ where: { state: 'awaiting-approval' }, orderBy: { openedAt: 'desc' }, take: limit, include: { card: true } });
    return rows.map((row) => ({ request: toRequest(row, rowMac), card: toCard(row.card, this.#parts) }));
  }

  async past(personId: string, limit: number): Promise<readonly RequestFound[]> {
    const { database, rowMac } = this.#parts;
    const ended = { requesterId: personId, state: { notIn: [...OPEN_STATES] } };
    const rows = await database.request.findMany({ where: ended, orderBy: { openedAt: 'desc' }, take: limit, include: { card: true } });
    return rows.map((row) => ({ request: toRequest(row, rowMac), card: toCard(row.card, this.#parts) }));
  }

  async waiting(): Promise<readonly string[]> {
    const rows = await this.#parts.database.request.findMany({ where: { state: 'awaiting-approval' }, orderBy: { openedAt: 'asc' }, select: { id: true } });
    return rows.map(({ id }) => id);
  }

  async due(at: Date, limit: number): Promise<readonly string[]> {
    const rows = await this.#parts.database.request.findMany({
      where: { deadlineAt: { lte: at } },
      orderBy: { deadlineAt: 'asc' },
      take: limit,
      select: { id: true },
    });
    return rows.map(({ id }) => id);
  }
}
