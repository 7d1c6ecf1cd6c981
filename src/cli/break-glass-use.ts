// `countersign break-glass use`: a card is unblocked at the server with sealed codes, while no chat answers.
import { type Desks, openDesks } from '../app/desks.js';
import { loadPolicy, type Parts } from '../app/parts.js';
import type { Response } from '../card/response.js';
import { ENGLISH } from '../chat/english.js';
import type { ChatRefusal } from '../chat/wording.js';
import { newId } from '../lib/ids.js';
import { isRefused, type Refused } from '../lib/refusal.js';
import { AT_THE_SERVER } from '../unblock/break-glass.js';
import type { CardFacts } from '../unblock/request-store.js';
import { isOpen, type OpenRequest } from '../unblock/request.js';
import { readChallenge } from '../unblock/typed-challenge.js';
import { askingOn } from './administrator.js';
import { CliFailure, type Io } from './io.js';
import { repairSentence } from './sentences.js';

interface Using {
  readonly desks: Desks;
  readonly card: CardFacts;
  readonly holderId: string;
  readonly ask: (question: string) => Promise<string>;
}

/** What the requester gives, typed by whoever sits at the server. */
interface Typed {
  /** '' for a card that asks for its PUK. */
  readonly challenge: string;
  readonly code: string;
}

/** Throws a CliFailure. */
export async function useSealedCodes(parts: Parts, serial: string, io: Io): Promise<void> {
  const card = await parts.cards.bySerial(serial);
  const holder = await parts.people.find(card?.holderId ?? '');
  if (card === null || holder === null) throw new CliFailure(1, 'no-card', `No card that somebody holds has the serial ${serial}: see cards list.`);
  const loaded = await loadPolicy(parts.config);
  // Nothing is decided before the audit's file was looked at.
  await parts.sequencer.sequence();
  const desks = openDesks(parts, () => loaded);
  const using: Using = { desks, card, holderId: holder.id, ask: await askingOn(io) };
  const open = await desks.desk.openFor(card.id);
  const challenge = await askChallenge(using);
  const code = await using.ask(`One-time code of ${holder.name}, or a recovery code: `);
  const shown = open === null || open.state === 'opened' || !isOpen(open) ? await fromTheStart(using, { challenge, code }) : await goOn(using, open, { challenge, code });
  print(shown.response, card, io);
  await askOutcome(using, shown.requestId, io);
}

interface Shown {
  readonly requestId: string;
  readonly response: Response;
}

/** Asks for it until it is as the screen shows it, before anything else is asked for. */
async function askChallenge({ card, ask }: Using): Promise<string> {
  if (card.unlock !== 'cryptogram') return '';
  const typed = await ask('Challenge on the locked PC: ');
  const read = orFail(readChallenge(typed, card));
  if (!('confirm' in read)) return typed;
  const answer = await ask(`${repairSentence(read.confirm.repaired, read.confirm.groups)} Is that so (yes/no)? `);
  if (/^y(es)?$/i.test(answer.trim())) return read.confirm.groups;
  throw new CliFailure(1, 'challenge-not-hex', 'Nothing was done: run the command again with the challenge as the screen shows it.');
}

async function askSealed({ desks, ask }: Using): Promise<{ readonly reason: string; readonly codes: readonly string[]; readonly place: string }> {
  const reason = await ask('Reason: ');
  const codes = [await ask('Sealed code of one of the two people: ')];
  if (desks.glass.people() > 1) codes.push(await ask('Sealed code of the other one: '));
  return { reason, codes, place: AT_THE_SERVER };
}

async function fromTheStart(using: Using, typed: Typed): Promise<Shown> {
  const { desks, card, holderId } = using;
  const sealed = await askSealed(using);
  const opened = orFail(await desks.glass.open({ ...sealed, ...typed, formId: newId(), requesterId: holderId, card }));
  if ('confirm' in opened) throw new CliFailure(1, 'challenge-not-hex', 'Type the challenge as the screen shows it.');
  return await reveal(using, opened.request.id, null);
}

/** A request that was begun in a chat, or here: its requester gives a fresh code, and sealed codes where it has none yet. */
async function goOn(using: Using, open: OpenRequest, { challenge, code }: Typed): Promise<Shown> {
  const { desks, card } = using;
  const isApproved = open.requirement.breakGlass !== undefined;
  const sealed = isApproved ? null : await askSealed(using);
  if (card.unlock === 'cryptogram') {
    const taken = orFail(await desks.desk.newChallenge(stepOf(using, open.id), challenge, code));
    if ('confirm' in taken) throw new CliFailure(1, 'challenge-not-hex', 'Type the challenge as the screen shows it.');
  }
  if (sealed !== null) orFail(await desks.glass.breakFor(stepOf(using, open.id), sealed));
  return await reveal(using, open.id, card.unlock === 'cryptogram' ? null : code);
}

async function reveal(using: Using, requestId: string, code: string | null): Promise<Shown> {
  const shown = orFail(await using.desks.desk.reveal(stepOf(using, requestId), { text: null, code }));
  if ('confirm' in shown) throw new Error(`request ${requestId} asks for a challenge that was taken before`);
  return { requestId, response: shown.response };
}

function print(response: Response, card: CardFacts, io: Io): void {
  try {
    const { groups, spelled } = response.reveal(ENGLISH.spoken);
    io.stdout(`${card.unlock === 'cryptogram' ? 'Response' : 'PUK'}: ${groups}\n${spelled}\n`);
    for (const step of card.profile?.afterResponse ?? []) io.stdout(`- ${step}\n`);
    io.stdout('It is shown this once. Security, the administrators and the person are told.\n');
  } finally {
    response.wipe();
  }
}

async function askOutcome(using: Using, requestId: string, io: Io): Promise<void> {
  const answer = (await using.ask('Did it work (yes/no, or nothing if you do not know yet)? ')).trim();
  if (!/^(y(es)?|no?)$/i.test(answer)) return;
  const worked = /^y/i.test(answer);
  orFail(await using.desks.desk.outcome(stepOf(using, requestId), worked));
  io.stdout(worked ? 'Good. The request is closed.\n' : 'Get a new challenge on the locked PC and run the command again, within ten minutes.\n');
}

/** The requester's own step, whoever types: each pays with a code of theirs or with sealed ones. */
function stepOf({ holderId }: Using, requestId: string) {
  return { actorId: holderId, formId: newId(), requestId };
}

function orFail<T extends object>(outcome: T | Refused<ChatRefusal>): T {
  if (isRefused(outcome)) throw new CliFailure(1, outcome.refused, ENGLISH.refusal[outcome.refused](outcome.detail ?? {}));
  return outcome;
}
