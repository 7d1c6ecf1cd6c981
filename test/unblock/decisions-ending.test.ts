// How requests end: outcomes, cancellations, freezes, deadlines, and standing that was lost.
import { describe, expect, it } from '@jest/globals';
import { BUILT_IN_PROFILES } from '../../src/card/profiles.js';
import type { CardFacts, Facts } from '../../src/unblock/request-store.js';
import type { UnblockRequest } from '../../src/unblock/request.js';
import { decideDeadline } from '../../src/unblock/deadline.js';
import { decideCancel, decideFreeze, decideOutcome } from '../../src/unblock/ending.js';
import { decideProof } from '../../src/unblock/opening.js';
import { decideNewChallenge } from '../../src/unblock/releasing.js';
import { answered, approved, CARD, changeOf, CLOSED, CODE, facts, kindsOf, loaded, minute, ONE_OF_EITHER, opened, OTHER_CHALLENGE, peopleBut, TWO_AT_THE_DESK, waiting } from './support.js';

const atDeadline = (request: UnblockRequest, now: Facts) => decideDeadline(request, now, loaded.policy);
const proving = { by: 'emma', policy: loaded.policy, spend: CODE, challenge: null, reason: 'PIN forgotten' };

describe('the outcome', () => {
  it('of a response that worked closes the request and forgets refused ones', () => {
    const change = changeOf(decideOutcome(answered(), facts({ card: { ...CARD, refusedResponses: 2 } }), true, 'emma'));
    expect(change.request).toMatchObject({ state: 'done', outcome: 'worked' });
    expect(change.card).toEqual({ refusedResponses: 0 });
  });

  it('of a refused response counts on the card and leaves room for another round', () => {
    const change = changeOf(decideOutcome(answered(), facts({ card: { ...CARD, refusedResponses: 1 } }), false, 'emma'));
    expect(change.request).toMatchObject({ state: 'answered', refusedAt: minute(5) });
    expect(change.card).toEqual({ refusedResponses: 2 });
    expect(change.entries).toMatchObject([{ kind: 'outcome', facts: { worked: false, refusedResponses: 2 } }]);
  });

  it('of the third refused response, or of one after ten minutes, ends the request', () => {
    expect(changeOf(decideOutcome(answered({ round: 2 }), facts(), false, 'emma')).request).toMatchObject({ state: 'failed', why: 'response-refused' });
    expect(changeOf(decideOutcome(answered(), facts({ at: minute(13) }), false, 'emma')).request.state).toBe('failed');
    expect(changeOf(decideOutcome(answered(), facts({ at: minute(13) - 1 }), false, 'emma')).request.state).toBe('answered');
  });

  it.each([ONE_OF_EITHER, TWO_AT_THE_DESK])('of a refused response that brings a card near its limit ends the request, whoever had to agree ($rule)', (requirement) => {
    for (const refusedResponses of [2, 3, 4]) {
      const change = changeOf(decideOutcome(answered({ requirement }), facts({ card: { ...CARD, refusedResponses } }), false, 'emma'));
      expect(change.request).toMatchObject({ state: 'failed', why: 'response-refused' });
      expect(change.card).toEqual({ refusedResponses: refusedResponses + 1 });
    }
  });

  it('is known only after a response, and once', () => {
    expect(decideOutcome(approved(), facts(), true, 'emma')).toEqual({ refused: 'not-now' });
    expect(decideOutcome(answered({ refusedAt: minute(4) }), facts(), false, 'emma')).toEqual({ refused: 'not-now' });
    expect(CLOSED.map((request) => decideOutcome(request, facts(), true, 'emma'))).toEqual(CLOSED.map(() => ({ refused: 'request-closed' })));
  });

  it('is still taken when the card is near its limit: what was shown was shown', () => {
    const nearLimit = facts({ card: { ...CARD, refusedResponses: 3 } });
    expect(changeOf(decideOutcome(answered(), nearLimit, true, 'emma')).request.state).toBe('done');
  });
});

