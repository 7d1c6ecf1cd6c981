// Who may open a request, and what the right code brings.
import { describe, expect, it } from '@jest/globals';
import { BUILT_IN_PROFILES } from '../../src/card/profiles.js';
import type { DeskRefusal } from '../../src/unblock/decision.js';
import { decideCodesSpent, decideOpening, decideOpeningProved, decideOpeningUnproved, decideProof, UNPROVED_PER_DAY } from '../../src/unblock/opening.js';
import { decideNewChallenge } from '../../src/unblock/releasing.js';
import type { Facts } from '../../src/unblock/request-store.js';
import { CARD, changeOf, CHALLENGE, CODE, facts, loaded, minute, NO_COUNTS, NOBODY, opened, OTHER_CHALLENGE, peopleBut, policyOf, waiting } from './support.js';

const { policy } = loaded;
const draft = { id: 'request-1', cardId: 'card-1', requesterId: 'emma', challenge: CHALLENGE };
const opening = { draft, formId: 'form-1', reason: 'PIN forgotten', loaded };

const proving = { by: 'emma', policy: loaded.policy, spend: CODE, challenge: null, reason: 'PIN forgotten' };

describe('opening', () => {
  const open = (more: Partial<Facts> = {}, by = loaded) => decideOpening(facts({ at: minute(0), ...more }), { ...opening, loaded: by });

  it('makes a request that keeps what the policy asks for', () => {
    expect(changeOf(open()).request).toEqual(opened({ requirement: { rule: 'manager or helpdesk', stages: policy.rules[0]?.approvals ?? [], times: policy.times } }));
  });

  it('is audited with the rule and the reason, and with the challenge only as a hash', () => {
    const { entries } = changeOf(open());
    expect(entries).toMatchObject([{ kind: 'request-opened', actor: 'emma', facts: { rule: 'manager or helpdesk', reason: 'PIN forgotten' } }]);
    expect(entries[0]?.facts.challenge).toMatch(/^[0-9a-f]{32}$/);
    expect(JSON.stringify(entries).toUpperCase()).not.toContain(CHALLENGE);
  });

  it('bothers nobody before the code was right', () => {
    expect(changeOf(open())).not.toHaveProperty('recipients');
  });

  it.each<[string, Partial<Facts>, DeskRefusal]>([
    ['an audit that cannot be kept', { auditTrouble: 'audit-behind' }, 'audit-unavailable'],
    ['a challenge that was answered before', { challengeAnswered: true }, 'challenge-answered'],
    ['the fifth request of a person before, today', { counts: { ...NO_COUNTS, personRequestsToday: 5 } }, 'too-many-requests'],
    ['the fifth response of a card before, today', { counts: { ...NO_COUNTS, cardResponsesToday: 5 } }, 'card-limit'],
    ['a breaker that is open', { breaker: { why: 'hour', since: 0 } }, 'breaker-open'],
    ['a policy that was applied meanwhile', { policyInForce: 'policy-2' }, 'policy-not-in-force'],
    ['a frozen card', { card: { ...CARD, state: 'frozen' } }, 'card-frozen'],
    ["somebody else's card", { card: { ...CARD, holderId: 'eve' } }, 'not-your-card'],
    ["nobody's card", { card: { ...CARD, holderId: null } }, 'not-your-card'],
    ['a person who is not active', { people: peopleBut({ emma: { active: false } }) }, 'person-inactive'],
    ['a person who left', { people: peopleBut({ emma: null }) }, 'person-inactive'],
    ['a card at its limit', { card: { ...CARD, refusedResponses: 5 } }, 'card-stopped'],
    ['a card whose PUK was shown', { card: { ...CARD, state: 'puk-shown' } }, 'puk-shown'],
    ['a card that nobody has committed', { card: { ...CARD, state: 'waiting' } }, 'card-waiting'],
  ])('is refused for %s', (_, more, refused) => {
    expect(open(more)).toEqual({ refused });
  });

  it.each<[string, Partial<Facts>]>([
    ['the fifth request of a person today', { counts: { ...NO_COUNTS, personRequestsToday: 4 } }],
    ['the fifth response of a card today', { counts: { ...NO_COUNTS, cardResponsesToday: 4 } }],
    ['the policy that is in force', { policyInForce: 'policy-1' }],
    ['the twentieth response in an hour', { counts: { ...NO_COUNTS, responsesLastHour: 19 } }],
    ['a card that refused two responses', { card: { ...CARD, refusedResponses: 2 } }],
  ])('is still allowed for %s', (_, more) => {
    expect(open(more)).toHaveProperty('request.state', 'opened');
  });

  it('is refused where nobody could approve, naming who is missing', () => {
    const nobodyThere = peopleBut({ dana: null, sam: { groups: [] }, priya: { active: false } });
    expect(open({ people: nobodyThere })).toEqual({ refused: 'no-approver', detail: { missing: 'manager, helpdesk' } });
  });

  it('is refused where only the requester could approve', () => {
    const alone = peopleBut({ emma: { managerId: 'emma', groups: ['helpdesk'] }, sam: null, priya: null });
    expect(open({ people: alone })).toHaveProperty('refused', 'no-approver');
  });

  it('for a card near its limit asks the helpdesk beside the manager', () => {
    const { requirement } = changeOf(open({ card: { ...CARD, refusedResponses: 3 } })).request;
    expect(requirement.stages).toEqual([{ from: ['helpdesk'], count: 1 }]);
    const managers = { ...loaded, policy: policyOf('version: 1\nrules:\n  - name: m\n    approvals:\n      - from: [manager]\n') };
    const both = changeOf(open({ card: { ...CARD, refusedResponses: 3 } }, managers)).request.requirement.stages;
    expect(both).toEqual([{ from: ['manager'], count: 1 }, { from: ['helpdesk'], count: 1 }]);
    expect(open({ card: { ...CARD, refusedResponses: 3 }, people: peopleBut({ sam: null, priya: null }) })).toEqual({
      refused: 'no-approver',
      detail: { missing: 'helpdesk' },
    });
  });

  it('for a card that nothing unblocks says what to do instead', () => {
    const card = { ...CARD, unlock: 'not-recoverable' as const, profile: BUILT_IN_PROFILES.find('tpm-virtual-random') };
    expect(open({ card })).toEqual({ refused: 'not-recoverable', detail: { instead: card.profile?.instead } });
    expect(card.profile?.instead).toMatch(/\w/);
  });

  it('for a card that asks for its PUK keeps no challenge', () => {
    const card = { ...CARD, unlock: 'puk' as const };
    const change = changeOf(decideOpening(facts({ at: minute(0), card }), { ...opening, draft: { ...draft, challenge: null } }));
    expect(change.request).toMatchObject({ state: 'opened', challenge: null });
    expect(change.entries[0]?.facts).not.toHaveProperty('challenge');
  });

  it('is refused where one person would have to be two', () => {
    const two = { ...loaded, policy: policyOf('version: 1\nrules:\n  - name: two\n    approvals:\n      - from: [helpdesk]\n        count: 2\n') };
    expect(open({}, two)).toHaveProperty('request');
    expect(open({ people: peopleBut({ priya: null }) }, two)).toEqual({ refused: 'no-approver', detail: { missing: 'helpdesk' } });
  });

  it('is refused where no rule fits', () => {
    const admins = { ...loaded, policy: policyOf('version: 1\nrules:\n  - name: admins\n    when:\n      groups: [admins]\n    approvals:\n      - from: [manager]\n') };
    expect(open({}, admins)).toEqual({ refused: 'no-rule' });
    expect(open({ people: peopleBut({ emma: { groups: ['admins'] } }) }, admins)).toHaveProperty('request.requirement.rule', 'admins');
  });
});

