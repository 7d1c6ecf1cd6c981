// The breaker: which step meets a limit of the organisation first, and what is refused while it is open.
import { describe, expect, it } from '@jest/globals';
import { limitReached, stoppedByBreaker } from '../../src/unblock/breaker.js';
import { decideOpening, decideOpeningUnproved, type Opening } from '../../src/unblock/opening.js';
import { CARD, CHALLENGE, changeOf, facts, loaded, NO_COUNTS, policyOf } from './support.js';

const NIGHTLY = policyOf(`version: 1
limits: { unblocksPerHour: 20, unblocksPerNight: 3 }
night: { timeZone: Europe/Zurich }
rules: [{ name: all, approvals: [{ from: [helpdesk] }] }]
`);
const BY_DAY = policyOf('version: 1\nrules: [{ name: all, approvals: [{ from: [helpdesk] }] }]\n');

function opening(more: Partial<Opening> = {}): Opening {
  const draft = { id: 'request-1', cardId: 'card-1', requesterId: 'emma', challenge: CHALLENGE };
  return { draft, formId: 'form-1', reason: 'PIN forgotten', loaded, ...more };
}

describe('the limits of the organisation', () => {
  it.each([
    [0, 19, null],
    [0, 20, { refused: 'breaker-open', detail: { reached: 'hour' } }],
    [2, 2, null],
    [3, 3, { refused: 'breaker-open', detail: { reached: 'night' } }],
  ])('with %s tonight and %s in the last hour', (responsesTonight, responsesLastHour, verdict) => {
    expect(stoppedByBreaker(facts({ counts: { ...NO_COUNTS, responsesTonight, responsesLastHour } }), NIGHTLY)).toEqual(verdict);
  });

  it('have none for nights where the policy gives none', () => {
    expect(stoppedByBreaker(facts({ counts: { ...NO_COUNTS, responsesTonight: 9_999 } }), BY_DAY)).toBeNull();
  });

  it('are met once: an open breaker is refused without naming a limit', () => {
    const met = stoppedByBreaker(facts({ counts: { ...NO_COUNTS, responsesLastHour: 20 } }), NIGHTLY);
    const after = stoppedByBreaker(facts({ counts: { ...NO_COUNTS, responsesLastHour: 20 }, breaker: { why: 'hour', since: 1 } }), NIGHTLY);
    expect([met, after].map((one) => (one === null ? null : limitReached(one)))).toEqual(['hour', null]);
    expect(limitReached({ refused: 'card-limit', detail: { reached: 'hour' } })).toBeNull();
    expect(limitReached({ refused: 'breaker-open', detail: { reached: 'year' } })).toBeNull();
  });

  it('are not met by somebody whose code was wrong', () => {
    const many = facts({ counts: { ...NO_COUNTS, responsesLastHour: 20 } });
    expect(decideOpening(many, opening())).toEqual({ refused: 'breaker-open', detail: { reached: 'hour' } });
    expect(decideOpeningUnproved(many, opening())).toEqual({ refused: 'breaker-open' });
  });
});

describe('a policy that refuses federal PIV cards', () => {
  const strict = { policy: policyOf('version: 1\nfips201: refuse\nrules: [{ name: all, approvals: [{ from: [helpdesk] }] }]\n'), hash: 'policy-1' };

  it.each(['us-cac', 'piv-puk', 'piv-3des'])('opens nothing for %s', (profileId) => {
    expect(decideOpening(facts({ card: { ...CARD, profileId } }), opening({ loaded: strict }))).toEqual({ refused: 'fips201' });
    expect(decideOpening(facts({ card: { ...CARD, profileId } }), opening())).toHaveProperty('request');
  });

  it('opens requests for other cards', () => {
    expect(decideOpening(facts(), opening({ loaded: strict }))).toHaveProperty('request');
  });
});

describe('the sponsor of a card', () => {
  const bySponsor = { policy: policyOf('version: 1\nrules: [{ name: shared, when: { cardTags: [Privileged] }, approvals: [{ from: [card-sponsor] }] }]\n'), hash: 'policy-1' };
  const card = { ...CARD, tags: ['privileged'] };

  it('is asked, is kept with the request, and is in the audit with the tags', () => {
    const { request, entries } = changeOf(decideOpening(facts({ card: { ...card, sponsorId: 'eve' } }), opening({ loaded: bySponsor })));
    expect(request.requirement).toMatchObject({ rule: 'shared', sponsor: 'eve' });
    expect(entries[0]?.facts).toMatchObject({ cardTags: ['privileged'] });
  });

  it.each([
    ['there is none', null],
    ['it is the person who asks', 'emma'],
    ['they left', 'nobody'],
  ])('is missing where %s', (_, sponsorId) => {
    expect(decideOpening(facts({ card: { ...card, sponsorId } }), opening({ loaded: bySponsor }))).toEqual({ refused: 'no-approver', detail: { missing: 'card-sponsor' } });
  });

  it('is not asked for a card without the tag', () => {
    expect(decideOpening(facts({ card: { ...CARD, sponsorId: 'eve' } }), opening({ loaded: bySponsor }))).toEqual({ refused: 'no-rule' });
  });
});
