// The rules of sealed codes: what they do to a request, what they cannot, who is told and who acknowledges it.
import { describe, expect, it } from '@jest/globals';
import { asksHelpdesk, withBreakGlass } from '../../src/approval/requirement.js';
import { isRefused } from '../../src/lib/refusal.js';
import { AT_THE_SERVER, type Breaking, decideBreakGlass, decideSealedOpening, partakersOf, readersOf } from '../../src/unblock/break-glass.js';
import { parseRequest } from '../../src/unblock/request.js';
import { decideRelease } from '../../src/unblock/releasing.js';
import { decideApprove, decideDeny } from '../../src/unblock/voting.js';
import { answered, approved, byId, CARD, changeOf, CLOSED, CODE, codeOf, facts, loaded, minute, opened, ONE_OF_EITHER, PEOPLE, peopleBut, person, TWO_AT_THE_DESK, waiting } from './support.js';

const WITH_ADMIN = byId([...PEOPLE, person('liam'), person('ada', { groups: ['Administrators'] })]);
const WELL = facts({ people: WITH_ADMIN });

function breaking(more: Partial<Breaking> = {}, owners: readonly string[] = ['eve', 'liam']): Breaking {
  const spend = { setId: 'set-1', codes: owners.map((personId, at) => ({ id: `code-${at}`, personId })), counted: ['sealed:2026-06-01'] };
  return { spend, reason: 'the directory is down', place: 'playground', by: 'eve', named: ['eve', 'liam'], people: 2, policyHash: loaded.hash, ...more };
}

