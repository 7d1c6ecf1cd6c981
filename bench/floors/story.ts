// The floor of a story: the rows that a real one wrote, written again by bare `pg` in as many transactions. It decides
// and checks nothing, reads nothing, and names its statements, so that PostgreSQL plans each of them once a connection.
import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import { newId, newToken } from '../../src/lib/ids.js';
import type { Pair } from '../cast.js';
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

type Statement = { readonly name: string; readonly text: string; readonly values: readonly unknown[] };

const MAC_BYTES = 32;
const CHANNEL = 'floor_notices';

/** `at` must be later than that of the pair's story before: it stands for the steps of the codes, too. */
export function floorStory(recorded: RecordedStory, pair: Pair, at: Date): Story<pg.Client> {
  const story = new FloorStory(recorded, pair, at);
  return {
    open: async (client) => {
      await commit(client, story.guess(pair.employee, `request:${story.requestId}`));
      await commit(client, [story.insertRequest(), story.entries(0, 1)]);
      await commit(client, [...story.spend(pair.employee, `request:${story.requestId}`), story.request('open'), story.entries(1, 2), story.notices(), notify(), story.submission('open')]);
    },
    vote: async (client) => {
      const scope = `vote:${story.requestId}:${pair.manager.id}`;
      await commit(client, story.guess(pair.manager, scope));
      await commit(client, [...story.spend(pair.manager, scope), story.request('vote'), story.entries(2, 4), ...story.told('vote')]);
    },
    reveal: (client) => commit(client, [story.request('reveal'), story.answered(), story.entries(4, 5), ...story.told('reveal')]),
    outcome: (client) => commit(client, [story.request('outcome'), story.card(), story.entries(5, 6), ...story.told('outcome')]),
  };
}

async function commit(client: pg.Client, statements: readonly Statement[]): Promise<void> {
  await client.query('BEGIN');
  for (const { name, text, values } of statements) await client.query({ name, text, values: [...values] });
  await client.query('COMMIT');
}

function notify(): Statement {
  return { name: 'notify', text: 'SELECT pg_notify($1, $2)', values: [CHANNEL, ''] };
}

/** The statements of one story. */
class FloorStory {
  readonly requestId = newId();
  readonly #recorded: RecordedStory;
  readonly #pair: Pair;
  readonly #at: Date;

  constructor(recorded: RecordedStory, pair: Pair, at: Date) {
    this.#recorded = recorded;
    this.#pair = pair;
    this.#at = at;
  }

  guess({ id, authenticatorId }: Pair['employee'], scope: string): readonly Statement[] {
    return [
      {
        name: 'attempt',
        text: 'INSERT INTO "GuessAttempt" ("formId", "actorId", "codeMac", at) VALUES ($1, $2, $3, $4)',
        values: [newToken(), id, randomBytes(MAC_BYTES), this.#at],
      },
      {
        name: 'scopes',
        text: `INSERT INTO "GuessScope" AS s (key, tries, at) SELECT key, 1, $2 FROM unnest($1::text[]) AS a (key)
               ON CONFLICT (key) DO UPDATE SET tries = s.tries + 1, at = excluded.at`,
        values: [this.#scopes(id, scope), this.#at],
      },
      { name: 'try', text: 'UPDATE "Authenticator" SET tries = tries + 1 WHERE id = $1', values: [authenticatorId] },
    ];
  }

  spend({ id, authenticatorId }: Pair['employee'], scope: string): readonly Statement[] {
    return [
      {
        name: 'spend',
        text: 'UPDATE "Authenticator" SET "lastStep" = $2, tries = 0, "lockedUntil" = NULL WHERE id = $1',
        values: [authenticatorId, Math.floor(this.#at.getTime() / 30_000)],
      },
      { name: 'tries-back', text: 'UPDATE "GuessScope" SET tries = tries - 1 WHERE key = ANY($1)', values: [this.#scopes(id, scope)] },
    ];
  }

  insertRequest(): Statement {
    const { state, deadlineAt, body, mac } = this.#recorded.request.open;
    return {
      name: 'request',
      text: `INSERT INTO "Request" (id, "formId", "cardId", "requesterId", state, version, "openedAt", "deadlineAt", body, mac)
             VALUES ($1, $2, $3, $4, $5, 1, $6, $7, $8, $9)`,
      values: [this.requestId, newToken(), this.#pair.cardId, this.#pair.employee.id, state, this.#at, deadlineAt, body, mac],
    };
  }

  request(step: StepName): Statement {
    const { state, version, deadlineAt, body, mac } = this.#recorded.request[step];
    return {
      name: 'request-version',
      text: 'UPDATE "Request" SET state = $2, version = $3, "deadlineAt" = $4, body = $5, mac = $6 WHERE id = $1',
      values: [this.requestId, state, version, deadlineAt, body, mac],
    };
  }

  entries(from: number, to: number): Statement {
    const text = 'INSERT INTO "AuditEntry" (at, body) SELECT $1, body FROM unnest($2::text[]) AS e (body)';
    return { name: 'entries', text, values: [this.#at, this.#recorded.entries.slice(from, to)] };
  }

  notices(): Statement {
    return {
      name: 'notices',
      text: `INSERT INTO "Notice" (id, "requestId", kind, recipient, params, wanted, "nextAttemptAt", "createdAt")
             SELECT gen_random_uuid(), $1, 'request', recipient, '{}', $3, $4, $4 FROM unnest($2::text[]) AS n (recipient)`,
      values: [this.requestId, this.#recorded.recipients, this.#recorded.request.open.version, this.#at],
    };
  }

  /** What ends every later step: its notices, the word to the couriers, and its form. */
  told(step: StepName): readonly Statement[] {
    const notices = {
      name: 'notices-behind',
      text: 'UPDATE "Notice" SET wanted = $2, attempts = 0, "nextAttemptAt" = $3 WHERE "requestId" = $1',
      values: [this.requestId, this.#recorded.request[step].version, this.#at],
    };
    return [notices, notify(), this.submission(step)];
  }

  submission(step: StepName): Statement {
    const actor = step === 'vote' ? this.#pair.manager : this.#pair.employee;
    return {
      name: 'submission',
      text: 'INSERT INTO "Submission" ("formId", "actorId", action, "requestId", at) VALUES ($1, $2, $3, $4, $5)',
      values: [newToken(), actor.id, step, this.requestId, this.#at],
    };
  }

  answered(): Statement {
    return {
      name: 'answered',
      text: 'INSERT INTO "AnsweredChallenge" ("cardId", "challengeMac", "requestId", at) VALUES ($1, $2, $3, $4)',
      values: [this.#pair.cardId, randomBytes(MAC_BYTES), this.requestId, this.#at],
    };
  }

  card(): Statement {
    return { name: 'card', text: 'UPDATE "Card" SET "refusedResponses" = 0, mac = $2 WHERE id = $1', values: [this.#pair.cardId, randomBytes(MAC_BYTES)] };
  }

  #scopes(personId: string, scope: string): readonly string[] {
    return [scope, `day-own:${personId}:${this.#at.toISOString().slice(0, 10)}`];
  }
}