describe('opening with a wrong code', () => {
  const counts = (personUnprovedToday: number) => facts({ at: minute(0), counts: { ...NO_COUNTS, personUnprovedToday } });

  it('leaves a request behind so often in a day and no more, whatever the right ones were', () => {
    expect(decideOpeningUnproved(counts(UNPROVED_PER_DAY - 1), opening)).toHaveProperty('request.state', 'opened');
    expect(decideOpeningUnproved(counts(UNPROVED_PER_DAY), opening)).toEqual({ refused: 'code-not-accepted' });
    expect(decideOpeningProved(counts(UNPROVED_PER_DAY), opening, CODE)).toHaveProperty('request.state', 'awaiting-approval');
  });
});

describe('what an agent asks for', () => {
  const asked = { ...opening, draft: { ...draft, agentId: 'sam' } };

  it('is audited as done by the agent, for the person', () => {
    const { entries } = changeOf(decideOpeningProved(facts({ at: minute(0) }), asked, CODE));
    expect(entries).toMatchObject([
      { kind: 'request-opened', actor: 'sam', personId: 'emma', facts: { agent: 'sam' } },
      { kind: 'identity-proved', actor: 'sam', personId: 'emma', facts: { agent: 'sam' } },
    ]);
    expect(changeOf(decideCodesSpent(opened({ agentId: 'sam' }), facts(), 'sam')).entries).toMatchObject([{ kind: 'failed', actor: 'sam', personId: 'emma' }]);
  });

  it('gets a new challenge by whoever typed it, the agent or the person', () => {
    const request = waiting({ agentId: 'sam' });
    for (const by of ['sam', 'emma']) {
      const { entries } = changeOf(decideNewChallenge(request, facts(), { by, challenge: OTHER_CHALLENGE, spend: CODE }));
      expect(entries).toMatchObject([{ kind: 'challenge-replaced', actor: by, personId: 'emma', facts: { agent: 'sam' } }]);
    }
  });
});

