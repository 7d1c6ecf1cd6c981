// The policy: who must agree before a card is unblocked, within which times and limits.
import { createHash } from 'node:crypto';
/** The group whose members are the helpdesk. */
export const HELPDESK_GROUP = 'helpdesk';
export const GROUP_PREFIX = 'group:';
/** The group that a `group:NAME` source names. */
export function groupOf(source) {
    return source.slice(GROUP_PREFIX.length);
}
/** SHA-256 of the UTF-8 text in lower-case hex: the name under which a policy is stored and audited. */
export function policyHash(text) {
    return createHash('sha256').update(text, 'utf8').digest('hex');
}
