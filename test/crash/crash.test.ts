// The server is killed with SIGKILL at random moments of the story, started again, and the story goes on.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MINUTE_MS } from '../../src/lib/clock.js';
import { newToken } from '../../src/lib/ids.js';
import { buildIfStale } from './build.js';
import { Chance } from './chance.js';
import { type DatabaseKind, Installation } from './installation.js';
import { playLane } from './lane.js';
import { dialogIn, pressing, submitting } from './page.js';
import { killAll } from './server-process.js';

/** CRASH_SEED makes the choices of an earlier run again, CRASH_ROUNDS makes a shorter one. */
const SEED = process.env.CRASH_SEED ?? newToken(48);
const ROUNDS = Number(process.env.CRASH_ROUNDS ?? '200');
/** So many of the rounds are played on the installation's own PostgreSQL. */
const EMBEDDED_ROUNDS = Math.ceil(ROUNDS / 20);
const LANES = ['lane 1', 'lane 2'];
const LIMIT_MS = 30 * MINUTE_MS;

const FIRST_START_KILLS = 8;
const FIRST_START_MS = 2_500;
const SAMPLE_HOLDERS = ['E1001', 'E1002', 'E2001'];
const CHALLENGE = '1603 EBDF 1C8A 2E72';

beforeAll(async () => {
  process.stdout.write(`crash rounds: ${ROUNDS}, CRASH_SEED=${SEED}\n`);
  await buildIfStale();
}, 5 * MINUTE_MS);
afterAll(() => killAll());

describe('a server killed with SIGKILL at any moment', () => {
  it(
    'loses nothing that it acknowledged, and does nothing twice',
    async () => {
      const lanes = LANES.map((name, at) => playLane({ name, database: 'server', rounds: shareOf(at), chance: chanceOf(name) }));
      // One that fails is told of when all have left.
      await Promise.allSettled(lanes);
      await Promise.all(lanes);
    },
    LIMIT_MS,
  );

  it(
    'finds its own PostgreSQL again, which ran on',
    () => playLane({ name: 'embedded', database: 'embedded', rounds: EMBEDDED_ROUNDS, chance: chanceOf('embedded') }),
    LIMIT_MS,
  );

  it.each<DatabaseKind>(['server', 'embedded'])(
    'fills a new playground as if no first start had been killed (%s)',
    async (database) => {
      const chance = chanceOf(`first start ${database}`);
      const installation = await Installation.make(database);
      try {
        for (let kills = 0; kills < FIRST_START_KILLS; kills += 1) {
          const starting = installation.launch();
          await sleep(chance.below(FIRST_START_MS));
          await starting.kill();
        }
        await installation.start();
        const told = { 'installation-marked': 1, 'people-imported': 1, 'cards-imported': 4, enrolled: 5 };
        expect(await contents(installation)).toMatchObject({ people: 5, cards: 4, authenticators: 5, told });
        for (const personId of SAMPLE_HOLDERS) await ask(installation, personId);
      } finally {
        await installation.remove();
      }
    },
    LIMIT_MS,
  );
});

function chanceOf(name: string): Chance {
  return new Chance(`${SEED} ${name}`);
}

/** The rounds of the lane at this place. */
function shareOf(at: number): number {
  const rounds = ROUNDS - EMBEDDED_ROUNDS;
  return Math.floor(rounds / LANES.length) + (at < rounds % LANES.length ? 1 : 0);
}

/** Opens a request with the code on the page: the database must expect the same one. */
async function ask({ page }: Installation, personId: string): Promise<void> {
  const code = (await page.codes()).find((shown) => shown.personId === personId)?.code ?? '';
  const dialog = dialogIn(await page.deliver(pressing(personId, 'start-unblock', '')));
  const reply = await page.deliver(submitting(personId, dialog, { challenge: CHALLENGE, code, reason: 'PIN forgotten' }));
  expect(reply.kind).toBe('done');
}

async function contents(installation: Installation): Promise<unknown> {
  const [row] = await installation.rows(`
    SELECT (SELECT count(*)::int FROM "Person") AS people, (SELECT count(*)::int FROM "Card") AS cards,
           (SELECT count(*)::int FROM "Authenticator") AS authenticators,
           (SELECT json_object_agg(kind, many) FROM
             (SELECT body::jsonb->>'kind' AS kind, count(*)::int AS many FROM "AuditEntry" GROUP BY 1) AS kinds) AS told`);
  return row;
}
