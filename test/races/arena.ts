// Where the races are run: a database of its own, many employees with a card and two managers each, and two processes.
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openParts, type Parts } from '../../src/app/parts.js';
import { parsePolicy } from '../../src/approval/policy-file.js';
import { policyHash } from '../../src/approval/policy.js';
import type { AuditDraft } from '../../src/audit/entry.js';
import { readCardFile } from '../../src/card/card-file.js';
import { readConfig } from '../../src/config.js';
import { readPeopleFile } from '../../src/directory/people-file.js';
import type { Person } from '../../src/directory/person.js';
import { toHex } from '../../src/lib/bytes.js';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/lib/clock.js';
import { newId, newToken } from '../../src/lib/ids.js';
import { silentLog } from '../../src/lib/log.js';
import type { SpentCode } from '../../src/stepup/authenticator-store.js';
import { newSeed, TOTP_ALGORITHM } from '../../src/stepup/totp.js';
import { requestColumns } from '../../src/store/rows.js';
import { writeEntries } from '../../src/store/tell.js';
import type { LoadedPolicy } from '../../src/unblock/decision.js';
import { decideOpeningProved } from '../../src/unblock/opening.js';
import type { CardFacts, Change, Facts } from '../../src/unblock/request-store.js';
import type { UnblockRequest } from '../../src/unblock/request.js';
import { decideApprove } from '../../src/unblock/voting.js';
import { freshDatabase, type TestDatabase } from '../support/database.js';
import { personOf, type Race, type Role } from './plan.js';
import { compileReplica, Replica } from './replica-process.js';

/** When the first round is; each of the others is a day after the one before. */
export const BEGIN = Date.UTC(2026, 5, 1, 9);
const EXPIRES_MS = HOUR_MS;
/** A transaction of the directory may not take long, also on a busy machine. */
const IMPORTED_AT_ONCE = 20;
const ROLES: readonly Role[] = ['requester', 'manager', 'second'];

const NO_COUNTS = { cardResponsesToday: 0, personRequestsToday: 0, personUnprovedToday: 0, personRequestsThisWeek: 0, personRequestsThisMonth: 0, responsesLastHour: 0, responsesTonight: 0 };

const ONE = policyText(1);
const TWO = policyText(2);

function policyText(count: number): string {
  return `version: 1
limits: { challengesPerCardPerDay: 10000, requestsPerPersonPerDay: 10000, unblocksPerHour: 10000 }
times: { proofFreshMinutes: 60 }
rules:
  - name: either manager
    approvals: [{ from: [manager, manager-of-manager], count: ${count} }]
`;
}

/** A request that is about to be raced for. */
export interface Prepared {
  readonly race: Race;
  readonly lane: number;
  readonly request: UnblockRequest;
  /** What the card shows (hex). */
  readonly challenge: string;
  readonly needed: number;
}

export class Arena {
  readonly parts: Parts;
  readonly replicas: readonly [Replica, Replica];
  /** The admin key of each card (hex), by lane. */
  readonly keys: readonly string[];
  readonly #database: TestDatabase;
  readonly #folders: readonly string[];
  readonly #cards: readonly CardFacts[];
  readonly #people: ReadonlyMap<string, Person>;

  private constructor(made: { parts: Parts; replicas: readonly [Replica, Replica]; keys: readonly string[]; database: TestDatabase; folders: readonly string[]; cards: readonly CardFacts[]; people: ReadonlyMap<string, Person> }) {
    this.parts = made.parts;
    this.replicas = made.replicas;
    this.keys = made.keys;
    this.#database = made.database;
    this.#folders = made.folders;
    this.#cards = made.cards;
    this.#people = made.people;
  }

  static async open(lanes: number): Promise<Arena> {
    const [database, data, sources] = await Promise.all([freshDatabase(), mkdtemp(join(tmpdir(), 'countersign-races-')), compileReplica()]);
    const env = { DATABASE_URL: database.url, COUNTERSIGN_DATA: data, COUNTERSIGN_TIME_ZONE: 'UTC' };
    const parts = await openParts(readConfig(env), { clock: () => new Date(BEGIN), log: silentLog });
    const keys = Array.from({ length: lanes }, () => toHex(randomBytes(24)));
    const seeds = await fill(parts, keys);
    const people = new Map((await parts.people.all()).map((person) => [person.id, person]));
    const cards = await Promise.all(keys.map((_, lane) => cardOf(parts, lane)));
    const replicas = [new Replica(sources), new Replica(sources)] as const;
    await Promise.all(replicas.map((replica) => replica.setUp({ env, policyText: ONE, seeds })));
    return new Arena({ parts, replicas, keys, database, folders: [data, sources], cards, people });
  }

