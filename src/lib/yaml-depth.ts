// How deep a YAML text nests, judged from its tokens alone, which are read without recursion.
import { Lexer } from 'yaml';

const MAX_OPEN_BRACKETS = 64;
const MAX_INDENT = 128;
// `- - - x`, `? ? ? x` and `a: b: c: x` open a level each.
const MAX_INDICATORS = 4;

/** Whether a text is too deep for the parser, which is recursive: a few thousand levels would end the process. */
export function isNestedTooDeep(text: string): boolean {
  // For the block style and for each open bracket: the indicators since the line or the entry began.
  const indicators = [0];
  for (const token of new Lexer().lex(text)) {
    count(token, indicators);
    if (indicators.length - 1 > MAX_OPEN_BRACKETS || (indicators.at(-1) ?? 0) > MAX_INDICATORS) return true;
    if (indentOf(token) > MAX_INDENT) return true;
  }
  return false;
}

function count(token: string, indicators: number[]): void {
  const last = indicators.length - 1;
  const isInBrackets = last > 0;
  if (token === '[' || token === '{') indicators.push(0);
  // A closing bracket that nothing opened must not make room for another.
  if ((token === ']' || token === '}') && isInBrackets) indicators.pop();
  if (token === '-' || token === '?' || token === ':') indicators[last] = (indicators[last] ?? 0) + 1;
  if (isInBrackets ? token === ',' : token.endsWith('\n')) indicators[last] = 0;
}

function indentOf(token: string): number {
  return /^ +/.exec(token)?.[0].length ?? 0;
}
