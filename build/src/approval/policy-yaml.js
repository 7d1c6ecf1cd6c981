// YAML to a plain value, with the line and column of every part, and within bounds that no honest policy meets.
import { Lexer, LineCounter, isMap, isNode, isScalar, isSeq, parseDocument, visit } from 'yaml';
const MAX_CHARACTERS = 256 * 1024;
// One slip makes the parser stumble over all that follows.
const MAX_SYNTAX_PROBLEMS = 10;
// The parser is recursive, and a few thousand levels end the process instead of throwing.
const MAX_OPEN_BRACKETS = 64;
const MAX_INDENT = 128;
// `- - - x` and `? ? ? x` open a level each.
const MAX_INDICATORS_A_LINE = 8;
/** Reads YAML 1.2 (core schema, one document, no aliases). */
export function readYaml(file) {
    const text = file.replace(/^\uFEFF/, '');
    const tooMuch = boundsProblem(text);
    if (tooMuch !== null)
        return { problems: [{ line: 1, column: 1, path: '', problem: tooMuch }] };
    const lines = new LineCounter();
    const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: 'error' });
    const problems = [...syntaxProblems(document), ...aliasProblems(document)];
    if (problems.length > 0) {
        return { problems: problems.map(({ offset, problem }) => ({ ...toPosition(lines, offset), path: '', problem })) };
    }
    return {
        value: document.toJS(),
        positionOf: (path) => toPosition(lines, offsetOf(find(document, path).value)),
        positionOfKey: (path) => toPosition(lines, offsetOf(find(document, path).key)),
    };
}
function boundsProblem(text) {
    if (text.length > MAX_CHARACTERS)
        return `The file is longer than ${MAX_CHARACTERS} characters.`;
    return isTooDeep(text) ? 'The file is nested too deep for a policy.' : null;
}
/** Judged from the tokens alone, which are read without recursion. */
function isTooDeep(text) {
    let brackets = 0;
    let indicators = 0;
    for (const token of new Lexer().lex(text)) {
        if (token === '[' || token === '{')
            brackets += 1;
        if (token === ']' || token === '}')
            brackets -= 1;
        if (token === '-' || token === '?')
            indicators += 1;
        if (token.endsWith('\n'))
            indicators = 0;
        const indent = /^ +/.exec(token)?.[0].length ?? 0;
        if (brackets > MAX_OPEN_BRACKETS || indicators > MAX_INDICATORS_A_LINE || indent > MAX_INDENT)
            return true;
    }
    return false;
}
function syntaxProblems(document) {
    return [...document.errors, ...document.warnings].slice(0, MAX_SYNTAX_PROBLEMS).map((error) => ({
        offset: error.pos[0],
        problem: error.code === 'MULTIPLE_DOCS'
            ? 'A policy is one document: take away this `---` and what does not belong.'
            : `This is not YAML that can be read: ${error.message}.`,
    }));
}
function aliasProblems(document) {
    const found = [];
    visit(document, {
        Alias: (_key, alias) => {
            found.push({ offset: offsetOf(alias), problem: `Write *${alias.source} out: a policy has no aliases.` });
        },
    });
    return found;
}
/** The parts of the document at `path`, or the last ones on the way there. */
function find(document, path) {
    let found = { key: document.contents, value: document.contents };
    for (const step of path) {
        const next = stepInto(found.value, step);
        if (next === null)
            return found;
        found = next;
    }
    return found;
}
function stepInto(node, step) {
    if (isSeq(node)) {
        const item = node.items[Number(step)];
        return item === undefined ? null : { key: item, value: item };
    }
    if (!isMap(node))
        return null;
    const pair = node.items.find(({ key }) => String(isScalar(key) ? key.value : key) === step);
    return pair === undefined ? null : { key: pair.key, value: pair.value ?? pair.key };
}
function offsetOf(node) {
    return isNode(node) ? (node.range?.[0] ?? 0) : 0;
}
function toPosition(lines, offset) {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
}
