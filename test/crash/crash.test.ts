// The server is killed with SIGKILL at random moments of the story, started again, and the story goes on.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MINUTE_MS } from '../../src/lib/clock.js';
import { newToken } from '../../src/lib/ids.js';
import { buildIfStale } from './build.js';
import { Chance } from './chance.js';
import { Installation } from './installation.js';
import { playLane } from './lane.js';
import { killAll } from './server-process.js';

/** CRASH_SEED makes the choices of an earlier run again, CRASH_ROUNDS makes a shorter one. */
const SEED = process.env.CRASH_SEED ?? newToken(48);
const ROUNDS = Number(process.env.CRASH_ROUNDS ?? '200');
/** As many of the rounds are played on the installation's own PostgreSQL. */
const EMBEDDED_ROUNDS = Math.ceil(ROUNDS / 20);
const LANES = 2;
const LIMIT_MS = 20 * MINUTE_MS;

const FIRST_START_KILLS = 8;
const FIRST_START_MS = 2_500;

beforeAll(async () => {
  process.stdout.write(`crash rounds: ${ROUNDS}, CRASH_SEED=${SEED}\n`);
  await buildIfStale();
}, 5 * MINUTE_MS);
afterAll(() => killAll());

describe('a server killed with SIGKILL at any moment', () => {
  it(
    'loses nothing that it acknowledged, and does nothing twice',
    async () => {
      const rounds = ROUNDS - EMBEDDED_ROUNDS;
      const names = Array.from({ length: LANES }, (_, at) => `lane ${at + 1}`);
      const share = (at: number) => Math.floor(rounds / LANES) + (at < rounds % LANES ? 1 : 0);
      const lanes = names.map((name, at) => ({ name, database: 'server' as const, rounds: share(at), chance: new Chance(`${SEED} ${name}`) }));
      await Promise.all(lanes.map(playLane));
    },
    LIMIT_MS,
  );

  it(
    'finds its own PostgreSQL again, which ran on',
    () => playLane({ name: 'embedded', database: 'embedded', rounds: EMBEDDED_ROUNDS, chance: new Chance(`${SEED} embedded`) }),
    LIMIT_MS,
  );

  it(
    'fills a new playground as if its first start had not been killed',
    async () => {
      const chance = new Chance(`${SEED} first start`);
      const installation = await Installation.make('server');
      try {
        for (let kills = 0; kills < FIRST_START_KILLS; kills += 1) {
          const starting = installation.launch();
          await sleep(chance.below(FIRST_START_MS));
          await starting.kill();
        }
        await installation.start();
        expect(await contents(installation)).toEqual({ people: 5, cards: 3, authenticators: 5, entries: 11 });
      } finally {
        await installation.remove();
      }
    },
    LIMIT_MS,
  );
});

async function contents(installation: Installation): Promise<unknown> {
  const [row] = await installation.rows(`
    SELECT (SELECT count(*)::int FROM "Person") AS people, (SELECT count(*)::int FROM "Card") AS cards,
           (SELECT count(*)::int FROM "Authenticator") AS authenticators, (SELECT count(*)::int FROM "AuditEntry") AS entries`);
  return row;
}
