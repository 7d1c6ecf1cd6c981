// `countersign break-glass …`: sealed codes for two named people, what became of them, and the reports of their use.
import { constants } from 'node:fs';
import { type FileHandle, open as openFile, rm } from 'node:fs/promises';
import type { Command } from 'commander';
import { openDesks } from '../app/desks.js';
import { loadPolicy, type Parts } from '../app/parts.js';
import { ENGLISH } from '../chat/english.js';
import { normaliseEmail, type Person } from '../directory/person.js';
import { newId } from '../lib/ids.js';
import { isRefused } from '../lib/refusal.js';
import { newSealedCodes, type Sheet } from '../stepup/sealed-codes.js';
import { PrismaBreakGlass } from '../store/break-glass.js';
import { askingOn, proveAdministrators } from './administrator.js';
import { useSealedCodes } from './break-glass-use.js';
import { CliFailure, type Io, printJson } from './io.js';
import { asTwoAdministrators, type PairOptions } from './two-administrators.js';
import { changingParts, withParts } from './with-parts.js';

const OWNER_ONLY = 0o600;
const USES_LISTED = 20;

interface IssueOptions extends PairOptions {
  readonly person: readonly string[];
  readonly file?: string;
}

export function breakGlassCommands(program: Command, io: Io): void {
  const glass = program.command('break-glass').description('sealed codes of two named people, for when nobody else can agree');
  glass
    .command('issue')
    .description('make new sealed codes, shown once; asks two administrators for their one-time codes')
    .requiredOption('--person <email>', 'whom a sheet is for; given twice', collected, [])
    .requiredOption('--as <email>', 'the administrator who has them printed')
    .requiredOption('--with <email>', 'the other administrator')
    .option('--file <path>', 'write the sheets into this new file, which only you can read, instead of onto the terminal')
    .action((options: IssueOptions) => changingParts((parts) => issue(parts, options, io)));
  glass
    .command('list')
    .description('tell who has sealed codes, how many are left, and what they were used for; never a code')
    .option('--json', 'print JSON')
    .action(({ json }: { json?: true }) => withParts((parts) => list(parts, json === true, io)));
  glass
    .command('end')
    .description('end the sealed codes, as when an envelope was opened or lost; asks an administrator for a one-time code')
    .requiredOption('--as <email>', 'the administrator who ends them')
    .action(({ as }: { as: string }) => changingParts((parts) => end(parts, as, io)));
  glass
    .command('use')
    .description('unblock a card with sealed codes, here at the server; asks for all that it needs')
    .requiredOption('--card <serial>', 'the serial of the card')
    .action(({ card }: { card: string }) => changingParts((parts) => useSealedCodes(parts, card, io)));
  glass
    .command('acknowledge')
    .description('say that you have read the report of a use; asks for your one-time code')
    .argument('<report>', 'its id, from break-glass list')
    .requiredOption('--as <email>', 'who you are')
    .action((report: string, { as }: { as: string }) => changingParts((parts) => acknowledge(parts, { report, as }, io)));
}

