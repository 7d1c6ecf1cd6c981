// What the audit says: one entry for each thing that happened, and the one text of it that is hashed.
import { utf8 } from '../lib/bytes.js';
import { canonicalJson } from '../lib/canonical-json.js';
import { leafHash } from './merkle.js';

export type AuditKind =
  | 'request-opened'
  | 'identity-proved'
  | 'code-refused'
  | 'number-drawn'
  | 'vote'
  | 'approval-complete'
  | 'challenge-replaced'
  | 'released'
  | 'shown-again'
  | 'outcome'
  | 'cancelled'
  | 'expired'
  | 'reminded'
  | 'warned'
  | 'escalated'
  | 'stepped-down'
  | 'failed'
  | 'denied'
  | 'frozen'
  | 'enrolment-invited'
  | 'enrolment-vouched'
  | 'enrolled'
  | 'authenticator-replaced'
  | 'authenticators-imported'
  | 'recovery-codes-renewed'
  | 'account-linked'
  | 'delegated'
  | 'delegation-ended'
  | 'account-unlinked'
  | 'code-burnt'
  | 'slack-installed'
  | 'slack-removed'
  | 'people-imported'
  | 'person-deactivated'
  | 'person-activated'
  | 'cards-imported'
  | 'cards-import-waits'
  | 'cards-import-committed'
  | 'cards-import-dropped'
  | 'cards-renewed'
  | 'card-renewed'
  | 'card-released'
  | 'card-returned'
  | 'card-assigned'
  | 'numbers-told'
  | 'master-key-imported'
  | 'keys-rotation-began'
  | 'keys-rotation-ended'
  | 'keys-backed-up'
  | 'installation-marked'
  | 'policy-loaded'
  | 'policy-applied'
  | 'calendar-loaded'
  | 'breaker-opened'
  | 'breaker-released'
  | 'wrong-codes-alarm'
  | 'break-glass-issued'
  | 'break-glass-ended'
  | 'break-glass-used'
  | 'break-glass-reported'
  | 'break-glass-acknowledged'
  | 'started';

/** A fact beside the fixed fields. Never a secret: no code, seed, key, response or PUK, and a challenge only hashed. */
export type AuditFact = string | number | boolean | null | readonly string[];

/** An entry before it is written. The transaction that did the thing writes it, so that neither is without the other. */
export interface AuditDraft {
  readonly kind: AuditKind;
  /** A person's id, or 'system' or 'cli'; null when nobody is known. */
  readonly actor: string | null;
  readonly requestId: string | null;
  readonly cardId: string | null;
  readonly personId: string | null;
  /** SHA-256 of the policy text that was in force. */
  readonly policyHash: string | null;
  readonly facts: Readonly<Record<string, AuditFact>>;
}

/** A draft about nothing but what is named. */
export function auditDraft(
  kind: AuditKind,
  actor: string | null,
  about: Partial<Pick<AuditDraft, 'requestId' | 'cardId' | 'personId' | 'policyHash'>> = {},
  facts: AuditDraft['facts'] = {},
): AuditDraft {
  return { kind, actor, requestId: null, cardId: null, personId: null, policyHash: null, ...about, facts };
}

/** The text of a draft as its row keeps it: canonical JSON (RFC 8785). Throws a TypeError on what JSON cannot hold. */
export function auditBody(draft: AuditDraft): string {
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

/** An entry as it is stored, before or after it got its place in the tree. */
export interface AuditEntry {
  readonly id: bigint;
  readonly at: Date;
  readonly body: string;
}

/** An entry with its place in the tree. */
export interface SequencedEntry extends AuditEntry {
  readonly index: number;
  /** 32 bytes, null when the row holds none. */
  readonly leaf: Uint8Array | null;
}

/**
 * The text that is hashed, canonical JSON with every column of the row in it: `{"at":…,"body":…,"id":"…","v":1}`.
 * The body is taken as it is stored, byte by byte, so that even a change that means the same JSON is seen.
 */
export function canonicalEntry({ id, at, body }: AuditEntry): string {
  return `{"at":"${isoTime(at)}","body":${body},"id":"${id.toString()}","v":1}`;
}

/** The leaf hash of an entry, 32 bytes. */
export function entryLeaf(entry: AuditEntry): Uint8Array {
  return leafHash(utf8(canonicalEntry(entry)));
}

/** UTC with milliseconds. A tampered row may hold a time that is none: it only has to hash to something else. */
function isoTime(at: Date): string {
  return Number.isNaN(at.getTime()) ? 'no time' : at.toISOString();
}
