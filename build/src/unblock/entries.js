// The audit entries of a request. Never a code, a key or a response; a challenge only as a hash.
import { createHash } from 'node:crypto';
export function requestEntry(kind, request, actor, facts = {}) {
    return {
        kind,
        actor,
        requestId: request.id,
        cardId: request.cardId,
        personId: request.requesterId,
        policyHash: request.policyHash,
        facts: { ...facts, state: request.state },
    };
}
/** Names a challenge in the audit without giving it: SHA-256 over the card and the challenge, 32 hex digits. */
export function challengeHash(cardId, challenge) {
    return createHash('sha256').update(`${cardId}\n${challenge}`).digest('hex').slice(0, 32);
}