describe('two sealed codes', () => {
  it.each([
    ['nobody agreed yet', waiting()],
    ['one of two agreed', waiting({ requirement: TWO_AT_THE_DESK, approvals: [{ approverId: 'sam', at: minute(2) }] })],
    ['everybody agreed already', approved()],
    ['a number is asked for', waiting({ requirement: { ...ONE_OF_EITHER, numberMatch: true } })],
  ])('approve a request where %s', (_, request) => {
    const change = changeOf(decideBreakGlass(request, WELL, breaking()));
    expect(change.request).toMatchObject({ state: 'approved', requirement: { breakGlass: ['eve', 'liam'] } });
    expect(change.glass?.spend.codes).toHaveLength(2);
    expect(change.entries.map(({ kind, actor }) => `${kind} ${actor ?? ''}`)).toEqual(['vote eve', 'vote liam', 'approval-complete eve', 'break-glass-used eve']);
    expect(parseRequest(JSON.parse(JSON.stringify(change.request)))).toEqual(change.request);
  });

  it.each([['opened', opened()], ['answered', answered()], ...CLOSED.map((request) => [request.state, request] as const)])('do nothing to a request that is %s', (_, request) => {
    expect(isRefused(decideBreakGlass(request, WELL, breaking()))).toBe(true);
  });

  it('tell everybody once: security, administrators, both named people, the requester and the manager', () => {
    const change = changeOf(decideBreakGlass(waiting(), WELL, breaking()));
    const told = (change.events ?? []).filter(({ kind }) => kind === 'break-glass-used').map(({ recipient }) => recipient);
    expect([...told].sort()).toEqual(['channel:security', 'person:ada', 'person:dana', 'person:emma', 'person:eve', 'person:liam']);
  });

  it.each([
    ['sealed-own-request', 'one of them is the requester’s', () => decideBreakGlass(waiting(), WELL, breaking({}, ['eve', 'emma']))],
    ['sealed-one-person', 'both are of one person', () => decideBreakGlass(waiting(), WELL, breaking({}, ['eve', 'eve']))],
    ['sealed-one-person', 'there is one of two', () => decideBreakGlass(waiting(), WELL, breaking({}, ['eve']))],
    ['sealed-not-entitled', 'the one who typed is none of them', () => decideBreakGlass(waiting(), WELL, breaking({ by: 'sam' }))],
    ['sealed-not-entitled', 'one of them has left', () => decideBreakGlass(waiting(), facts({ people: peopleBut({ eve: { active: false } }) }), breaking({}, ['eve', 'sam']))],
    ['sealed-not-entitled', 'one of them asks for the caller', () => decideBreakGlass(waiting({ agentId: 'sam' }), WELL, breaking({}, ['eve', 'sam']))],
    ['card-near-limit', 'the card is near its limit', () => decideBreakGlass(waiting(), facts({ people: WITH_ADMIN, card: { ...CARD, refusedResponses: 3 } }), breaking())],
    ['already-approved', 'they were used before', () => decideBreakGlass(approved({ requirement: withBreakGlass(ONE_OF_EITHER, ['eve', 'liam']), approvals: [{ approverId: 'eve', at: minute(2) }, { approverId: 'liam', at: minute(2) }] }), WELL, breaking())],
    ['policy-not-in-force', 'another policy is in force than the one that says of how many', () => decideBreakGlass(waiting(), facts({ people: WITH_ADMIN, policyInForce: 'another' }), breaking({ people: 1 }, ['eve']))],
    ['audit-unavailable', 'the audit cannot be kept', () => decideBreakGlass(waiting(), facts({ people: WITH_ADMIN, auditTrouble: 'audit-file' }), breaking())],
  ])('are refused (%s) where %s', (refused, _, decided) => {
    expect(decided()).toMatchObject({ refused });
  });

  it('end the request where its card is frozen by now', () => {
    const change = changeOf(decideBreakGlass(waiting(), facts({ people: WITH_ADMIN, card: { ...CARD, state: 'frozen' } }), breaking()));
    expect(change).toMatchObject({ ended: true, request: { state: 'cancelled', why: 'frozen' } });
    expect(change.glass).toBeUndefined();
  });

  it('are one where the policy says so, and then anyone who is at the server may type it', () => {
    const one = breaking({ people: 1, by: AT_THE_SERVER, place: AT_THE_SERVER }, ['liam']);
    expect(changeOf(decideBreakGlass(waiting(), WELL, one)).request).toMatchObject({ state: 'approved', requirement: { breakGlass: ['liam'] } });
  });

  it('count in person, even of somebody who is away', () => {
    const away = { personId: 'sam', from: minute(0), until: minute(100), now: true };
    const people = byId([...PEOPLE, person('liam', { standIn: away })]);
    expect(changeOf(decideBreakGlass(waiting(), facts({ people }), breaking())).request.state).toBe('approved');
  });
});

describe('a request approved with sealed codes', () => {
  const broken = changeOf(decideBreakGlass(waiting(), WELL, breaking())).request;

  it('goes through the gate of every request, and not where one of the two has left', () => {
    const releasing = { loaded, by: 'emma', spend: null, challenge: null };
    expect(changeOf(decideRelease(broken, WELL, releasing)).request.state).toBe('answered');
    const left = new Map([...WITH_ADMIN].filter(([id]) => id !== 'liam'));
    expect(changeOf(decideRelease(broken, facts({ people: left }), releasing))).toMatchObject({ ended: true, request: { state: 'denied', why: 'approver-not-entitled' } });
  });

  it('is denied by whoever was asked before, and taken back by the named people', () => {
    for (const by of ['dana', 'sam', 'eve', 'liam']) expect(changeOf(decideDeny(broken, WELL, by, 'not now')).request).toMatchObject({ state: 'denied', by });
    expect(decideDeny(broken, facts({ people: byId([...WITH_ADMIN.values(), person('kim')]) }), 'kim', 'not now')).toMatchObject({ refused: 'not-your-decision' });
  });

  it('takes no more approvals', () => {
    expect(decideApprove(broken, WELL, { by: 'dana', spend: codeOf('dana') })).toMatchObject({ refused: 'not-now' });
  });

  it('does not pass for one that the helpdesk agreed to', () => {
    const requirement = withBreakGlass(TWO_AT_THE_DESK, ['eve', 'liam']);
    expect([asksHelpdesk(TWO_AT_THE_DESK), asksHelpdesk(requirement)]).toEqual([true, false]);
  });
});

