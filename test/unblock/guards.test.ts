// A new authenticator opens nothing without the helpdesk, and a rule may ask for both codes.
import { describe, expect, it } from '@jest/globals';
import { HOUR_MS } from '../../src/lib/clock.js';
import { coolsOffUntil, guardsOf } from '../../src/unblock/guards.js';
import { decideOpening, decideProof } from '../../src/unblock/opening.js';
import type { Facts } from '../../src/unblock/request-store.js';
import { CARD, changeOf, CHALLENGE, CODE, facts, loaded, minute, peopleBut, policyOf } from './support.js';

const draft = { id: 'request-1', cardId: 'card-1', requesterId: 'emma', challenge: CHALLENGE };
const NOW = minute(5);
const young = { authenticatorSince: NOW - 23 * HOUR_MS };
const DESK = { from: ['helpdesk'], count: 1 };
const RULES = 'rules: [{ name: all, approvals: [{ from: [manager] }] }]';

function open(more: Partial<Facts>, text?: string) {
  const by = text === undefined ? loaded : { policy: policyOf(`version: 1\n${text}`), hash: 'policy-1' };
  return decideOpening(facts(more), { draft, formId: 'form-1', reason: 'PIN forgotten', loaded: by });
}

describe('an authenticator', () => {
  it.each([
    ['is new for its first day', 24, 23, true],
    ['is new until the last millisecond', 24, 24 - 1 / HOUR_MS, true],
    ['is not new after a day', 24, 24, false],
    ['is never new where the policy says 0 hours', 0, 0, false],
    ['is new for as long as the policy says', 72, 71, true],
  ])('%s', (_what, hours, age, isNew) => {
    const policy = policyOf(`version: 1\nstepUp: { coolingOffHours: ${hours} }\n${RULES}`);
    const asked = { at: NOW, card: CARD, authenticatorSince: NOW - age * HOUR_MS };
    expect(guardsOf(policy, asked)).toEqual(isNew ? ['new-authenticator'] : []);
    expect(coolsOffUntil(policy, asked)).toBe(isNew ? asked.authenticatorSince + hours * HOUR_MS : null);
  });

  it('that somebody does not have is not new: there is no code to open with', () => {
    expect(guardsOf(loaded.policy, { at: NOW, card: CARD, authenticatorSince: null })).toEqual([]);
  });
});

describe('a request with a new authenticator', () => {
  it('needs somebody of the helpdesk, where the rule would take the manager alone', () => {
    expect(changeOf(open({})).request.requirement.stages).toEqual([{ from: ['manager', 'helpdesk'], count: 1 }]);
    expect(changeOf(open(young)).request.requirement.stages).toEqual([DESK]);
    expect(changeOf(open(young, RULES)).request.requirement.stages).toEqual([{ from: ['manager'], count: 1 }, DESK]);
  });

  it('needs them even where the rule asks nobody', () => {
    const text = 'rules: [{ name: all, approvals: [], iAcceptNoApproval: true }]';
    expect(changeOf(open({}, text)).request.requirement.stages).toEqual([]);
    expect(changeOf(open(young, text)).request.requirement.stages).toEqual([DESK]);
  });

  it('says so in the audit', () => {
    expect(changeOf(open(young)).entries[0]?.facts).toMatchObject({ guards: ['new-authenticator'] });
    expect(changeOf(open({})).entries[0]?.facts).not.toHaveProperty('guards');
  });

  it('is refused with the hours until it works where there is no helpdesk', () => {
    const people = peopleBut({ sam: null, priya: null });
    expect(open({ ...young, people })).toEqual({ refused: 'authenticator-too-new', detail: { hours: '1' } });
    expect(open({ people })).toHaveProperty('request.state', 'opened');
  });

  it('is refused for the missing role where the rule by itself misses somebody', () => {
    const people = peopleBut({ dana: null, sam: null, priya: null });
    expect(open({ ...young, people })).toMatchObject({ refused: 'no-approver' });
  });
});

describe('a rule that asks for a recovery code beside the code', () => {
  const text = 'rules: [{ name: all, approvals: [{ from: [manager] }], stepUp: code-and-recovery-code }]';
  const request = changeOf(open({}, text)).request;
  const prove = (spend: typeof CODE) => decideProof(request, facts(), { by: 'emma', policy: loaded.policy, spend, challenge: null, reason: 'PIN forgotten' });
  const both = { kind: 'code-and-recovery-code', authenticatorId: 'a', personId: 'emma', step: 1n, recoveryCodeId: 'r', counted: [] } as const;
  const recovery = { kind: 'recovery', authenticatorId: 'a', personId: 'emma', recoveryCodeId: 'r', counted: [] } as const;

  it('is kept by the request from its opening on', () => {
    expect(request.requirement.recoveryCode).toBe(true);
    expect(changeOf(open({})).request.requirement).not.toHaveProperty('recoveryCode');
  });

  it('takes neither of them alone', () => {
    expect(prove(CODE)).toEqual({ refused: 'recovery-code-needed' });
    expect(prove(recovery)).toEqual({ refused: 'recovery-code-needed' });
  });

  it('takes both together, and tells of the recovery code', () => {
    const change = changeOf(prove(both));
    expect(change.request.state).toBe('awaiting-approval');
    expect(change.entries[0]?.facts).toMatchObject({ factor: 'code-and-recovery-code' });
    expect(change.events?.map(({ kind }) => kind)).toContain('recovery-code-used');
  });
});