function collected(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

async function issue(parts: Parts, options: IssueOptions, io: Io): Promise<void> {
  const people: Person[] = [];
  for (const email of options.person) people.push(await activeOne(parts, email));
  if (people.length !== 2 || people[0]?.id === people[1]?.id) throw new CliFailure(2, 'not-two-people', NOT_TWO);
  const out = options.file === undefined ? null : await newFile(options.file);
  try {
    const id = newId();
    const ids = people.map((person) => person.id);
    const { sheets, rows } = await newSealedCodes(id, ids, parts.rowMac);
    await asTwoAdministrators(parts, {
      options,
      io,
      purpose: 'break-glass',
      sentences: { 'not-two-people': NOT_TWO },
      work: (proofs) => new PrismaBreakGlass(parts).issue({ id, people: ids, rows }, proofs, parts.clock()),
    });
    const text = people.map((person) => sheetText(person, sheets)).join('\n');
    if (out === null) io.stdout(text);
    else await out.writeFile(text);
  } catch (failure) {
    if (options.file !== undefined) await rm(options.file, { force: true });
    throw failure;
  } finally {
    await out?.close();
  }
  io.stderr('Print each sheet, seal it in an envelope of its own, and shred the rest. The codes are shown this once; earlier ones do not work any more.\n');
}

const NOT_TWO = 'Name two different people who are active: --person twice.';

/** Before anything is changed: a file that cannot be made must not cost the codes. */
async function newFile(path: string): Promise<FileHandle> {
  return await openFile(path, constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY, OWNER_ONLY).catch((cause: unknown) => {
    throw new CliFailure(1, 'file-not-made', `The file ${path} cannot be made: name a new one, in a folder that you may write to.`, { cause });
  });
}

function sheetText({ id, name, email }: Person, sheets: readonly Sheet[]): string {
  const codes = sheets.find(({ personId }) => personId === id)?.codes ?? [];
  const lines = codes.map((code, at) => `  ${at + 1}.  ${code}   [ ] used on ____________`);
  return ['SEALED CODES', `${name} <${email}>`, ...lines, 'Each works once. Use: countersign break-glass use, or "Use sealed codes" in chat.', ''].join('\n');
}

async function list(parts: Parts, json: boolean, io: Io): Promise<void> {
  const glass = new PrismaBreakGlass(parts);
  const set = await glass.inForce();
  const used = await glass.uses({ openOnly: false, limit: USES_LISTED });
  const emails = new Map((await parts.people.all()).map(({ id, email }) => [id, email]));
  const named = (id: string): string => emails.get(id) ?? id;
  const people = (set?.people ?? []).map((id) => ({ person: named(id), left: set?.codes.filter((code) => code.personId === id && !code.used).length ?? 0 }));
  const uses = used.map(({ id, at, requesterId, by, reason, place, reports, acknowledgedBy }) => ({
    id,
    at: at.toISOString(),
    person: named(requesterId),
    by: by.map(named),
    reason,
    place,
    reports,
    acknowledgedBy: acknowledgedBy === null ? null : named(acknowledgedBy),
  }));
  if (json) { printJson(io, { issuedAt: set?.issuedAt.toISOString() ?? null, people, uses }); return; }
  if (set === null) io.stdout('There are no sealed codes.\n');
  for (const { person, left } of people) io.stdout(`${person}  ${left} left, issued ${set?.issuedAt.toISOString() ?? ''}\n`);
  for (const { id, at, person, by, reason, acknowledgedBy } of uses) {
    io.stdout(`${id}  ${at}  for ${person}  by ${by.join(', ')}  ${acknowledgedBy === null ? 'NOT ACKNOWLEDGED' : `acknowledged by ${acknowledgedBy}`}  ${reason}\n`);
  }
}

async function end(parts: Parts, email: string, io: Io): Promise<void> {
  const [proof] = await proveAdministrators(parts, [email], io, 'break-glass');
  if (proof === undefined) throw new CliFailure(2, 'not-administrator', 'Name the administrator: --as.');
  const refused = await new PrismaBreakGlass(parts).end(proof, parts.clock());
  if (refused === null) {
    io.stdout('The sealed codes are ended: none of them works any more.\n');
    return;
  }
  if (refused.refused !== 'code-not-accepted') await parts.stepUp.giveBack(proof.spend);
  throw new CliFailure(1, refused.refused, END_SENTENCES[refused.refused]);
}

const END_SENTENCES = {
  'sealed-none': 'There are no sealed codes: nothing was changed.',
  'not-administrator': 'Only an administrator ends them.',
  'code-not-accepted': 'The code was used meanwhile: wait for the next one and run the command again.',
};

async function acknowledge(parts: Parts, { report, as }: { readonly report: string; readonly as: string }, io: Io): Promise<void> {
  const person = await activeOne(parts, as);
  const loaded = await loadPolicy(parts.config);
  const { glass } = openDesks(parts, () => loaded);
  const ask = await askingOn(io);
  const code = await ask(`One-time code of ${person.name}: `);
  const refused = await glass.acknowledge(report, code, { formId: newId(), actorId: person.id });
  if (refused !== null && isRefused(refused)) throw new CliFailure(1, refused.refused, ENGLISH.refusal[refused.refused](refused.detail ?? {}));
  io.stdout('The report is acknowledged.\n');
}

async function activeOne({ people }: Parts, email: string): Promise<Person> {
  const person = await people.findByEmail(normaliseEmail(email));
  if (person?.active === true) return person;
  throw new CliFailure(1, 'no-such-person', `Nobody who is active has the e-mail address ${email}: see people list.`);
}
