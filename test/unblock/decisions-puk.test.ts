// A card that is unblocked by its PUK: shown through the same gate as a response, and once.
import { describe, expect, it } from '@jest/globals';
import { decideOutcome } from '../../src/unblock/ending.js';
import { decideNewChallenge, decideRelease } from '../../src/unblock/releasing.js';
import type { CardFacts } from '../../src/unblock/request-store.js';
import { answered, approved, byId, CARD, changeOf, CODE, facts, loaded, minute, OTHER_CHALLENGE, PEOPLE, person } from './support.js';

const PUK_CARD: CardFacts = { ...CARD, unlock: 'puk', state: 'active' };
const SHOWN: CardFacts = { ...PUK_CARD, state: 'puk-shown' };
const noProof = { loaded, by: 'emma', spend: null, challenge: null };

describe('a PUK', () => {
  const released = () => changeOf(decideRelease(approved({ challenge: null }), facts({ card: PUK_CARD }), noProof));

  it('is released through the gate of a response, and the card then takes no further request', () => {
    const change = released();
    expect(change.request).toMatchObject({ state: 'answered', challenge: null });
    expect(change.answered).toBeNull();
    expect(change.card).toEqual({ state: 'puk-shown' });
    expect(change.entries).toMatchObject([{ kind: 'released', facts: { method: 'puk' } }]);
  });

  it('that was shown is told to the helpdesk and to the administrators', () => {
    const people = byId([...PEOPLE, person('ada', { groups: ['Administrators'] }), person('old', { groups: ['administrators'], active: false })]);
    const change = changeOf(decideRelease(approved({ challenge: null }), facts({ card: PUK_CARD, people }), noProof));
    expect(change.events?.map(({ kind, recipient }) => [kind, recipient])).toEqual([
      ['puk-shown', 'channel:helpdesk'],
      ['puk-shown', 'person:ada'],
    ]);
  });

  it('that was shown before is shown for no other request', () => {
    expect(decideRelease(approved({ challenge: null }), facts({ card: PUK_CARD, challengeAnswered: true }), noProof)).toEqual({ refused: 'puk-shown' });
  });

  it('is shown again inside its window, and not after it', () => {
    const again = decideRelease(answered({ challenge: null }), facts({ card: SHOWN, at: minute(7) }), noProof);
    expect(again).toHaveProperty('request.timesShown', 2);
    expect(again).not.toHaveProperty('answered');
    expect(decideRelease(answered({ challenge: null }), facts({ card: SHOWN, at: minute(9) }), noProof)).toEqual({ refused: 'not-now' });
  });

  it('that the card refused ends the request: there is no second try', () => {
    const change = changeOf(decideOutcome(answered({ challenge: null }), facts({ card: SHOWN, at: minute(7) }), false, 'emma'));
    expect(change.request).toMatchObject({ state: 'failed', why: 'response-refused' });
    expect(change.card).toEqual({ refusedResponses: 1 });
  });

  it('that worked leaves the card waiting for a new PUK', () => {
    const change = changeOf(decideOutcome(answered({ challenge: null }), facts({ card: SHOWN, at: minute(7) }), true, 'emma'));
    expect(change.request).toMatchObject({ state: 'done', outcome: 'worked' });
    expect(change.card).not.toHaveProperty('state');
  });

  it('has no challenge that could be replaced', () => {
    expect(decideNewChallenge(approved({ challenge: null }), facts({ card: PUK_CARD }), { by: 'emma', challenge: OTHER_CHALLENGE, spend: CODE })).toEqual({ refused: 'not-now' });
    const refused = answered({ challenge: null, refusedAt: minute(7) });
    expect(decideNewChallenge(refused, facts({ card: { ...SHOWN, state: 'active' }, at: minute(7) }), { by: 'emma', challenge: OTHER_CHALLENGE, spend: CODE })).toEqual({ refused: 'not-now' });
  });
});
