// The file that holds a derivation scheme (YAML 1.2 or JSON), with everything that is wrong with it at once.
import { parseDocument } from 'yaml';
import type { z } from 'zod';
import { derivationSchemeSchema } from './scheme.js';
import type { DerivationScheme } from './scheme.js';

// The parser is recursive: so short a file cannot be nested too deep for it.
const MAX_CHARACTERS = 4 * 1024;

/** The scheme, or each problem as one sentence. */
export function parseDerivationScheme(text: string): { scheme: DerivationScheme } | { problems: string[] } {
  const file = readYaml(text.replace(/^\uFEFF/, ''));
  if ('problems' in file) return file;
  const read = derivationSchemeSchema.safeParse(file.value, { reportInput: true });
  return read.success ? { scheme: read.data } : { problems: read.error.issues.flatMap(sentencesOf) };
}

function readYaml(text: string): { value: unknown } | { problems: string[] } {
  if (text.length > MAX_CHARACTERS) return { problems: [`The file is longer than ${MAX_CHARACTERS} characters.`] };
  const document = parseDocument(text, { prettyErrors: false, logLevel: 'error' });
  const broken = document.errors[0];
  if (broken !== undefined) return { problems: [`The file is not valid YAML: ${broken.message}.`] };
  try {
    return { value: document.toJS({ maxAliasCount: 0 }) as unknown };
  } catch {
    return { problems: ['The file uses YAML aliases: write the values out.'] };
  }
}

type Issue = z.core.$ZodIssue;

function sentencesOf(issue: Issue): string[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => `${[...issue.path, key].join('.')} is not a setting here.`);
  }
  return [`${issue.path.join('.') || 'The scheme'} ${complaintOf(issue)}.`];
}

function complaintOf(issue: Issue): string {
  if (issue.code === 'invalid_value') return wanted(issue.values.map(String).join(' or '), issue.input, typeof issue.values[0]);
  if (issue.code === 'invalid_type') return wanted(KINDS[issue.expected] ?? issue.expected, issue.input, issue.expected);
  if (issue.code === 'too_small') return bound('at least', issue.minimum, issue.origin);
  if (issue.code === 'too_big') return bound('at most', issue.maximum, issue.origin);
  return issue.message;
}

const KINDS: Readonly<Record<string, string>> = {
  int: 'a whole number',
  number: 'a whole number',
  string: 'text',
  boolean: 'true or false',
  array: 'a list',
  object: 'a block of settings',
};

function wanted(what: string, input: unknown, type: string): string {
  if (input === undefined) return `is missing: it must be ${what}`;
  // YAML reads an unquoted 00 or 0012 as a number.
  return `must be ${what}${type === 'string' && typeof input === 'number' ? ', in quotes' : ''}`;
}

function bound(side: 'at least' | 'at most', limit: number | bigint, origin: string): string {
  if (origin === 'array') return `must have ${side} ${limit} ${limit === 1 ? 'entry' : 'entries'}`;
  return origin === 'string' ? `must have ${side} ${limit} characters` : `must be ${side} ${limit}`;
}
