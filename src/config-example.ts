// The text of .env.example, made from the table of variables: every one, off, with what holds while it is.
import { VARIABLES, type Variable } from './config.js';

const PREAMBLE = `# The settings of Countersign. None is needed to try it.
# Copy this file to .env, in the folder that Countersign is started from; take the # off a line and give it a value.
# A variable of the environment wins over this file, and an empty value counts as not set.
`;

/** A test compares this with the file in the repository. */
export function envExample(variables: readonly Variable[] = VARIABLES): string {
  return [PREAMBLE, ...variables.map(entryOf)].join('\n');
}

function entryOf({ name, about, unset }: Variable): string {
  return `# ${about}\n# Not set: ${unset}\n#${name}=\n`;
}