describe('opening with the right code', () => {
  it('is opening and proving in one step, each with its entry', () => {
    const change = changeOf(decideOpeningProved(facts({ at: minute(0) }), opening, CODE));
    expect(change.request).toMatchObject({ state: 'awaiting-approval', version: 2, provedAt: minute(0), reason: 'PIN forgotten' });
    expect(change.entries.map(({ kind }) => kind)).toEqual(['request-opened', 'identity-proved']);
    expect(change.recipients).toEqual(['person:emma', 'person:dana', 'channel:helpdesk']);
    expect(change.spend).toBe(CODE);
  });

  it('of a request that waited counts against the day as one that is new', () => {
    const counts = { ...NO_COUNTS, personRequestsToday: 5 };
    expect(decideProof(opened(), facts({ counts }), proving)).toEqual({ refused: 'too-many-requests' });
  });

  it('is refused for whatever opening is refused for, and for the code of somebody else', () => {
    expect(decideOpeningProved(facts({ auditTrouble: 'audit-file' }), opening, CODE)).toEqual({ refused: 'audit-unavailable' });
    expect(decideOpeningProved(facts({ at: minute(0) }), opening, { ...CODE, personId: 'eve' })).toEqual({ refused: 'not-your-request' });
  });
});

describe('the right code', () => {
  it('asks the manager in person and the helpdesk in its channel, and shows the requester their status', () => {
    const change = changeOf(decideProof(opened(), facts(), proving));
    expect(change.request).toMatchObject({ state: 'awaiting-approval', provedAt: minute(5) });
    expect(change.recipients).toEqual(['person:emma', 'person:dana', 'channel:helpdesk']);
    expect(change.spend).toBe(CODE);
    expect(change.entries).toMatchObject([{ kind: 'identity-proved', facts: { factor: 'totp' } }]);
  });

  it('asks members of a named group in person, and never the requester', () => {
    const requirement = { ...opened().requirement, stages: [{ from: ['group:security' as const], count: 1 }] };
    const people = peopleBut({ emma: { groups: ['security'] }, eve: { groups: ['Security'] }, sam: { groups: ['security'], active: false } });
    expect(changeOf(decideProof(opened({ requirement }), facts({ people }), proving)).recipients).toEqual(['person:emma', 'person:eve']);
  });

  it('approves at once, and tells nobody else, where the policy asks nobody', () => {
    const change = changeOf(decideProof(opened({ requirement: NOBODY }), facts(), proving));
    expect(change.request.state).toBe('approved');
    expect(change.recipients).toEqual(['person:emma']);
  });

  it('takes a corrected challenge with it', () => {
    expect(changeOf(decideProof(opened(), facts(), { ...proving, challenge: OTHER_CHALLENGE })).request).toMatchObject({ challenge: OTHER_CHALLENGE });
    expect(decideProof(opened(), facts({ challengeAnswered: true }), { ...proving, challenge: OTHER_CHALLENGE })).toEqual({ refused: 'challenge-answered' });
  });

  it('counts for what was written with it: an earlier reason in the dialog is forgotten, and the change audited', () => {
    const change = changeOf(decideProof(opened(), facts(), { ...proving, reason: 'Blocked since Monday' }));
    expect(change.request).toMatchObject({ state: 'awaiting-approval', reason: 'Blocked since Monday' });
    expect(change.entries).toMatchObject([{ kind: 'identity-proved', facts: { reason: 'Blocked since Monday' } }]);
  });

  it('is worth nothing where the audit cannot be kept', () => {
    expect(decideProof(opened(), facts({ auditTrouble: 'audit-file' }), proving)).toEqual({ refused: 'audit-unavailable' });
  });
});

describe('the third wrong code', () => {
  it('ends the request, and the requester sees it', () => {
    const change = changeOf(decideCodesSpent(opened(), facts(), 'emma'));
    expect(change.request).toMatchObject({ state: 'failed', why: 'wrong-codes' });
    expect(change.recipients).toEqual(['person:emma']);
    expect(change.entries).toMatchObject([{ kind: 'failed', facts: { why: 'wrong-codes' } }]);
  });
});
