// What an opening would come to, told without opening anything.
import { describe, expect, it } from '@jest/globals';
import { isRefused } from '../../src/lib/refusal.js';
import { decideOpening } from '../../src/unblock/opening.js';
import { explainOpening } from '../../src/unblock/explain.js';
import { CARD, changeOf, facts, minute, peopleBut, policyOf } from './support.js';

const POLICY = policyOf(`
version: 1
times: { remindMinutes: 10 }
rules:
  - { name: hr, when: { groups: [hr], profiles: [gids] }, approvals: [{ from: ['group:hr'] }] }
  - { name: often, when: { unblocksInDays: { days: 7, atLeast: 2 } }, approvals: [{ from: [helpdesk], count: 2 }] }
  - { name: all, approvals: [{ from: [manager, helpdesk] }] }
`);

function explain(more: Parameters<typeof facts>[0] = {}) {
  const given = facts(more);
  return explainOpening(given, { policy: POLICY, person: given.people.get('emma'), platform: null, requesterId: 'emma' });
}

describe('explainOpening', () => {
  it('names the rule, why not those before it, and who would be asked as what', () => {
    const { passedOver, decides } = explain();
    expect(passedOver).toEqual([{ rule: 'hr', because: 'groups' }, { rule: 'often', because: 'unblocksInDays' }]);
    expect(decides).toMatchObject({
      requirement: { rule: 'all' },
      guards: [],
      asked: [{ id: 'dana', as: ['manager'], inPlaceOf: [] }, { id: 'priya', as: ['helpdesk'], inPlaceOf: [] }, { id: 'sam', as: ['helpdesk'], inPlaceOf: [] }],
      missing: [],
      remindsAt: minute(15),
      expiresAt: minute(65),
    });
  });

  it('says that a federal PIV card is refused at once, where the policy says so', () => {
    const given = facts({ card: { ...CARD, profileId: 'us-cac', tags: ['vault'] } });
    const strict = { ...POLICY, fips201: 'refuse' as const };
    const asking = { person: given.people.get('emma'), platform: null, requesterId: 'emma' };
    expect(explainOpening(given, { policy: strict, ...asking })).toMatchObject({ refusedAsFederalPiv: true, looked: { cardTags: ['vault'] } });
    expect(explainOpening(given, { policy: POLICY, ...asking }).refusedAsFederalPiv).toBe(false);
  });

  it('names who is missing', () => {
    const counts = { cardResponsesToday: 0, personRequestsToday: 0, personUnprovedToday: 0, personRequestsThisWeek: 2, personRequestsThisMonth: 2, responsesLastHour: 0, responsesTonight: 0 };
    expect(explain({ counts, people: peopleBut({ sam: null }) }).decides).toMatchObject({ requirement: { rule: 'often' }, missing: ['helpdesk'] });
  });

  it('says the same as the opening itself, near the limit of a card too', () => {
    for (const refusedResponses of [0, 3, 4]) {
      const given = facts({ card: { ...CARD, refusedResponses } });
      const draft = { id: 'r', cardId: CARD.id, requesterId: 'emma', challenge: null };
      const opened = decideOpening(given, { draft, formId: 'f', reason: 'x', loaded: { policy: POLICY, hash: 'h' } });
      expect(isRefused(opened)).toBe(false);
      const { decides } = explain({ card: { ...CARD, refusedResponses } });
      expect(changeOf(opened).request.requirement).toEqual(decides?.requirement);
      expect(decides?.guards).toEqual(refusedResponses > 0 ? ['near-limit'] : []);
    }
  });

  it('says that no rule matches', () => {
    const given = facts();
    const policy = policyOf('version: 1\nrules:\n  - { name: hr, when: { groups: [hr] }, approvals: [{ from: [helpdesk] }] }\n');
    expect(explainOpening(given, { policy, person: given.people.get('emma'), platform: null, requesterId: 'emma' }).decides).toBeNull();
  });
});
