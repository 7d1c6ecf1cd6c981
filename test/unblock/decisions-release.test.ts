// The gate before a response.
import { describe, expect, it } from '@jest/globals';
import { type Requirement, withHelpdesk } from '../../src/approval/requirement.js';
import { responseLimit } from '../../src/card/profile.js';
import type { DeskRefusal } from '../../src/unblock/decision.js';
import { decideRelease } from '../../src/unblock/releasing.js';
import type { Facts } from '../../src/unblock/request-store.js';
import { answered, approved, CARD, changeOf, CHALLENGE, CLOSED, CODE, facts, loaded, minute, NO_COUNTS, NOBODY, opened, OTHER_CHALLENGE, peopleBut, TWO_AT_THE_DESK, waiting } from './support.js';

const noProof = { loaded, by: 'emma', spend: null, challenge: null };

describe('a release', () => {
  const release = (more: Partial<Facts> = {}, proof: Parameters<typeof decideRelease>[2] = noProof, request = approved()) =>
    decideRelease(request, facts(more), proof);

  it('answers the challenge, says so in the audit and marks the challenge as answered', () => {
    const change = changeOf(release());
    expect(change.request).toMatchObject({ state: 'answered', revealedAt: minute(5), round: 0 });
    expect(change.answered).toBe(CHALLENGE);
    expect(change.entries).toMatchObject([{ kind: 'released', actor: 'emma', policyHash: 'policy-1', facts: { round: 0, approvals: ['dana'] } }]);
    expect(JSON.stringify(change.entries).toUpperCase()).not.toContain(CHALLENGE);
  });

  it('to an agent is audited under the agent, who looks once', () => {
    const assisted = { ...noProof, by: 'sam' };
    expect(changeOf(decideRelease(approved({ agentId: 'sam' }), facts(), assisted)).entries).toMatchObject([{ kind: 'released', actor: 'sam', personId: 'emma' }]);
    expect(decideRelease(answered({ agentId: 'sam' }), facts(), assisted)).toEqual({ refused: 'shown-to-agent' });
    expect(decideRelease(answered({ agentId: 'sam', challenge: null }), facts(), assisted)).toEqual({ refused: 'puk-shown' });
  });

  it('to an agent is shown again to a delivery of the same form, and to the person themselves', () => {
    const request = answered({ agentId: 'sam' });
    const repeated = changeOf(decideRelease(request, facts({ repeated: true }), { ...noProof, by: 'sam' }));
    expect(repeated.entries).toMatchObject([{ kind: 'shown-again', actor: 'sam' }]);
    expect(changeOf(decideRelease(request, facts(), noProof)).entries).toMatchObject([{ kind: 'shown-again', actor: 'emma' }]);
  });

  it.each<[string, Partial<Facts>, string, string]>([
    ['a frozen card', { card: { ...CARD, state: 'frozen' } }, 'cancelled', 'frozen'],
    ['a card that has another holder', { card: { ...CARD, holderId: 'liam' } }, 'denied', 'not-your-card'],
    ['a holder who is not active', { people: peopleBut({ emma: { active: false } }) }, 'denied', 'person-inactive'],
    ['a holder who left', { people: peopleBut({ emma: null }) }, 'denied', 'person-inactive'],
    ['a card at its limit', { card: { ...CARD, refusedResponses: 5 } }, 'denied', 'card-stopped'],
    ['a card whose PUK was shown', { card: { ...CARD, state: 'puk-shown' } }, 'denied', 'puk-shown'],
    ['a card that nobody has committed', { card: { ...CARD, state: 'waiting' } }, 'denied', 'card-waiting'],
    ['an approver who left', { people: peopleBut({ dana: null }) }, 'denied', 'approver-not-entitled'],
    ['an approver who is not active', { people: peopleBut({ dana: { active: false } }) }, 'denied', 'approver-not-entitled'],
    ['an approver who is not the manager any more', { people: peopleBut({ emma: { managerId: 'eve' } }) }, 'denied', 'approver-not-entitled'],
  ])('for %s ends the request instead, and answers nothing', (_, more, state, why) => {
    for (const request of [approved(), answered()]) {
      if (request.state === 'answered' && (why === 'card-stopped' || why === 'puk-shown')) continue;
      const change = changeOf(decideRelease(request, facts(more), noProof));
      expect(change.request).toMatchObject({ state, why, by: null });
      expect(change.ended).toBe(true);
      expect(change).not.toHaveProperty('answered');
      expect(change.entries).toMatchObject([{ kind: state, actor: 'system' }]);
    }
  });

  it('for one of two approvers who left ends the request', () => {
    const votes = ['sam', 'priya'].map((approverId) => ({ approverId, at: minute(2) }));
    const request = approved({ requirement: TWO_AT_THE_DESK, approvals: votes });
    expect(release({}, noProof, request)).toHaveProperty('request.state', 'answered');
    expect(release({ people: peopleBut({ priya: { groups: [] } }) }, noProof, request)).toHaveProperty('request.state', 'denied');
  });

  it('with a proof of ten minutes needs no other code, and one millisecond later it does', () => {
    expect(release({ at: minute(11) })).toHaveProperty('request.state', 'answered');
    expect(release({ at: minute(11) + 1 })).toEqual({ refused: 'code-needed' });
    const withCode = changeOf(release({ at: minute(30) }, { ...noProof, spend: CODE }));
    expect(withCode.request).toMatchObject({ state: 'answered', provedAt: minute(30) });
    expect(withCode.spend).toBe(CODE);
  });

  it('of another challenge needs a fresh code', () => {
    expect(release({}, { ...noProof, challenge: OTHER_CHALLENGE })).toEqual({ refused: 'code-needed' });
    const change = changeOf(release({}, { loaded, by: 'emma', spend: CODE, challenge: OTHER_CHALLENGE }));
    expect(change.answered).toBe(OTHER_CHALLENGE);
    expect(change.request).toMatchObject({ state: 'answered', challenge: OTHER_CHALLENGE });
  });

  it('of the same challenge typed again needs none', () => {
    expect(changeOf(release({}, { ...noProof, challenge: CHALLENGE })).answered).toBe(CHALLENGE);
  });

  it.each<[string, Partial<Facts>, DeskRefusal]>([
    ['an audit that cannot be kept', { auditTrouble: 'audit-behind' }, 'audit-unavailable'],
    ['a challenge that was answered before', { challengeAnswered: true }, 'challenge-answered'],
    ['a card with five responses today', { counts: { ...NO_COUNTS, cardResponsesToday: 5 } }, 'card-limit'],
    ['a breaker that is open', { breaker: { why: 'hour', since: 0 } }, 'breaker-open'],
  ])('is refused for %s, and the request stays as it is', (_, more, refused) => {
    expect(release(more)).toEqual({ refused });
    expect(release(more, { loaded, by: 'emma', spend: CODE, challenge: OTHER_CHALLENGE })).toEqual({ refused });
  });

  it('is refused as the twenty-first in an hour, and says which limit it met', () => {
    expect(release({ counts: { ...NO_COUNTS, responsesLastHour: 20 } })).toEqual({ refused: 'breaker-open', detail: { reached: 'hour' } });
  });

  it('goes on under another policy: the request keeps what it asked for', () => {
    expect(release({ policyInForce: 'policy-2' })).toHaveProperty('request.state', 'answered');
  });

  it('is refused before the approval and after the end', () => {
    expect(decideRelease(opened(), facts(), noProof)).toEqual({ refused: 'not-now' });
    expect(decideRelease(waiting(), facts(), noProof)).toEqual({ refused: 'not-now' });
    for (const request of CLOSED) {
      expect(decideRelease(request, facts(), noProof)).toEqual({ refused: request.state === 'expired' ? 'request-expired' : 'request-closed' });
    }
  });

  it('is refused past the deadline, even if no timer has closed the request', () => {
    expect(release({ at: minute(60) }, { ...noProof, spend: CODE })).toEqual({ refused: 'request-expired' });
  });

  it('a second time shows the same response again, and is audited as that', () => {
    const again = changeOf(decideRelease(answered(), facts(), noProof));
    expect(again.request).toMatchObject({ state: 'answered', challenge: CHALLENGE, timesShown: 2 });
    expect(again).not.toHaveProperty('answered');
    expect(again.entries).toMatchObject([{ kind: 'shown-again' }]);
    expect(decideRelease(answered(), facts({ at: minute(8) }), noProof)).toEqual({ refused: 'not-now' });
  });

  it('of a request that needs nobody looks for no approver', () => {
    const request = approved({ requirement: NOBODY, approvals: [] });
    expect(decideRelease(request, facts({ people: peopleBut({ dana: null }) }), noProof)).toHaveProperty('request.state', 'answered');
  });
});

