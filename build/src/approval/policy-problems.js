/** One problem an issue or contradiction (one a name where settings are unknown), in the order of the file. */
export function policyProblems(issues, contradictions, file) {
    const problems = [
        ...issues.flatMap((issue) => fromIssue(issue, file)),
        ...contradictions.map(({ path, complaint }) => problemAt(path, complaint, file)),
    ];
    return problems.sort((a, b) => a.line - b.line || a.column - b.column);
}
function fromIssue(issue, file) {
    if (issue.code !== 'unrecognized_keys')
        return [problemAt(issue.path, complaintOf(issue), file)];
    return issue.keys.map((key) => {
        const path = [...issue.path, key];
        return { ...file.positionOfKey(path), path: toText(path), problem: `${toText(path)} is not a setting (${issue.message}).` };
    });
}
function problemAt(path, complaint, file) {
    const name = toText(path);
    return { ...file.positionOf(path), path: name, problem: `${name || 'The policy'} ${complaint}.` };
}
function complaintOf(issue) {
    if (issue.input === undefined && issue.code !== 'custom')
        return 'is missing';
    if (issue.code === 'invalid_type')
        return `must be ${wantedKind(issue)}`;
    if (issue.code === 'too_small')
        return `must ${bound('at least', issue.minimum, issue.origin)}`;
    if (issue.code === 'too_big')
        return `must ${bound('at most', issue.maximum, issue.origin)}`;
    if (issue.code === 'invalid_value')
        return `must be ${issue.values.map(String).join(' or ')}`;
    return issue.message;
}
const KINDS = {
    int: 'a whole number',
    number: 'a whole number',
    string: 'text',
    boolean: 'true or false',
    array: 'a list',
    object: 'a block of settings',
};
function wantedKind({ expected, input }) {
    const kind = KINDS[expected] ?? expected;
    // YAML reads an unquoted 0012 or true as a number or a boolean.
    const unquoted = expected === 'string' && ['number', 'boolean'].includes(typeof input);
    return unquoted ? `${kind}: put it in quotes` : kind;
}
function bound(side, limit, origin) {
    if (origin === 'array')
        return `have ${side} ${limit} ${limit === 1 ? 'entry' : 'entries'}`;
    if (origin === 'string')
        return `have ${side} ${limit} ${limit === 1 ? 'character' : 'characters'}`;
    return `be ${side} ${limit}`;
}
/** `rules[0].approvals[1].count` */
function toText(path) {
    return path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`)).join('').replace(/^\./, '');
}
