// One text for one value, so that a hash or an HMAC over it means something.
/**
 * JSON with object keys sorted by UTF-16 code units and no blanks, the form of RFC 8785 (JCS).
 * Throws a TypeError on what JSON cannot hold (NaN, Infinity, undefined, lone surrogates).
 */
export function canonicalJson(value) {
    if (value === null || typeof value === 'boolean')
        return JSON.stringify(value);
    if (typeof value === 'string')
        return canonicalString(value);
    if (typeof value === 'number') {
        if (!Number.isFinite(value))
            throw new TypeError('a number that JSON cannot hold');
        return JSON.stringify(value);
    }
    if (isArray(value))
        return `[${value.map(canonicalJson).join(',')}]`;
    const members = Object.keys(value)
        .sort()
        .map((key) => {
        const member = value[key];
        if (member === undefined)
            throw new TypeError(`no value for ${key}`);
        return `${canonicalString(key)}:${canonicalJson(member)}`;
    });
    return `{${members.join(',')}}`;
}
function canonicalString(text) {
    if (!text.isWellFormed())
        throw new TypeError('a lone surrogate');
    return JSON.stringify(text);
}
function isArray(value) {
    return Array.isArray(value);
}
