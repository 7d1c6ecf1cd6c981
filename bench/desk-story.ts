// One story through the desk, and what it wrote.
import { randomBytes } from 'node:crypto';
import { toHex } from '../src/lib/bytes.js';
import { newToken } from '../src/lib/ids.js';
import { isRefused } from '../src/lib/refusal.js';
import { currentCode } from '../src/stepup/totp.js';
import type { Pair } from './cast.js';
import type { OpenDesk } from './desk.js';
import type { RecordedStory, RequestVersion } from './floors/story.js';
import type { StepName, Story } from './round.js';

const CHALLENGE_BYTES = 8; // as a 3DES card has it

/** Each answer must be a yes. Codes and challenge are made beforehand: they are the people's work, not the desk's. */
export function deskStory({ desk, clock }: OpenDesk, { employee, manager, cardId }: Pair): Story<unknown> {
  const code = currentCode(employee.seed, clock.now());
  const managerCode = currentCode(manager.seed, clock.now());
  const challenge = toHex(randomBytes(CHALLENGE_BYTES));
  let requestId = '';
  const step = (actorId: string) => ({ actorId, formId: newToken(), requestId });
  return {
    open: async () => {
      const form = { actorId: employee.id, formId: newToken(), cardId, challenge, code, reason: 'PIN forgotten' };
      requestId = done(await desk.open(form)).request.id;
    },
    vote: async () => void done(await desk.approve(step(manager.id), managerCode)),
    reveal: async () => done(await desk.reveal(step(employee.id), { text: null, code: null })).response.wipe(),
    outcome: async () => void done(await desk.outcome(step(employee.id), true)),
  };
}

/** Plays one story on a database that has none yet, and reads what it wrote. */
export async function recordStory(open: OpenDesk, pair: Pair): Promise<RecordedStory> {
  const { database } = open;
  const story = deskStory(open, pair);
  const after = async (step: StepName): Promise<RequestVersion> => {
    await story[step](null);
    return database.request.findFirstOrThrow({ where: { cardId: pair.cardId } });
  };
  const request = { open: await after('open'), vote: await after('vote'), reveal: await after('reveal'), outcome: await after('outcome') };
  const entries = await database.auditEntry.findMany({ where: { body: { contains: pair.cardId } }, orderBy: { id: 'asc' } });
  const notices = await database.notice.findMany();
  return { request, entries: entries.map(({ body }) => body), recipients: notices.map(({ recipient }) => recipient) };
}

function done<T extends object>(answer: T): Extract<T, { readonly request: unknown }> {
  if (isDone(answer)) return answer;
  throw new Error(`the desk did not go along: ${isRefused(answer) ? answer.refused : 'it asks to confirm'}`);
}

function isDone<T extends object>(answer: T): answer is Extract<T, { readonly request: unknown }> {
  return 'request' in answer;
}
