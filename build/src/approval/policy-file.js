import { policyProblems } from './policy-problems.js';
import { contradictionsIn } from './policy-sense.js';
import { policySchema } from './policy-shape.js';
import { readYaml } from './policy-yaml.js';
/** Reads a policy file (YAML 1.2): the policy, or all that is wrong with it in the order of the file. */
export function parsePolicy(text) {
    const file = readYaml(text);
    if ('problems' in file)
        return file;
    const shape = policySchema.safeParse(file.value, { reportInput: true });
    const contradictions = contradictionsIn(file.value);
    if (shape.success && contradictions.length === 0)
        return { policy: shape.data };
    return { problems: policyProblems(shape.error?.issues ?? [], contradictions, file) };
}
