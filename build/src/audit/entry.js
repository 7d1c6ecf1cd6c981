// What the audit says: one entry for each thing that happened, and the one text of it that is hashed.
import { utf8 } from '../lib/bytes.js';
import { canonicalJson } from '../lib/canonical-json.js';
import { leafHash } from './merkle.js';
/** The text of a draft as its row keeps it: canonical JSON (RFC 8785). Throws a TypeError on what JSON cannot hold. */
export function auditBody(draft) {
    return canonicalJson({
        kind: draft.kind,
        actor: draft.actor,
        requestId: draft.requestId,
        cardId: draft.cardId,
        personId: draft.personId,
        policyHash: draft.policyHash,
        facts: draft.facts,
    });
}
/**
 * The text that is hashed, canonical JSON with every column of the row in it: `{"at":…,"body":…,"id":"…","v":1}`.
 * The body is taken as it is stored, byte by byte, so that even a change that means the same JSON is seen.
 */
export function canonicalEntry({ id, at, body }) {
    return `{"at":"${isoTime(at)}","body":${body},"id":"${id.toString()}","v":1}`;
}
/** The leaf hash of an entry, 32 bytes. */
export function entryLeaf(entry) {
    return leafHash(utf8(canonicalEntry(entry)));
}
/** UTC with milliseconds. A tampered row may hold a time that is none: it only has to hash to something else. */
function isoTime(at) {
    return Number.isNaN(at.getTime()) ? 'no time' : at.toISOString();
}