  /** A request for each race, as opening and voting leave it, all saved at once. `at`: the moment of the races (ms since 1970). */
  async prepare(races: readonly Race[], firstLane: number, at: number): Promise<readonly Prepared[]> {
    const made = races.map((race, index) => this.#prepared(race, firstLane + index, at));
    const { database, rowMac } = this.parts;
    await database.request.createMany({ data: made.map(({ prepared }) => requestColumns(prepared.request, rowMac)) });
    await writeEntries(database, made.flatMap(({ entries }) => entries), { at: new Date(at), rowMac });
    return made.map(({ prepared }) => prepared);
  }

  /** Where the deadline takes part it comes a millisecond after the moment of the race. */
  #prepared(race: Race, lane: number, at: number): { readonly prepared: Prepared; readonly entries: readonly AuditDraft[] } {
    const expires = race.entrants.some(({ deed }) => deed === 'expiry');
    const openedAt = expires ? at + 1 - EXPIRES_MS : at - 5 * MINUTE_MS;
    const challenge = toHex(randomBytes(8));
    const needed = race.start === 'half-approved' ? 2 : 1;
    const facts = this.#facts(lane, openedAt);
    const requesterId = personOf(lane, 'requester');
    const draft = { id: newId(), cardId: facts.card.id, requesterId, challenge };
    const opening = { draft, formId: newToken(), reason: 'PIN forgotten', loaded: loadedFrom(needed === 2 ? TWO : ONE) };
    const opened = made(decideOpeningProved(facts, opening, codeOf(requesterId)));
    if (race.start === 'waiting') return { prepared: { race, lane, request: opened.request, challenge, needed }, entries: opened.entries };
    const by = personOf(lane, 'manager');
    const voted = made(decideApprove(opened.request, { ...facts, at: openedAt + MINUTE_MS }, { by, spend: codeOf(by) }));
    return { prepared: { race, lane, request: voted.request, challenge, needed }, entries: [...opened.entries, ...voted.entries] };
  }

  #facts(lane: number, at: number): Facts {
    const card = this.#cards[lane];
    if (card === undefined) throw new Error(`there is no lane ${lane}`);
    const people = new Map(ROLES.flatMap((role) => this.#people.get(personOf(lane, role)) ?? []).map((person) => [person.id, person]));
    return { at, card, people, counts: NO_COUNTS, authenticatorSince: BEGIN - 90 * DAY_MS, requesterInChat: true, challengeAnswered: false, auditTrouble: null, breaker: null, policyInForce: null };
  }

  async close(): Promise<void> {
    await Promise.all(this.replicas.map((replica) => replica.stop()));
    await this.parts.close();
    await this.#database.drop();
    for (const folder of this.#folders) await rm(folder, { recursive: true, force: true });
  }
}

/** Each employee with a manager, who has one too. Everybody's seed (hex) by their id. */
async function fill(parts: Parts, keys: readonly string[]): Promise<Record<string, string>> {
  const lanes = keys.map((_, lane) => lane);
  for (let first = 0; first < lanes.length; first += IMPORTED_AT_ONCE) {
    const some = lanes.slice(first, first + IMPORTED_AT_ONCE);
    await importPeople(parts, some);
    await importCards(parts, some, keys);
  }
  const seeds: Record<string, string> = {};
  for (const personId of lanes.flatMap((lane) => [personOf(lane, 'manager'), personOf(lane, 'second')])) seeds[personId] = await enrol(parts, personId);
  await parts.sequencer.sequence();
  return seeds;
}

async function importPeople(parts: Parts, lanes: readonly number[]): Promise<void> {
  const line = (lane: number, role: Role, boss: Role | null): string => `${personOf(lane, role)},${personOf(lane, role)},${mailOf(lane, role)},${boss === null ? '' : mailOf(lane, boss)},,,`;
  const lines = lanes.flatMap((lane) => [line(lane, 'second', null), line(lane, 'manager', 'second'), line(lane, 'requester', 'manager')]);
  const file = readPeopleFile(['id,name,e-mail,manager,groups,site,locale', ...lines, ''].join('\n'));
  const imported = await parts.people.import(file.people, null);
  if ('problems' in imported) throw new Error(JSON.stringify(imported.problems));
}

async function importCards(parts: Parts, lanes: readonly number[], keys: readonly string[]): Promise<void> {
  const lines = lanes.map((lane) => `${serialOf(lane)},Card ${lane},gids,${mailOf(lane, 'requester')},${keys[lane] ?? ''},`);
  const file = readCardFile(['serial,label,profile,holder,key,kcv', ...lines, ''].join('\n'), { allowDefaultKeys: false });
  const problems = [...file.problems, ...(await parts.cards.import(file.cards))];
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
}

function mailOf(lane: number, role: Role): string {
  return `${personOf(lane, role)}@example.com`;
}

function serialOf(lane: number): string {
  return `CARD-${lane}`;
}

async function enrol(parts: Parts, personId: string): Promise<string> {
  const [id, seed, algorithm] = [newId(), newSeed(), TOTP_ALGORITHM];
  const hex = toHex(seed);
  const sealed = await parts.vault.sealSeed({ authenticatorId: id, personId, algorithm }, seed);
  await parts.authenticators.addSample({ id, personId, algorithm, sealed, createdAt: new Date(BEGIN - 90 * DAY_MS) }, new Date(BEGIN));
  return hex;
}

async function cardOf(parts: Parts, lane: number): Promise<CardFacts> {
  const card = await parts.cards.bySerial(serialOf(lane));
  if (card === null) throw new Error(`lane ${lane} has no card`);
  return card;
}

const LOADED = new Map<string, LoadedPolicy>();

function loadedFrom(text: string): LoadedPolicy {
  const known = LOADED.get(text);
  if (known !== undefined) return known;
  const parsed = parsePolicy(text);
  if (!('policy' in parsed)) throw new Error(JSON.stringify(parsed.problems));
  const loaded = { policy: parsed.policy, hash: policyHash(text) };
  LOADED.set(text, loaded);
  return loaded;
}

function codeOf(personId: string): SpentCode {
  return { kind: 'totp', authenticatorId: `of ${personId}`, personId, step: 0n, counted: [] };
}

function made(decision: Change | { readonly refused: string }): Change {
  if ('refused' in decision) throw new Error(`a request cannot be prepared: ${decision.refused}`);
  return decision;
}
