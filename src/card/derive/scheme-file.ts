// The file that holds a derivation scheme (YAML 1.2 or JSON), with everything that is wrong with it at once.
import { readYaml, withPlace } from '../../lib/yaml-file.js';
import { inFileOrder, nearestKnown, problemsOf } from '../../lib/yaml-problems.js';
import { derivationSchemeSchema } from './scheme.js';
import type { DerivationScheme } from './scheme.js';

const MAX_CHARACTERS = 4 * 1024;

/** The scheme, or each problem as `line:column: sentence`, in the order of the file. */
export function parseDerivationScheme(text: string): { scheme: DerivationScheme } | { problems: string[] } {
  const file = readYaml(text, { kind: 'derivation scheme', maxCharacters: MAX_CHARACTERS });
  if ('problems' in file) return { problems: file.problems.map(withPlace) };
  const read = derivationSchemeSchema.safeParse(file.value, { reportInput: true });
  if (read.success) return { scheme: read.data };
  return { problems: inFileOrder(problemsOf(read.error.issues, file, nearestKnown)).map(withPlace) };
}
