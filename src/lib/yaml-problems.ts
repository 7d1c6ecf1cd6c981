// What a shape has against the value of a YAML file, as sentences with a line and a column.
import { z } from 'zod';
import { inertText } from './inert-text.js';
import { nearestWord } from './nearest-word.js';
import type { FileProblem, Path, YamlFile } from './yaml-file.js';

type Issue = z.core.$ZodIssue;

const BETWEEN_NAMES = ', ';

/** A block of settings: one that is not known is a problem, and `problemsOf` knows those that are. */
export function settings<Shape extends z.ZodRawShape>(shape: Shape): z.ZodObject<Shape, z.core.$strict> {
  return z.strictObject(shape, {
    error: ({ code }) => (code === 'unrecognized_keys' ? Object.keys(shape).join(BETWEEN_NAMES) : undefined),
  });
}

/** What follows "is not a setting" for a name that is not among those that are known in its place. */
export type UnknownSetting = (written: string, known: readonly string[]) => string;

export function allKnown(_written: string, known: readonly string[]): string {
  return ` (known here: ${known.join(BETWEEN_NAMES)})`;
}

/** The known setting that was probably meant, if one is near. */
export function nearestKnown(written: string, known: readonly string[]): string {
  const nearest = nearestWord(written, known);
  return nearest === null ? '' : `; did you mean ${nearest}?`;
}

/**
 * One problem an issue, or one a name where settings are unknown. The issues are those of `safeParse` with
 * `reportInput: true`, and every block of settings of the shape is one that `settings` made.
 */
export function problemsOf(issues: readonly Issue[], file: YamlFile, tellUnknown: UnknownSetting): FileProblem[] {
  return issues.flatMap((issue) => {
    if (issue.code !== 'unrecognized_keys') return [problemAt(issue.path, complaintOf(issue), file)];
    const known = issue.message.split(BETWEEN_NAMES);
    return issue.keys.map((key) => {
      const path: Path = [...issue.path, key];
      return { ...problemAt(path, `is not a setting${tellUnknown(key, known)}`, file), ...file.positionOfKey(path) };
    });
  });
}

/** `complaint` goes on after the name of the setting; it ends with a question mark or gets a full stop. */
export function problemAt(path: Path, complaint: string, file: YamlFile): FileProblem {
  const name = toText(path);
  const sentence = `${path.length === 0 ? `The ${file.kind}` : name} ${complaint}`;
  return { ...file.positionOf(path), path: name, problem: sentence.endsWith('?') ? sentence : `${sentence}.` };
}

/** The same problems from the beginning of the file to its end. */
export function inFileOrder(problems: readonly FileProblem[]): FileProblem[] {
  return problems.toSorted((a, b) => a.line - b.line || a.column - b.column);
}

function complaintOf(issue: Issue): string {
  if (issue.input === undefined && issue.code !== 'custom') return 'is missing';
  if (issue.code === 'invalid_type') return `must be ${wantedKind(issue)}`;
  if (issue.code === 'too_small') return `must ${bound('at least', issue.minimum, issue.origin)}`;
  if (issue.code === 'too_big') return `must ${bound('at most', issue.maximum, issue.origin)}`;
  if (issue.code === 'invalid_value') return `must be ${wantedValue(issue)}`;
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

// YAML reads an unquoted 0012 or true as a number or a boolean.
const QUOTE_IT = ': put it in quotes';

function wantedKind({ expected, input }: z.core.$ZodIssueInvalidType): string {
  const isUnquoted = expected === 'string' && ['number', 'boolean'].includes(typeof input);
  return `${KINDS[expected] ?? expected}${isUnquoted ? QUOTE_IT : ''}`;
}

function wantedValue({ values, input }: z.core.$ZodIssueInvalidValue): string {
  const isUnquoted = values.some((value) => typeof value === 'string' && Number(value) === input);
  return `${values.map(String).join(' or ')}${isUnquoted ? QUOTE_IT : ''}`;
}

function bound(side: 'at least' | 'at most', limit: number | bigint, origin: string): string {
  if (origin === 'array') return `have ${side} ${limit} ${limit === 1 ? 'entry' : 'entries'}`;
  if (origin === 'string') return `have ${side} ${limit} ${limit === 1 ? 'character' : 'characters'}`;
  return `be ${side} ${limit}`;
}

const MAX_PATH_CHARACTERS = 100;

/** `rules[0].approvals[1].count`; the last part may be anything that stands in the file. */
function toText(path: Path): string {
  const text = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`)).join('').replace(/^\./, '');
  const shown = inertText(text, MAX_PATH_CHARACTERS);
  return shown === '' && path.length > 0 ? '""' : shown;
}
