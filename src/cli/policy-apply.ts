// `countersign policy apply`: puts a policy in force for the whole installation, by two administrators.
import type { Command } from 'commander';
import { loadPolicy, type Parts } from '../app/parts.js';
import { applyPolicy } from '../store/policies.js';
import { type Io, printJson } from './io.js';
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

async function apply(parts: Parts, file: string | undefined, { options, io }: { readonly options: PairOptions; readonly io: Io }): Promise<void> {
  const policy = await loadPolicy({ policyFile: file ?? parts.config.policyFile });
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
