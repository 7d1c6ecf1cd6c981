// A lane of rounds on one installation, one after the other. Lanes may run at the same time.
import { access, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { inWords } from './aftermath.js';
import type { Chance } from './chance.js';
import { type DatabaseKind, Installation } from './installation.js';
import { type Crowd, newCrowd } from './people.js';
import { checkCopies, checkRecords } from './reckoning.js';
import { chooseMoment, type Moment, Round } from './round.js';
import { PLOTS, Story } from './story.js';

export interface Lane {
  readonly name: string;
  readonly database: DatabaseKind;
  readonly rounds: number;
  readonly chance: Chance;
}

/** So many that each has a fresh code when their turn comes again: an authenticator shows one in half a minute. */
const CROWD = { holders: 30, helpdesk: 20 };

/** Plays the rounds of a lane, then looks at all of it once more. Throws when the server breaks a promise. */
export async function playLane(lane: Lane): Promise<void> {
  const installation = await Installation.make(lane.database);
  try {
    const crowd = newCrowd({ holders: Math.min(CROWD.holders, lane.rounds), helpdesk: Math.min(CROWD.helpdesk, lane.rounds) });
    await moveIn(installation, crowd);
    const stories = await playRounds(lane, installation, crowd);
    await checkCopies(installation, stories);
    expect(await installation.stop()).toBe(0);
    if (lane.database === 'embedded') await expect(access(installation.inData('postgres/postmaster.pid'))).rejects.toThrow('ENOENT');
    await checkRecords(installation, stories);
  } finally {
    await installation.remove();
  }
}

/** People and cards come in by the command line, beside the running server. */
async function moveIn(installation: Installation, crowd: Crowd): Promise<void> {
  await installation.start();
  const [people, cards] = [join(installation.folder, 'people.csv'), join(installation.folder, 'cards.csv')];
  await writeFile(people, crowd.peopleCsv);
  await writeFile(cards, crowd.cardsCsv);
  await installation.countersign('people', 'import', people);
  await installation.countersign('cards', 'import', cards, '--playground-keys');
  await installation.withParts((parts) => crowd.enrol(parts));
}

async function playRounds({ name, rounds, chance }: Lane, installation: Installation, crowd: Crowd): Promise<readonly Story[]> {
  const stories: Story[] = [];
  const since = await databaseSince(installation);
  for (let round = 0; round < rounds; round += 1) {
    const story = new Story({
      plot: chance.pick(PLOTS),
      requester: turnOf(crowd.holders, round),
      approver: turnOf(crowd.helpdesk, round),
      reason: `${name}, round ${round + 1}`,
    });
    const moment = chooseMoment(story, chance);
    await new Round({ installation, story, moment, chance }).play().catch((error: unknown) => {
      throw inRound(error, story, moment);
    });
    // The database lives on, its own server too.
    expect(await databaseSince(installation)).toEqual(since);
    stories.push(story);
  }
  return stories;
}

function turnOf<T>(people: readonly T[], round: number): T {
  const person = people[round % people.length];
  if (person === undefined) throw new Error('there is nobody');
  return person;
}

async function databaseSince(installation: Installation): Promise<unknown> {
  return await installation.rows('SELECT pg_postmaster_start_time() AS since');
}

function inRound(error: unknown, story: Story, { request, after, delayMs, waits, againMs }: Moment): Error {
  const again = againMs === null ? '' : `, and again ${againMs} ms into the new start`;
  const when = `killed ${delayMs} ms after ${after === 'commit' ? 'the commit after ' : ''}request ${request}${waits ? ', nothing sent meanwhile' : ''}${again}`;
  const message = error instanceof Error ? error.message : String(error);
  return new Error(`${inWords(story)}; plot: ${story.plot.join(', ')}; ${when}\n${message}`, { cause: error });
}