describe('cancelling and freezing', () => {
  it('a cancellation needs nothing but an open request', () => {
    expect(changeOf(decideCancel(waiting(), facts({ auditTrouble: 'audit-file' }), 'emma')).request).toMatchObject({ state: 'cancelled', by: 'emma' });
    expect(decideCancel(answered(), facts(), 'emma')).toEqual({ refused: 'not-now' });
  });

  it('a freeze stops card and authenticator and tells security, the person and the manager', () => {
    const change = changeOf(decideFreeze(approved(), facts()));
    expect(change.request).toMatchObject({ state: 'cancelled', why: 'frozen' });
    expect(change.card).toEqual({ state: 'frozen' });
    expect(change.disableAuthenticatorOf).toBe('emma');
    expect(change.events?.map(({ kind, recipient }) => [kind, recipient])).toEqual([
      ['card-frozen', 'channel:security'],
      ['card-frozen', 'person:emma'],
      ['card-frozen', 'person:dana'],
    ]);
  });

  it('a freeze works on a closed request too, and leaves the request as it was', () => {
    for (const request of CLOSED) {
      const change = changeOf(decideFreeze(request, facts()));
      expect(change.request).toBe(request);
      expect(change.card).toEqual({ state: 'frozen' });
    }
  });

  it('a freeze for somebody without a manager tells the others', () => {
    const change = changeOf(decideFreeze(waiting(), facts({ people: peopleBut({ emma: { managerId: null } }) })));
    expect(change.events?.map(({ recipient }) => recipient)).toEqual(['channel:security', 'person:emma']);
  });
});

describe('a deadline', () => {
  it('expires what nobody decided', () => {
    expect(kindsOf(atDeadline(waiting(), facts({ at: minute(60) })))).toEqual(['expired']);
    expect(changeOf(atDeadline(approved(), facts({ at: minute(60) }))).request.state).toBe('expired');
  });

  it('never approves', () => {
    for (const request of [opened(), waiting(), approved()]) {
      expect(changeOf(atDeadline(request, facts({ at: minute(500) }))).request.state).toBe('expired');
    }
  });

  it('closes a shown response with the outcome not known', () => {
    const change = changeOf(atDeadline(answered(), facts({ at: minute(18) })));
    expect(change.request).toMatchObject({ state: 'done', outcome: 'unconfirmed' });
    expect(change.entries).toMatchObject([{ kind: 'outcome', actor: 'system' }]);
  });

  it('of a response counts as a refused one where nobody said what became of it, until the helpdesk comes in', () => {
    const after = (card: Partial<CardFacts>) => changeOf(atDeadline(answered(), facts({ at: minute(18), card: { ...CARD, ...card } }))).card;
    expect(after({})).toEqual({ refusedResponses: 1 });
    expect(after({ refusedResponses: 2 })).toEqual({ refusedResponses: 3 });
    // From here on only what somebody saw counts: silence stops no card.
    expect(after({ refusedResponses: 3 })).toEqual({ refusedResponses: 3 });
    expect(after({ profile: BUILT_IN_PROFILES.find('canokey'), refusedResponses: 0 })).toEqual({ refusedResponses: 1 });
  });

  it('changes nothing on a closed request', () => {
    for (const request of CLOSED) expect(atDeadline(request, facts({ at: minute(500) }))).toHaveProperty('refused');
  });

  it('comes though the audit cannot be kept: an end is always safe', () => {
    expect(atDeadline(waiting(), facts({ at: minute(60), auditTrouble: 'audit-file' }))).toHaveProperty('request.state', 'expired');
  });
});

describe('whoever lost their standing', () => {
  it.each(['opened', 'awaiting-approval', 'approved', 'answered'] as const)('ends a request that is %s at the next step', (state) => {
    const request = { opened: opened(), 'awaiting-approval': waiting(), approved: approved(), answered: answered({ refusedAt: minute(4) }) }[state];
    const left = facts({ people: peopleBut({ emma: null }) });
    const frozen = facts({ card: { ...CARD, state: 'frozen' } });
    expect(changeOf(decideNewChallenge(request, left, { by: 'emma', challenge: OTHER_CHALLENGE, spend: CODE }))).toMatchObject({ request: { state: 'denied', why: 'person-inactive' } });
    const ended = changeOf(decideNewChallenge(request, frozen, { by: 'emma', challenge: OTHER_CHALLENGE, spend: CODE }));
    expect(ended).toMatchObject({ request: { state: 'cancelled', why: 'frozen' } });
    expect(ended).not.toHaveProperty('spend');
  });

  it('is not asked when the request is opened', () => {
    const people = peopleBut({ dana: { active: false } });
    expect(changeOf(decideProof(opened(), facts({ people }), proving)).recipients).toEqual(['person:emma', 'channel:helpdesk']);
  });
});
