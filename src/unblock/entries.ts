// The audit entries of a request. Never a code, a key or a response; a challenge only as a hash.
import { createHash } from 'node:crypto';
import type { AuditDraft, AuditKind } from '../audit/entry.js';
import type { UnblockRequest } from './request.js';

export function requestEntry(
  kind: AuditKind,
  request: UnblockRequest,
  actor: string,
  facts: AuditDraft['facts'] = {},
): AuditDraft {
  return {
    kind,
    actor,
    requestId: request.id,
    cardId: request.cardId,
    personId: request.requesterId,
    policyHash: request.policyHash,
    facts: { ...facts, ...(request.agentId === undefined ? {} : { agent: request.agentId }), state: request.state },
  };
}

/** Names a challenge in the audit without giving it: SHA-256 over the card and the challenge, 32 hex digits. */
export function challengeHash(cardId: string, challenge: string): string {
  return createHash('sha256').update(`${cardId}\n${challenge}`).digest('hex').slice(0, 32);
}
