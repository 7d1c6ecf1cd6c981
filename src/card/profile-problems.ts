// What the shape of a file of card profiles has against it, as sentences with a line.
import type { z } from 'zod';
import { inertText } from '../lib/inert-text.js';
import { KNOWN_FIELDS } from './profile-shape.js';
import type { Path, ProfileProblem, YamlFile } from './profile-yaml.js';

type Issue = z.core.$ZodIssue;

/** One problem an issue; one a name where settings are unknown. */
export function problemsOf(issue: Issue, file: YamlFile): readonly ProfileProblem[] {
  if (issue.code !== 'unrecognized_keys') return [problemAt(issue.path, `${complaintOf(issue)}.`, file)];
  return issue.keys.map((key) => problemAt([...issue.path, key], `is not a setting${suggestion(key)}`, file));
}

/** `complaint` goes on after the name of the setting, up to its full stop. */
export function problemAt(path: Path, complaint: string, file: YamlFile): ProfileProblem {
  return { line: file.lineOf(path), problem: `${path.length === 0 ? 'The file' : toText(path)} ${complaint}` };
}

const KINDS: Readonly<Record<string, string>> = {
  int: 'a whole number',
  number: 'a whole number',
  string: 'text; put it in quotes if it is a number or has a colon',
  boolean: 'true or false',
  array: 'a list',
  object: 'a block of settings',
};

function complaintOf(issue: Issue): string {
  if (issue.input === undefined && issue.code !== 'custom') return 'is missing';
  if (issue.code === 'invalid_type') return `must be ${KINDS[issue.expected] ?? issue.expected}`;
  if (issue.code === 'invalid_value') return `must be ${issue.values.map(String).join(' or ')}`;
  if (issue.code === 'too_small') return `is too small or too short: the least is ${issue.minimum}`;
  if (issue.code === 'too_big') return `is too big or too long: the most is ${issue.maximum}`;
  return issue.message;
}

const MAX_NAME_CHARACTERS = 100;

/** `profiles[0].puk.tries`; the last part may be anything that stands in the file. */
function toText(path: Path): string {
  const text = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`)).join('').replace(/^\./, '');
  return inertText(text, MAX_NAME_CHARACTERS);
}

const MAX_SLIPS = 3;

/** The nearest setting, if it is near: not one that would have to be written anew. */
function suggestion(written: string): string {
  const near = KNOWN_FIELDS.map((field) => ({ field, slips: slipsBetween(written.toLowerCase(), field.toLowerCase()) }))
    .filter(({ field, slips }) => slips <= MAX_SLIPS && slips < field.length)
    .sort((a, b) => a.slips - b.slips);
  return near[0] === undefined ? '.' : `; did you mean ${near[0].field}?`;
}

/** The Levenshtein distance: how many characters to put in, take out or change. */
function slipsBetween(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const changed = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(changed, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
