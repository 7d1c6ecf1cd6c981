// Approvals, denials and new challenges before the response is shown.
import { describe, expect, it } from '@jest/globals';
import { decideNewChallenge } from '../../src/unblock/releasing.js';
import { decideApprove, decideDeny } from '../../src/unblock/voting.js';
import type { Facts } from '../../src/unblock/request-store.js';
import { answered, approved, CARD, changeOf, CODE, codeOf, facts, kindsOf, minute, OTHER_CHALLENGE, peopleBut, TWO_AT_THE_DESK, waiting } from './support.js';

describe('an approval', () => {
  const approve = (by: string, more: Partial<Facts> = {}, request = waiting()) => decideApprove(request, facts(more), { by, spend: codeOf(by) });

  it('completes a request that needs one', () => {
    expect(changeOf(approve('dana')).request).toMatchObject({ state: 'approved', approvals: [{ approverId: 'dana', at: minute(5) }] });
    expect(kindsOf(approve('dana'))).toEqual(['vote', 'approval-complete']);
  });

  it('is audited with the role and the factor', () => {
    expect(changeOf(approve('sam')).entries[0]?.facts).toMatchObject({ as: 'helpdesk', factor: 'totp', verdict: 'approve' });
  });

  it('leaves a request that needs two waiting for the other', () => {
    const request = waiting({ requirement: TWO_AT_THE_DESK });
    const first = approve('sam', {}, request);
    expect(changeOf(first).request).toMatchObject({ state: 'awaiting-approval', approvals: [{ approverId: 'sam' }] });
    expect(kindsOf(first)).toEqual(['vote']);
    const bySam = waiting({ requirement: TWO_AT_THE_DESK, approvals: [{ approverId: 'sam', at: minute(2) }] });
    expect(changeOf(approve('priya', {}, bySam)).request.state).toBe('approved');
  });

  it('given earlier by somebody who has left since does not count', () => {
    const bySam = waiting({ requirement: TWO_AT_THE_DESK, approvals: [{ approverId: 'sam', at: minute(2) }] });
    const people = peopleBut({ sam: { active: false } });
    expect(changeOf(approve('priya', { people }, bySam)).request.state).toBe('awaiting-approval');
  });

  it.each<[string, string, Partial<Facts>]>([
    ['the requester', 'emma', {}],
    ['the requester as their own manager', 'emma', { people: peopleBut({ emma: { managerId: 'emma' } }) }],
    ['the requester as a member of the helpdesk', 'emma', { people: peopleBut({ emma: { groups: ['helpdesk'] } }) }],
    ['somebody who was not asked', 'eve', {}],
    ['a stranger', 'nobody', {}],
    ['a manager who is not active', 'dana', { people: peopleBut({ dana: { active: false } }) }],
    ['the manager of before', 'dana', { people: peopleBut({ emma: { managerId: 'eve' } }) }],
  ])('is not for %s to give', (_, by, more) => {
    expect(approve(by, more)).toEqual({ refused: 'not-your-decision' });
  });

  it('is given once by each person', () => {
    const bySam = waiting({ requirement: TWO_AT_THE_DESK, approvals: [{ approverId: 'sam', at: minute(2) }] });
    expect(approve('sam', {}, bySam)).toEqual({ refused: 'already-approved' });
  });

  it('is refused where the audit cannot be kept', () => {
    expect(approve('dana', { auditTrouble: 'audit-behind' })).toEqual({ refused: 'audit-unavailable' });
  });
});

describe('a denial', () => {
  const deny = (by: string, more: Partial<Facts> = {}, request: Parameters<typeof decideDeny>[0] = waiting()) =>
    decideDeny(request, facts(more), by, 'not now');

  it('ends a waiting request and an approved one, whoever of those asked gives it', () => {
    expect(changeOf(deny('sam')).request).toMatchObject({ state: 'denied', by: 'sam', why: 'not now' });
    expect(changeOf(deny('sam', {}, approved())).request).toMatchObject({ state: 'denied', by: 'sam' });
  });

  it('needs no code', () => {
    expect(changeOf(deny('dana'))).not.toHaveProperty('spend');
  });

  it('by whoever had approved is written down as taken back', () => {
    expect(changeOf(deny('dana', {}, approved())).entries[0]?.facts).toMatchObject({ revoked: true, as: 'manager' });
    expect(changeOf(deny('sam', {}, approved())).entries[0]?.facts).toMatchObject({ revoked: false });
  });

  it('is refused to whoever was not asked, and where the audit cannot be kept', () => {
    expect(deny('eve')).toEqual({ refused: 'not-your-decision' });
    expect(deny('emma')).toEqual({ refused: 'not-your-decision' });
    expect(deny('dana', { auditTrouble: 'audit-file' })).toEqual({ refused: 'audit-unavailable' });
  });

  it('comes too late once the response was shown', () => {
    expect(deny('dana', {}, answered())).toEqual({ refused: 'not-now' });
  });
});

describe('a new challenge', () => {
  const replace = (request: Parameters<typeof decideNewChallenge>[0], more: Partial<Facts> = {}) =>
    decideNewChallenge(request, facts(more), { by: 'emma', challenge: OTHER_CHALLENGE, spend: CODE });

  it('takes the place of the old one, keeps the approvals and renews the proof', () => {
    const change = changeOf(replace(approved()));
    expect(change.request).toMatchObject({ state: 'approved', challenge: OTHER_CHALLENGE, provedAt: minute(5), approvals: approved().approvals });
    expect(change.entries).toMatchObject([{ kind: 'challenge-replaced', facts: { nextRound: false } }]);
  });

  it('after the card refused a response begins the next round', () => {
    const change = changeOf(replace(answered({ refusedAt: minute(4) })));
    expect(change.request).toMatchObject({ state: 'approved', round: 1, challenge: OTHER_CHALLENGE });
    expect(change.entries).toMatchObject([{ kind: 'challenge-replaced', facts: { nextRound: true } }]);
  });

  it('is refused after a response that nobody called refused', () => {
    expect(replace(answered())).toEqual({ refused: 'not-now' });
  });

  it('is refused if it was answered before', () => {
    expect(replace(approved(), { challengeAnswered: true })).toEqual({ refused: 'challenge-answered' });
    expect(replace(answered({ refusedAt: minute(4) }), { challengeAnswered: true })).toEqual({ refused: 'challenge-answered' });
  });

  it('is refused to a card near its limit, and the response that was shown may still be reported', () => {
    const near = { card: { ...CARD, refusedResponses: 3 } };
    expect(replace(answered({ refusedAt: minute(4) }), near)).toEqual({ refused: 'card-near-limit' });
  });

  it('is refused where the audit cannot be kept', () => {
    expect(replace(approved(), { auditTrouble: 'audit-behind' })).toEqual({ refused: 'audit-unavailable' });
  });
});
