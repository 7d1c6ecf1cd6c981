// Number match, as rules: what is drawn, what counts as a miss, and what a miss changes.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Requirement } from '../../src/approval/requirement.js';
import { decideNumberDrawn, decideNumberMissed, drawNumbers, numberMatchOf, plainNumber } from '../../src/unblock/number-match.js';
import { decideOpening } from '../../src/unblock/opening.js';
import type { NumberMatch } from '../../src/unblock/request.js';
import { decideApprove } from '../../src/unblock/voting.js';
import { approved, changeOf, CLOSED, codeOf, facts, ONE_OF_EITHER, policyOf, waiting } from './support.js';

const ASKS: Requirement = { ...ONE_OF_EITHER, numberMatch: true };
const OF_DANA: NumberMatch = { approverId: 'dana', number: '47', misses: 0, missed: null };
const numbered = (more: Partial<NumberMatch> = {}) => waiting({ requirement: ASKS, numbers: [{ ...OF_DANA, ...more }] });
const typed = (number: string) => ({ typed: number, drawn: ['47', number, '83'] });

describe('a number', () => {
  it('has two digits, and three different ones are drawn', () => {
    const seen = new Set<string>();
    for (let round = 0; round < 300; round += 1) {
      const drawn = drawNumbers();
      expect(new Set(drawn).size).toBe(3);
      for (const number of drawn) {
        expect(number).toMatch(/^[1-9][0-9]$/);
        seen.add(number);
      }
    }
    expect(seen.size).toBe(90);
  });

  it('is read with blanks and full-width digits, and as nothing where it has not two digits', () => {
    expect(['47', ' 4 7 ', '４７'].map(plainNumber)).toEqual(['47', '47', '47']);
    expect(['', '4', '470', 'ab', '4a', '-7'].map(plainNumber)).toEqual(['', '', '', '', '', '']);
  });
});

describe('an approver who opens the dialog', () => {
  const draw = (by: string, request = waiting({ requirement: ASKS })) => decideNumberDrawn(request, facts(), by, ['47']);

  it('gets a number, which the audit does not hold', () => {
    const change = changeOf(draw('dana'));
    expect(numberMatchOf(change.request, 'dana')).toEqual(OF_DANA);
    expect(JSON.stringify(change.entries)).not.toContain('47');
    expect(change.entries).toMatchObject([{ kind: 'number-drawn', actor: 'dana' }]);
  });

  it('gets none where they have no say, where the rule asks for none, or where they have one', () => {
    expect(draw('eve')).toEqual({ refused: 'not-your-decision' });
    expect(draw('emma')).toEqual({ refused: 'not-your-decision' });
    expect(draw('dana', waiting())).toEqual({ refused: 'not-your-decision' });
    expect(draw('dana', numbered())).toEqual({ refused: 'not-now' });
    const both = waiting({ requirement: { ...ASKS, stages: [{ from: ['manager', 'helpdesk'], count: 2 }] }, approvals: [{ approverId: 'dana', at: 1 }] });
    expect(draw('dana', both)).toEqual({ refused: 'already-approved' });
  });
});

describe('a vote with a number', () => {
  const approve = (number: string | null, request = numbered()) =>
    decideApprove(request, facts(), { by: 'dana', spend: codeOf('dana'), number: number === null ? null : typed(number) });

  it('counts with the right one, which is gone with it', () => {
    const change = changeOf(approve('47'));
    expect(change.request.state).toBe('approved');
    expect(change.spend).toEqual(codeOf('dana'));
    expect(JSON.stringify(change.request)).not.toContain('"numbers"');
  });

  it('with any other number spends no code, approves nothing, and is answered as a miss', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[0-9]{2}$/), (number) => {
        const change = changeOf(approve(number));
        if (number === '47') return;
        expect(change).toMatchObject({ refuses: 'number-not-accepted', request: { state: 'awaiting-approval', approvals: [] } });
        expect(change.spend).toBeUndefined();
      }),
    );
  });

  it('is never given without one', () => {
    expect(approve(null)).toEqual({ refused: 'not-now' });
    expect(approve('47', waiting({ requirement: ASKS }))).toEqual({ refused: 'not-now' });
  });

  it('is over after two misses, the right number or not', () => {
    expect(approve('47', numbered({ misses: 2 }))).toEqual({ refused: 'vote-ended' });
  });
});

describe('a miss', () => {
  const miss = (number: string, request = numbered()) => decideNumberMissed(request, facts(), 'dana', typed(number));

  it('brings another number, neither the one before nor the one that was typed', () => {
    const change = changeOf(miss('11'));
    expect(numberMatchOf(change.request, 'dana')).toEqual({ approverId: 'dana', number: '83', misses: 1, missed: '11' });
    expect(change.entries).toMatchObject([{ kind: 'code-refused', facts: { purpose: 'vote' } }]);
    expect(JSON.stringify(change.entries)).not.toMatch(/47|83|"11"/);
  });

  it('is one with a wrong code, though the number was right', () => {
    expect(numberMatchOf(changeOf(miss('47')).request, 'dana')).toMatchObject({ number: '83', misses: 1 });
  });

  it('ends the vote the second time, and no third one counts', () => {
    expect(changeOf(miss('11', numbered({ misses: 1 }))).refuses).toBe('vote-ended');
    expect(miss('11', numbered({ misses: 2 }))).toEqual({ refused: 'vote-ended' });
  });

  it('leaves the numbers of other approvers alone', () => {
    const sams: NumberMatch = { ...OF_DANA, approverId: 'sam' };
    const { request } = changeOf(miss('11', waiting({ requirement: ASKS, numbers: [OF_DANA, sams] })));
    expect(numberMatchOf(request, 'sam')).toEqual(sams);
  });

  it('changes nothing where nothing is decided any more, or cannot be kept', () => {
    for (const request of CLOSED) expect(decideNumberMissed(request, facts(), 'dana', typed('11'))).toEqual({ refused: 'request-closed' });
    expect(decideNumberMissed(approved(), facts(), 'dana', typed('11'))).toEqual({ refused: 'already-approved' });
    expect(decideNumberMissed(numbered(), facts({ auditTrouble: 'audit-file' }), 'dana', typed('11'))).toEqual({ refused: 'audit-unavailable' });
  });
});

describe('a request for a caller without a chat account', () => {
  const policy = policyOf('version: 1\nrules: [{ name: one, numberMatch: true, approvals: [{ from: [manager, helpdesk] }] }]\n');
  const open = (requesterInChat: boolean, agentId?: string) =>
    decideOpening(facts({ requesterInChat }), {
      draft: { id: 'r', cardId: 'card-1', requesterId: 'emma', challenge: '1603EBDF1C8A2E72', ...(agentId === undefined ? {} : { agentId }) },
      formId: 'form-2',
      reason: 'PIN forgotten',
      loaded: { policy, hash: 'policy-1' },
    });

  it('is refused where the rule asks for a number, and only then', () => {
    expect(open(false, 'sam')).toEqual({ refused: 'number-needs-chat' });
    expect(open(true, 'sam')).toHaveProperty('request.requirement.numberMatch', true);
    expect(open(false)).toHaveProperty('request.state', 'opened');
  });
});