describe('a request opened with sealed codes', () => {
  const opening = { draft: { id: 'request-9', cardId: 'card-1', requesterId: 'emma', challenge: '1603EBDF1C8A2E72' }, formId: 'form-9', reason: 'down', loaded };
  const nobody = facts({ people: byId([person('emma'), person('eve'), person('liam')]) });

  it('is opened, proved and approved in one step, although nobody else is there', () => {
    const change = changeOf(decideSealedOpening(nobody, opening, { spend: CODE, breaking: breaking({ by: AT_THE_SERVER }) }));
    expect(change.request).toMatchObject({ state: 'approved', requesterId: 'emma' });
    expect(change.entries.map(({ kind }) => kind)).toEqual(['request-opened', 'identity-proved', 'vote', 'vote', 'approval-complete', 'break-glass-used']);
    expect(change.spend).toBe(CODE);
  });

  it.each([
    ['not-your-request', 'the code is somebody else’s', () => decideSealedOpening(nobody, opening, { spend: codeOf('eve'), breaking: breaking() })],
    ['sealed-own-request', 'a sealed code is the requester’s', () => decideSealedOpening(nobody, opening, { spend: CODE, breaking: breaking({ by: 'emma' }, ['emma', 'liam']) })],
    ['card-frozen', 'the card is frozen', () => decideSealedOpening(facts({ ...nobody, card: { ...CARD, state: 'frozen' } }), opening, { spend: CODE, breaking: breaking() })],
    ['breaker-open', 'the breaker is open', () => decideSealedOpening(facts({ ...nobody, breaker: { why: 'hour', since: minute(0) } }), opening, { spend: CODE, breaking: breaking() })],
  ])('is refused (%s) where %s', (refused, _, decided) => {
    expect(decided()).toMatchObject({ refused });
  });
});

describe('who acknowledges the report', () => {
  const admins = [person('ada', { groups: ['administrators'] }), person('bo', { groups: ['administrators'] })];
  const leads = [person('lea', { groups: ['helpdesk-leads'] })];
  const others = [person('emma'), person('eve'), person('kim')];
  const used = { requesterId: 'emma', by: ['eve', 'ada'] };
  const idsOf = (people: Parameters<typeof readersOf>[1], lead?: string) => readersOf(partakersOf(used, null), people, { people: 2, ...(lead === undefined ? {} : { lead }) }).map(({ id }) => id);

  it.each([
    ['the lead whom the policy names', [...admins, ...leads, ...others], 'kim@example.com', ['kim']],
    ['the leads of the helpdesk, where it names none', [...admins, ...leads, ...others], undefined, ['lea']],
    ['the leads of the helpdesk, where the one it names had a part in it', [...admins, ...leads, ...others], 'eve', ['lea']],
    ['the administrators who had no part in it, where there is no lead', [...admins, ...others], undefined, ['bo']],
    ['the administrators, where each had a part in it', [person('ada', { groups: ['administrators'] }), ...others], undefined, ['ada']],
    ['nobody who has left', [person('kim', { active: false }), ...admins], 'kim', ['bo']],
  ])('is %s', (_, people, lead, readers) => {
    expect(idsOf(people, lead)).toEqual(readers);
  });

  it('is neither the agent who asked for the caller, nor whoever agreed before', () => {
    const request = waiting({ agentId: 'lea', approvals: [{ approverId: 'kim', at: minute(2) }] });
    const readers = readersOf(partakersOf(used, request), [...admins, ...leads, ...others], { people: 2, lead: 'kim' });
    expect(readers.map(({ id }) => id)).toEqual(['bo']);
  });
});
