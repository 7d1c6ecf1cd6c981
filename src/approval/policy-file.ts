// The policy file, from its text to a policy, with every problem told at once.
import type { FileProblem } from '../lib/yaml-file.js';
import { readYaml } from '../lib/yaml-file.js';
import { allKnown, inFileOrder, problemAt, problemsOf } from '../lib/yaml-problems.js';
import type { Policy } from './policy.js';
import { contradictionsIn } from './policy-sense.js';
import { policySchema } from './policy-shape.js';

/** Reads a policy file (YAML 1.2): the policy, or all that is wrong with it in the order of the file. */
export function parsePolicy(text: string): { policy: Policy } | { problems: FileProblem[] } {
  const file = readYaml(text, { kind: 'policy' });
  if ('problems' in file) return file;
  const shape = policySchema.safeParse(file.value, { reportInput: true });
  const contradictions = contradictionsIn(file.value);
  if (shape.success && contradictions.length === 0) return { policy: shape.data };
  const against = contradictions.map(({ path, complaint }) => problemAt(path, complaint, file));
  return { problems: inFileOrder([...problemsOf(shape.error?.issues ?? [], file, allKnown), ...against]) };
}
