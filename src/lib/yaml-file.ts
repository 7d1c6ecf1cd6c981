// YAML to a plain value, with the line and column of every part, and within bounds that no honest file meets.
import { isMap, isNode, isScalar, isSeq, LineCounter, parseDocument, visit, type Document } from 'yaml';
import { isNestedTooDeep } from './yaml-depth.js';

export interface Position {
  /** The first line is 1, the first column is 1. */
  readonly line: number;
  readonly column: number;
}

export interface FileProblem extends Position {
  /** Where in the file, for example `rules[0].approvals[1].from[0]`; empty for the whole file. */
  readonly path: string;
  /** One sentence for a person. */
  readonly problem: string;
}

export type Path = readonly PropertyKey[];

/** A file that is good YAML, whatever it says. */
export interface YamlFile {
  /** What the file is, as in `YamlRules`. */
  readonly kind: string;
  readonly value: unknown;
  /** Where the value at `path` stands; if it is missing, the nearest thing around it. */
  positionOf(path: Path): Position;
  /** Where the name of the setting at `path` stands. */
  positionOfKey(path: Path): Position;
}

export interface YamlRules {
  /** What the file is, for the sentences that tell its problems: "policy", after "a" or "the". */
  readonly kind: string;
  /** The longest text that is parsed, in UTF-16 units; without it, 256 Ki. */
  readonly maxCharacters?: number;
}

const MAX_CHARACTERS = 256 * 1024;
// One slip makes the parser stumble over all that follows.
const MAX_SYNTAX_PROBLEMS = 10;

/** Reads YAML 1.2 (core schema, one document, no aliases), and so JSON; a byte order mark at the start is skipped. */
export function readYaml(file: string, rules: YamlRules): YamlFile | { problems: FileProblem[] } {
  const text = file.replace(/^\uFEFF/, '');
  const tooMuch = boundsProblem(text, rules);
  if (tooMuch !== null) return { problems: [{ line: 1, column: 1, path: '', problem: tooMuch }] };
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: 'error' });
  const problems = [...syntaxProblems(document, rules), ...aliasProblems(document, rules)];
  if (problems.length > 0) {
    return { problems: problems.map(({ offset, problem }) => ({ ...toPosition(lines, offset), path: '', problem })) };
  }
  return {
    kind: rules.kind,
    value: document.toJS(),
    positionOf: (path) => toPosition(lines, offsetOf(find(document, path).value)),
    positionOfKey: (path) => toPosition(lines, offsetOf(find(document, path).key)),
  };
}

/** `4:9: times.retryMinutes must be at least 1.`; a caller puts the file's name before it. */
export function withPlace({ line, column, problem }: FileProblem): string {
  return `${line}:${column}: ${problem}`;
}

function boundsProblem(text: string, { kind, maxCharacters = MAX_CHARACTERS }: YamlRules): string | null {
  if (text.length > maxCharacters) return `The file is longer than ${maxCharacters} characters.`;
  return isNestedTooDeep(text) ? `The file is nested too deep for a ${kind}.` : null;
}

interface Finding {
  readonly offset: number;
  readonly problem: string;
}

function syntaxProblems(document: Document, { kind }: YamlRules): Finding[] {
  return [...document.errors, ...document.warnings].slice(0, MAX_SYNTAX_PROBLEMS).map((error) => ({
    offset: error.pos[0],
    problem:
      error.code === 'MULTIPLE_DOCS'
        ? `A ${kind} is one document: take away this \`---\` and what does not belong.`
        : `This is not YAML that can be read: ${error.message}.`,
  }));
}

function aliasProblems(document: Document, { kind }: YamlRules): Finding[] {
  const found: Finding[] = [];
  visit(document, {
    Alias: (_key, alias) => {
      found.push({ offset: offsetOf(alias), problem: `Write *${alias.source} out: a ${kind} has no aliases.` });
    },
  });
  return found;
}

interface Found {
  readonly key: unknown;
  readonly value: unknown;
}

/** The parts of the document at `path`, or the last ones on the way there. */
function find(document: Document, path: Path): Found {
  let found: Found = { key: document.contents, value: document.contents };
  for (const step of path) {
    const next = stepInto(found.value, step);
    if (next === null) return found;
    found = next;
  }
  return found;
}

function stepInto(node: unknown, step: PropertyKey): Found | null {
  if (isSeq(node)) {
    const item = node.items[Number(step)];
    return item === undefined ? null : { key: item, value: item };
  }
  if (!isMap(node)) return null;
  const pair = node.items.find(({ key }) => String(isScalar(key) ? key.value : key) === step);
  return pair === undefined ? null : { key: pair.key, value: pair.value ?? pair.key };
}

function offsetOf(node: unknown): number {
  return isNode(node) ? (node.range?.[0] ?? 0) : 0;
}

function toPosition(lines: LineCounter, offset: number): Position {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(line, 1), column: Math.max(col, 1) };
}
