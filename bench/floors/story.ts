// The floor of a story: the rows that a real one wrote, written again by bare `pg` in as many transactions, one statement
// for each kind of row. It reads nothing, checks nothing and decides nothing.
import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import { newId, newToken } from '../../src/lib/ids.js';
import type { Pair, Player } from '../cast.js';
import type { StepName, Story } from '../round.js';

export interface RequestVersion {
  readonly state: string;
  readonly version: number;
  readonly deadlineAt: Date | null;
  readonly body: unknown;
  readonly mac: Uint8Array;
}

/** What one real story wrote. */
export interface RecordedStory {
  /** The request after each step. */
  readonly request: Readonly<Record<StepName, RequestVersion>>;
  /** The audit bodies: opened, proved, vote, approval complete, released, outcome. */
  readonly entries: readonly string[];
  readonly recipients: readonly string[];
}

type Statement = readonly [text: string, values: readonly unknown[]];

const MAC_BYTES = 32;
const STEP_MS = 30_000;
const CHANNEL = 'floor_news';

/** The story of this pair again. `at` moves on between two stories of one pair. */
export function floorStory(recorded: RecordedStory, pair: Pair, at: Date): Story<pg.Client> {
  const { employee, manager } = pair;
  const rows = new StoryRows(recorded, pair, at);
  const own = `request:${rows.requestId}`;
  const vote = `vote:${rows.requestId}:${manager.id}`;
  return {
    open: async (client) => {
      await commit(client, rows.guess(employee, own));
      await commit(client, [...rows.spentCode(employee, own), rows.newRequest(), rows.entries(0, 2), rows.notices(), news(), rows.form('open')]);
    },
    vote: async (client) => {
      await commit(client, rows.guess(manager, vote));
      await commit(client, [...rows.spentCode(manager, vote), rows.request('vote'), rows.entries(2, 4), rows.copies('vote'), news(), rows.form('vote')]);
    },
    reveal: (client) =>
      commit(client, [rows.request('reveal'), rows.answered(), rows.entries(4, 5), rows.copies('reveal'), news(), rows.form('reveal')]),
    outcome: (client) =>
      commit(client, [rows.request('outcome'), rows.card(), rows.entries(5, 6), rows.copies('outcome'), news(), rows.form('outcome')]),
  };
}

async function commit(client: pg.Client, statements: readonly Statement[]): Promise<void> {
  await client.query('BEGIN');
  for (const [text, values] of statements) await client.query(text, [...values]);
  await client.query('COMMIT');
}

/** The word to the couriers. */
function news(): Statement {
  return ['SELECT pg_notify($1, $2)', [CHANNEL, '']];
}

/** The statements that write one story's rows. */
class StoryRows {
  readonly requestId = newId();
  readonly #recorded: RecordedStory;
  readonly #pair: Pair;
  readonly #at: Date;

  constructor(recorded: RecordedStory, pair: Pair, at: Date) {
    this.#recorded = recorded;
    this.#pair = pair;
    this.#at = at;
  }

  guess({ id, authenticatorId }: Player, scope: string): readonly Statement[] {
    return [
      [
        'INSERT INTO "GuessAttempt" ("formId", "actorId", "codeMac", at) VALUES ($1, $2, $3, $4)',
        [newToken(), id, randomBytes(MAC_BYTES), this.#at],
      ],
      [
        `INSERT INTO "GuessScope" AS s (key, tries, at) SELECT key, 1, $2 FROM unnest($1::text[]) AS a (key)
         ON CONFLICT (key) DO UPDATE SET tries = s.tries + 1, at = excluded.at`,
        [this.#scopes(id, scope), this.#at],
      ],
      ['UPDATE "Authenticator" SET tries = tries + 1 WHERE id = $1', [authenticatorId]],
    ];
  }

  spentCode({ id, authenticatorId }: Player, scope: string): readonly Statement[] {
    const step = Math.floor(this.#at.getTime() / STEP_MS);
    return [
      ['UPDATE "GuessScope" SET tries = tries - 1 WHERE key = ANY($1)', [this.#scopes(id, scope)]],
      ['UPDATE "Authenticator" SET "lastStep" = $2, tries = 0, "lockedUntil" = NULL WHERE id = $1', [authenticatorId, step]],
    ];
  }

  newRequest(): Statement {
    const { state, version, deadlineAt, body, mac } = this.#recorded.request.open;
    return [
      `INSERT INTO "Request" (id, "formId", "cardId", "requesterId", state, version, "openedAt", "deadlineAt", body, mac)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
      [this.requestId, newToken(), this.#pair.cardId, this.#pair.employee.id, state, version, this.#at, deadlineAt, body, mac],
    ];
  }

  request(step: StepName): Statement {
    const { state, version, deadlineAt, body, mac } = this.#recorded.request[step];
    return [
      'UPDATE "Request" SET state = $2, version = $3, "deadlineAt" = $4, body = $5, mac = $6 WHERE id = $1',
      [this.requestId, state, version, deadlineAt, body, mac],
    ];
  }

  entries(from: number, to: number): Statement {
    return [
      'INSERT INTO "AuditEntry" (at, body) SELECT $1, body FROM unnest($2::text[]) AS e (body)',
      [this.#at, this.#recorded.entries.slice(from, to)],
    ];
  }

  notices(): Statement {
    return [
      `INSERT INTO "Notice" (id, "requestId", kind, recipient, params, wanted, "nextAttemptAt", "createdAt")
       SELECT gen_random_uuid(), $1, 'request', recipient, '{}', $3, $4, $4 FROM unnest($2::text[]) AS n (recipient)`,
      [this.requestId, this.#recorded.recipients, this.#recorded.request.open.version, this.#at],
    ];
  }

  copies(step: StepName): Statement {
    return [
      'UPDATE "Notice" SET wanted = $2, attempts = 0, "nextAttemptAt" = $3 WHERE "requestId" = $1',
      [this.requestId, this.#recorded.request[step].version, this.#at],
    ];
  }

  form(step: StepName): Statement {
    const actor = step === 'vote' ? this.#pair.manager : this.#pair.employee;
    return [
      'INSERT INTO "Submission" ("formId", "actorId", action, "requestId", at) VALUES ($1, $2, $3, $4, $5)',
      [newToken(), actor.id, step, this.requestId, this.#at],
    ];
  }

  answered(): Statement {
    return [
      'INSERT INTO "AnsweredChallenge" ("cardId", "challengeMac", "requestId", at) VALUES ($1, $2, $3, $4)',
      [this.#pair.cardId, randomBytes(MAC_BYTES), this.requestId, this.#at],
    ];
  }

  card(): Statement {
    return ['UPDATE "Card" SET "refusedResponses" = 0, mac = $2 WHERE id = $1', [this.#pair.cardId, randomBytes(MAC_BYTES)]];
  }

  #scopes(personId: string, scope: string): readonly string[] {
    return [scope, `day-own:${personId}:${this.#at.toISOString().slice(0, 10)}`];
  }
}