describe('a card', () => {
  const limit = CARD.profile === null ? 0 : responseLimit(CARD.profile);
  const release = (refusedResponses: number, request = approved(), card = CARD) =>
    decideRelease(request, facts({ card: { ...card, refusedResponses } }), noProof);

  it('is answered without the helpdesk until two wrong responses before its own limit', () => {
    expect(release(limit - 3)).toHaveProperty('request.state', 'answered');
    expect(release(limit - 2)).toEqual({ refused: 'card-near-limit' });
  });

  it('is answered near its limit where the helpdesk had to agree, and at its limit never', () => {
    const votes = ['dana', 'sam'].map((approverId) => ({ approverId, at: minute(2) }));
    const manager: Requirement = { rule: 'manager', stages: [{ from: ['manager'], count: 1 }], times: TWO_AT_THE_DESK.times };
    const guarded = approved({ requirement: withHelpdesk(manager), approvals: votes });
    expect(release(limit - 2, guarded)).toHaveProperty('request.state', 'answered');
    expect(release(limit - 1, guarded)).toHaveProperty('request.state', 'answered');
    expect(release(limit, guarded)).toMatchObject({ ended: true, request: { state: 'denied', why: 'card-stopped' } });
  });

  it('of a kind that nobody knows counts as one that allows five', () => {
    const unknown = { ...CARD, profileId: 'gone', profile: null };
    expect(release(2, approved(), unknown)).toHaveProperty('request.state', 'answered');
    expect(release(3, approved(), unknown)).toEqual({ refused: 'card-near-limit' });
    expect(release(5, approved(), unknown)).toHaveProperty('request.why', 'card-stopped');
  });
});
