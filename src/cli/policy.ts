// `countersign policy …`: whether a policy file says what its author means.
import type { Command } from 'commander';
import { DEFAULT_POLICY_TEXT } from '../approval/default-policy.js';
import { policyHash } from '../approval/policy.js';
import type { Policy } from '../approval/policy.js';
import { parsePolicy } from '../approval/policy-file.js';
import { policyWarnings } from '../approval/policy-warnings.js';
import type { CardProfiles } from '../card/profiles.js';
import { withPlace } from '../lib/yaml-file.js';
import type { FileProblem } from '../lib/yaml-file.js';
import { CliFailure, printJson } from './io.js';
import type { Io } from './io.js';

export interface PolicyDefaults {
  /** The file that the server would use; null for the built-in policy. */
  readonly policyFile: string | null;
  /** Those that rules may name. */
  readonly profiles: () => Promise<CardProfiles>;
}

/** Adds `policy check`. It needs no database and no server. */
export function policyCommands(program: Command, io: Io, defaults: PolicyDefaults): void {
  const policy = program.command('policy').description('the policy: who must agree before a card is unblocked');
  policy
    .command('check')
    .description('tell every problem of a policy file with its line, and what looks unintended')
    .argument('[file]', 'the file; without it, the one that the server would use')
    .option('--json', 'print JSON')
    .action((file: string | undefined, options: { json?: true }) =>
      check(file ?? defaults.policyFile, options.json === true, { io, profiles: defaults.profiles }),
    );
}

async function check(
  file: string | null,
  json: boolean,
  { io, profiles }: { readonly io: Io; readonly profiles: PolicyDefaults['profiles'] },
): Promise<void> {
  const text = file === null ? DEFAULT_POLICY_TEXT : await readPolicy(file, json, io);
  const finding = judge(text, file, await profiles());
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

function judge(text: string, file: string | null, profiles: CardProfiles): Finding {
  const read = parsePolicy(text);
  const hash = policyHash(text);
  if ('problems' in read) return { ok: false, file, hash, problems: read.problems, warnings: [] };
  return { ok: true, file, hash, problems: [], warnings: [...policyWarnings(read.policy), ...unknownProfiles(read.policy, profiles)] };
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
    throw new CliFailure(1, 'policy-file-unreadable', `${file} cannot be read: check that it is there.`, { json, cause });
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
