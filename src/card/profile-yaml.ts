// YAML to a plain value that knows the line of each of its parts.
import { isMap, isNode, isScalar, isSeq, LineCounter, parseDocument, type Document } from 'yaml';

export interface ProfileProblem {
  /** The first line is 1. */
  readonly line: number;
  /** One sentence for the person who wrote the file. */
  readonly problem: string;
}

export type Path = readonly PropertyKey[];

export interface YamlFile {
  readonly value: unknown;
  /** Where the setting at `path` stands; if it is missing, where the nearest thing around it does. */
  lineOf(path: Path): number;
}

const MAX_CHARACTERS = 256 * 1024;
// One slip makes the parser stumble over all that follows.
const MAX_SYNTAX_PROBLEMS = 10;
// The parser is recursive. No honest file opens so many brackets, or so many lists on one line.
const MAX_BRACKETS = 1_000;
const MANY_INDICATORS = /(?:[-?][ \t]+){9}/;

/** Reads one YAML 1.2 document without aliases. */
export function readYaml(file: string): YamlFile | { readonly problems: readonly ProfileProblem[] } {
  const text = file.replace(/^\uFEFF/, '');
  if (text.length > MAX_CHARACTERS) return onlyProblem(`The file is longer than ${MAX_CHARACTERS} characters.`);
  if ((text.match(/[[{]/g) ?? []).length > MAX_BRACKETS || MANY_INDICATORS.test(text)) {
    return onlyProblem('The file is nested too deep.');
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: 'error' });
  const faults = [...document.errors, ...document.warnings].slice(0, MAX_SYNTAX_PROBLEMS);
  if (faults.length > 0) {
    const told = (message: string) => `This is not YAML that can be read: ${message}.`;
    return { problems: faults.map(({ pos, message }) => ({ line: lineAt(lines, pos[0]), problem: told(message) })) };
  }
  const value = plainValue(document);
  if (value === undefined) return onlyProblem('The file has aliases (*name): write out what they stand for.');
  return { value, lineOf: (path) => lineAt(lines, offsetOf(document, path)) };
}

function onlyProblem(problem: string): { readonly problems: readonly ProfileProblem[] } {
  return { problems: [{ line: 1, problem }] };
}

/** Undefined where the document has aliases, which the parser counts and refuses. */
function plainValue(document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: 0 }) ?? null;
  } catch {
    return undefined;
  }
}

function offsetOf(document: Document, path: Path): number {
  let [node, offset]: [unknown, number] = [document.contents, startOf(document.contents) ?? 0];
  for (const step of path) {
    const next = stepInto(node, step);
    if (next === null) return offset;
    offset = startOf(next.at) ?? offset;
    node = next.value;
  }
  return offset;
}

function stepInto(node: unknown, step: PropertyKey): { readonly at: unknown; readonly value: unknown } | null {
  if (isSeq(node)) return { at: node.items[Number(step)], value: node.items[Number(step)] };
  if (!isMap(node)) return null;
  const pair = node.items.find(({ key }) => String(isScalar(key) ? key.value : key) === step);
  return pair === undefined ? null : { at: pair.key, value: pair.value };
}

function startOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}

function lineAt(lines: LineCounter, offset: number): number {
  return Math.max(lines.linePos(offset).line, 1);
}
