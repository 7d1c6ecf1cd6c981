// Number match: two digits that only the requester's screen shows, and that an approver types beside their own code.
import { randomInt } from 'node:crypto';
import { equalBytes, utf8 } from '../lib/bytes.js';
import { isRefused, refuse } from '../lib/refusal.js';
import { NUMBER_MATCH_TRIES } from '../stepup/throttle.js';
import { advance } from './advance.js';
import type { DeskRefusal } from './decision.js';
import { requestEntry } from './entries.js';
import type { Decision, Facts } from './request-store.js';
import { isOpen, type NumberMatch, type UnblockRequest } from './request.js';
import { roleOf } from './standing.js';

const LOWEST = 10;
const ABOVE_HIGHEST = 100;

/** What an approver typed as the number, and what to draw from after a miss. */
export interface TypedNumber {
  /** As `plainNumber` has it. */
  readonly typed: string;
  readonly drawn: readonly string[];
}

/** Three different numbers at random: one of them at least was neither shown nor typed the last time. */
export function drawNumbers(): readonly string[] {
  const drawn = new Set<string>();
  while (drawn.size < 3) drawn.add(String(randomInt(LOWEST, ABOVE_HIGHEST)));
  return [...drawn];
}

/** The two digits in what was typed, full-width ones too; '' for anything else. */
export function plainNumber(typed: string): string {
  const plain = typed.normalize('NFKC').replace(/\s/g, '');
  return /^[0-9]{2}$/.test(plain) ? plain : '';
}

/** This approver's number match, from when they opened the dialog until they approved. */
export function numberMatchOf(request: UnblockRequest, approverId: string): NumberMatch | null {
  if (request.state !== 'awaiting-approval') return null;
  return request.numbers?.find((match) => match.approverId === approverId) ?? null;
}

export function hasNumberTriesLeft({ misses }: NumberMatch): boolean {
  return misses < NUMBER_MATCH_TRIES;
}

export function isNumber(match: NumberMatch, typed: string): boolean {
  return equalBytes(utf8(match.number), utf8(typed));
}

/** The approver opened the dialog: from now on the requester can look at the number. */
export function decideNumberDrawn(request: UnblockRequest, facts: Facts, by: string, [number = '']: readonly string[]): Decision<DeskRefusal> {
  if (facts.auditTrouble !== null) return refuse('audit-unavailable');
  if (roleOf(request, facts.people, by) === null || request.requirement.numberMatch !== true) return refuse('not-your-decision');
  // Where others have to agree too: for whoever has agreed already there is nothing left to type.
  if (request.approvals.some(({ approverId }) => approverId === by)) return refuse('already-approved');
  const next = advance(request, { kind: 'number-drawn', at: facts.at, by, number });
  return isRefused(next) ? next : { request: next, entries: [requestEntry('number-drawn', next, by)] };
}

/** The number or the code was wrong, which is one and the same: there is another number now, or no more try for this approver. */
export function decideNumberMissed(request: UnblockRequest, facts: Facts, by: string, { typed, drawn }: TypedNumber): Decision<DeskRefusal> {
  if (facts.auditTrouble !== null) return refuse('audit-unavailable');
  if (!isOpen(request)) return refuse('request-closed');
  if (request.approvals.some(({ approverId }) => approverId === by)) return refuse('already-approved');
  const match = numberMatchOf(request, by);
  if (match === null) return refuse('not-now');
  if (!hasNumberTriesLeft(match)) return refuse('vote-ended');
  // The same submission may be delivered twice: what was typed for this number is never right for the next one.
  const number = drawn.find((one) => one !== match.number && one !== typed) ?? '';
  const next = advance(request, { kind: 'number-missed', at: facts.at, by, typed, number });
  if (isRefused(next)) return next;
  const left = match.misses + 1 < NUMBER_MATCH_TRIES;
  return { request: next, entries: [requestEntry('code-refused', next, by, { purpose: 'vote' })], refuses: left ? 'number-not-accepted' : 'vote-ended' };
}
