// `countersign policy apply`: puts a policy in force for the whole installation, by two administrators.
import type { Command } from 'commander';
import { loadPolicy, type Parts, type PolicyRead } from '../app/parts.js';
import { policyWarnings } from '../approval/policy-warnings.js';
import { applyPolicy } from '../store/policies.js';
import { type Io, printJson } from './io.js';
import { unreadable } from './policy-file-unreadable.js';
import { asTwoAdministrators, type PairOptions } from './two-administrators.js';
import { changingParts } from './with-parts.js';

export function policyApplyCommand(policy: Command, io: Io): void {
  policy
    .command('apply')
    .description('put a policy in force for every process of the installation; asks two administrators for their one-time codes')
    .argument('[file]', 'the policy file; without it, the one that the server would use')
    .requiredOption('--as <email>', 'the administrator who applies it')
    .requiredOption('--with <email>', 'the other administrator')
    .option('--json', 'print JSON')
    .action((file: string | undefined, options: PairOptions) => changingParts((parts) => apply(parts, file, { options, io })));
}

/** Throws a CliFailure, or a StartProblem that lists what is wrong with it. */
async function readPolicy(policyFile: string | null, named: string | undefined, { options, io }: { readonly options: PairOptions; readonly io: Io }): Promise<PolicyRead> {
  const json = options.json === true;
  // That the one of the settings is not there is told with its setting.
  if (named !== undefined) await io.readFile(named).catch((cause: unknown) => { throw unreadable(named, { json, cause }); });
  return await loadPolicy({ policyFile });
}

async function apply(parts: Parts, file: string | undefined, { options, io }: { readonly options: PairOptions; readonly io: Io }): Promise<void> {
  const policy = await readPolicy(file ?? parts.config.policyFile, file, { options, io });
  // Before the codes: what both agree to.
  for (const warning of policyWarnings(policy.policy)) io.stderr(`Warning: ${warning}\n`);
  await asTwoAdministrators(parts, {
    options,
    io,
    purpose: 'policy',
    sentences: { 'policy-in-force': 'This policy is in force already: nothing was changed.' },
    work: (proofs) => applyPolicy(parts, policy, { proofs, at: parts.clock() }),
  });
  if (options.json === true) printJson(io, { applied: policy.hash });
  else io.stdout(`The policy ${policy.hash} is in force. A running process opens requests again as soon as its own file is this one.\n`);
}
