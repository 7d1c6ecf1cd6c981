// `countersign card freeze`, `release`, `return` and `assign`: what an administrator changes about one card, each with a reason.
import type { Command } from 'commander';
import type { Parts } from '../app/parts.js';
import { normaliseEmail, type Person } from '../directory/person.js';
import { inertText } from '../lib/inert-text.js';
import { isRefused, type Refused } from '../lib/refusal.js';
import { assignCard, type CardRefusal, type CardStep, freezeCard, releaseCard, returnCard } from '../store/card-standing.js';
import { REASON_MAX_LENGTH } from '../unblock/desk.js';
import { CliFailure, type Io, printJson } from './io.js';
import { asTwoAdministrators, type PairOptions } from './two-administrators.js';
import { changingParts } from './with-parts.js';

interface CardOptions {
  readonly serial: string;
  readonly reason: string;
  readonly json?: true;
}

const SENTENCES: Readonly<Record<CardRefusal, string>> = {
  'no-such-card': 'There is no card with this serial: look it up with `cards list`.',
  'card-waiting': 'This card waits for a second administrator: see `cards imports`.',
  'already-frozen': 'The card is frozen already: nothing was changed.',
  'card-not-stopped': 'The card is neither frozen nor stopped by refused responses: nothing was changed.',
  'card-held': 'Somebody holds this card: take it back first, with `card return`.',
  'card-not-held': 'Nobody holds this card: nothing was changed.',
  'person-inactive': 'This person is not active: let them in again first, with `people activate`.',
};

export function cardStandingCommands(card: Command, io: Io): void {
  const add = (name: string, about: string) =>
    card
      .command(name)
      .description(about)
      .requiredOption('--serial <serial>', 'the card, as `cards list` has it')
      .requiredOption('--reason <text>', 'why, for the audit')
      .option('--json', 'print JSON');
  add('freeze', 'stop a card: its open request ends, and it takes no other').action((options: CardOptions) => changingParts((parts) => freeze(parts, options, io)));
  add('return', 'take a card back: nobody holds it any more, and its open request ends').action((options: CardOptions) => changingParts((parts) => takeBack(parts, options, io)));
  add('release', 'let a card be asked for again that is frozen, or stopped by refused responses; two administrators give their codes')
    .requiredOption('--as <email>', 'an administrator who releases it')
    .requiredOption('--with <email>', 'the other administrator')
    .action((options: CardOptions & PairOptions) => changingParts((parts) => release(parts, options, io)));
  add('assign', 'hand a card that nobody holds to a person; two administrators give their codes')
    .requiredOption('--to <email>', 'who gets it')
    .requiredOption('--as <email>', 'an administrator who hands it out')
    .requiredOption('--with <email>', 'the other administrator')
    .action((options: CardOptions & PairOptions & { readonly to: string }) => changingParts((parts) => assign(parts, options, io)));
}

async function freeze(parts: Parts, options: CardOptions, io: Io): Promise<void> {
  orFail(await freezeCard(parts, stepOf(parts, options)), options);
  tell(io, options, { frozen: true }, 'The card is frozen: it takes no request until two administrators release it.');
}

async function takeBack(parts: Parts, options: CardOptions, io: Io): Promise<void> {
  orFail(await returnCard(parts, stepOf(parts, options)), options);
  tell(io, options, { returned: true }, 'Nobody holds the card any more. Hand it out again with `card assign`.');
}

async function release(parts: Parts, options: CardOptions & PairOptions, io: Io): Promise<void> {
  const step = stepOf(parts, options);
  await asTwoAdministrators(parts, { options, io, purpose: 'card', sentences: SENTENCES, work: (proofs) => releaseCard(parts, { ...step, proofs }) });
  tell(io, options, { released: true }, 'The card is released. If its holder\'s authenticator was frozen with it, they need a voucher or an invitation: countersign people enroll E-MAIL');
}

async function assign(parts: Parts, options: CardOptions & PairOptions & { readonly to: string }, io: Io): Promise<void> {
  const step = stepOf(parts, options);
  const person = await personOf(parts, options);
  await asTwoAdministrators(parts, { options, io, purpose: 'card', sentences: SENTENCES, work: (proofs) => assignCard(parts, { ...step, personId: person.id, proofs }) });
  tell(io, options, { holder: person.email }, `The card belongs to ${person.name} now.`);
}

function stepOf({ clock }: Parts, { serial, reason, json }: CardOptions): CardStep {
  const why = inertText(reason, REASON_MAX_LENGTH);
  if (why === '') throw new CliFailure(2, 'no-reason', 'Say in a few words why, with --reason.', { json: json === true });
  return { serial, reason: why, at: clock() };
}

async function personOf({ people }: Parts, { to, json }: { readonly to: string; readonly json?: true }): Promise<Person> {
  const person = await people.findByEmail(normaliseEmail(to));
  if (person === null) throw new CliFailure(1, 'no-such-person', `Nobody has the e-mail ${to}: look it up with people list.`, { json: json === true });
  return person;
}

function orFail(refused: Refused<CardRefusal> | null, { json }: CardOptions): void {
  if (isRefused(refused)) throw new CliFailure(1, refused.refused, SENTENCES[refused.refused], { json: json === true });
}

function tell(io: Io, { serial, json }: CardOptions, outcome: Readonly<Record<string, unknown>>, sentence: string): void {
  if (json === true) printJson(io, { serial, ...outcome });
  else io.stdout(`${sentence}\n`);
}
