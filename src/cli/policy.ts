// `countersign policy …`: whether a policy file says what its author means, and what it would do.
import type { Command } from 'commander';
import { DEFAULT_POLICY_TEXT } from '../approval/default-policy.js';
import { directoryWarnings } from '../approval/directory-warnings.js';
import { policyHash } from '../approval/policy.js';
import type { Policy } from '../approval/policy.js';
import { type CalendarTexts, parsePolicy } from '../approval/policy-file.js';
import { policyJsonSchema } from '../approval/policy-schema.js';
import { policyWarnings } from '../approval/policy-warnings.js';
import { readPolicyCalendars } from '../app/policy-calendars.js';
import type { CardProfiles } from '../card/profiles.js';
import type { Person } from '../directory/person.js';
import { withPlace } from '../lib/yaml-file.js';
import type { FileProblem } from '../lib/yaml-file.js';
import { CliFailure, printJson } from './io.js';
import type { Io } from './io.js';
import { policyApplyCommand } from './policy-apply.js';
import { unreadable } from './policy-file-unreadable.js';
import { policyExplainCommand } from './policy-explain.js';
import { policyReplayCommand } from './policy-replay.js';

export interface PolicyDefaults {
  /** The file that the server would use; null for the built-in policy. */
  readonly policyFile: string | null;
  /** Those that rules may name. */
  readonly profiles: () => Promise<CardProfiles>;
  /** Everybody in the directory; opens the database. */
  readonly people: () => Promise<readonly Person[]>;
}

/** Adds `policy …`. No command needs a server; `check` and `schema` need no database, unless `check --with-directory` is asked for. */
export function policyCommands(program: Command, io: Io, defaults: PolicyDefaults): void {
  const policy = program.command('policy').description('the policy: who must agree before a card is unblocked');
  policy
    .command('check')
    .description('tell every problem of a policy file with its line, and what looks unintended')
    .argument('[file]', 'the file; without it, the one that the server would use')
    .option('--with-directory', 'look at the people of the database too: whom a rule would ask, and who is there twice')
    .option('--json', 'print JSON')
    .action((file: string | undefined, options: { json?: true; withDirectory?: true }) =>
      check(file ?? defaults.policyFile, { json: options.json === true, withDirectory: options.withDirectory === true }, { io, defaults }),
    );
  policy
    .command('schema')
    .description('print the JSON Schema of a policy file, for editors')
    .action(() => { io.stdout(`${JSON.stringify(policyJsonSchema(), null, 2)}\n`); });
  policyExplainCommand(policy, io);
  policyReplayCommand(policy, io);
  policyApplyCommand(policy, io);
}

interface CheckOptions {
  readonly json: boolean;
  readonly withDirectory: boolean;
}

async function check(
  file: string | null,
  { json, withDirectory }: CheckOptions,
  { io, defaults }: { readonly io: Io; readonly defaults: PolicyDefaults },
): Promise<void> {
  const text = file === null ? DEFAULT_POLICY_TEXT : await readPolicy(file, json, io);
  const calendars = file === null ? undefined : await readPolicyCalendars(file, text, io.readFile);
  const people = withDirectory ? await defaults.people() : null;
  const finding = judge({ text, file, calendars }, await defaults.profiles(), people);
  if (json) printJson(io, finding);
  else tell(finding, io);
  if (finding.ok) return;
  // With --json all is told on stdout already; the sentence goes to stderr, so that stdout stays one value.
  throw new CliFailure(1, 'policy-refused', `${nameOf(file)} is refused: ${counted(finding.problems, 'problem')}.`);
}

interface Finding {
  readonly ok: boolean;
  /** null: the built-in policy. */
  readonly file: string | null;
  /** Under which the policy is stored and audited. */
  readonly hash: string;
  readonly problems: readonly FileProblem[];
  readonly warnings: readonly string[];
}

interface PolicySource {
  readonly text: string;
  readonly file: string | null;
  readonly calendars: CalendarTexts | undefined;
}

function judge({ text, file, calendars }: PolicySource, profiles: CardProfiles, people: readonly Person[] | null): Finding {
  const read = parsePolicy(text, calendars);
  const hash = policyHash(text);
  if ('problems' in read) return { ok: false, file, hash, problems: read.problems, warnings: [] };
  const ofPeople = people === null ? [] : directoryWarnings(read.policy, people);
  const warnings = [...policyWarnings(read.policy), ...unknownProfiles(read.policy, profiles), ...ofPeople];
  return { ok: true, file, hash, problems: [], warnings };
}

function tell({ ok, file, hash, problems, warnings }: Finding, io: Io): void {
  const name = nameOf(file);
  for (const problem of problems) io.stdout(`${name}:${withPlace(problem)}\n`);
  for (const warning of warnings) io.stdout(`${name}: warning: ${warning}\n`);
  if (ok) io.stdout(`${name} can be used: ${counted(warnings, 'warning')}, hash ${hash}.\n`);
}

async function readPolicy(file: string, json: boolean, io: Io): Promise<string> {
  try {
    return await io.readFile(file);
  } catch (cause) {
    throw unreadable(file, { json, cause });
  }
}

/** A profile that does not exist matches no card, and its requests fall to a later rule. */
function unknownProfiles(policy: Policy, profiles: CardProfiles): string[] {
  return policy.rules.flatMap(({ name, when }) =>
    (when.profiles ?? [])
      .filter((profile) => profiles.find(profile) === null)
      .map((profile) => `Rule "${name}" names the profile ${profile}, which does not exist: see \`card profiles\`.`),
  );
}

function nameOf(file: string | null): string {
  return file ?? 'built-in policy';
}

function counted(list: readonly unknown[], noun: string): string {
  return `${list.length} ${noun}${list.length === 1 ? '' : 's'}`;
}
