// Situations that come of a rule, of the clock or of who is away: the pictures of the cases show them, and no other document.
import type { Requirement } from '../../src/approval/requirement.js';
import type { EscalatedWhy } from '../../src/approval/stages.js';
import type { Person } from '../../src/directory/person.js';
import { HOUR_MS } from '../../src/lib/clock.js';
import type { RequestPicture } from '../../src/unblock/request-store.js';
import type { UnblockRequest } from '../../src/unblock/request.js';
import { byId, CARD, CLOSED, minute, person, TIMES, waiting } from '../unblock/support.js';

export interface Situation {
  readonly id: string;
  readonly about: string;
  readonly request: UnblockRequest;
  readonly more?: Partial<RequestPicture>;
  /** Who is shown the approver's copy: Dana where it is not said. */
  readonly asked?: string;
  /** No other document shows it. */
  readonly inCases?: true;
}

const EMMA = person('emma', { name: 'Emma Novak', managerId: 'dana' });
const DANA = person('dana', { name: 'Dana Weber' });
const LIAM = person('liam', { name: 'Liam Okafor' });
const SAM = person('sam', { name: 'Sam Ortiz', groups: ['helpdesk'] });
const PRIYA = person('priya', { name: 'Priya Raman', groups: ['helpdesk'] });

/** Everybody, with some of them changed. */
function peopleWith(...changed: readonly Person[]): Partial<RequestPicture> {
  return { people: byId([EMMA, DANA, LIAM, SAM, PRIYA, ...changed]) };
}

/** The manager was asked first, and the helpdesk as well by now. */
function widened(why: EscalatedWhy): Requirement {
  return { rule: 'manager first', stages: [{ from: ['manager', 'helpdesk'], count: 1, escalated: { to: ['helpdesk'], minutes: 3, at: minute(4), why } }], times: TIMES };
}

function ruleWith(stage: Requirement['stages'][number], more: Partial<Requirement> = {}): Requirement {
  return { rule: 'a rule', stages: [stage], times: TIMES, ...more };
}

const DENIED = CLOSED.find((request) => request.state === 'denied');
const EXPIRED = CLOSED.find((request) => request.state === 'expired');
if (DENIED === undefined || EXPIRED === undefined) throw new Error('a state is missing');

const NO_MANAGER = { ...EMMA, managerId: null };
const DANA_AWAY = { ...DANA, standIn: { personId: 'liam', from: minute(-60), until: minute(600), now: true } };
const [SECURITY, IT] = [{ ...DANA, groups: ['Security'] }, { ...PRIYA, groups: ['Network'] }];
const BOARD = [NO_MANAGER, { ...DANA, groups: ['Board'] }, { ...LIAM, groups: ['Board'] }];
const TWO_TEAMS = ruleWith({ from: ['group:Security', 'group:Network'], count: 2, distinctGroups: true });
const PEERS = ruleWith({ from: ['group:Board'], count: 2 });
const ON_CALL = ruleWith({ from: ['on-call:night'], count: 1 }, { onCall: { night: ['sam'] } });
const SPONSOR = ruleWith({ from: ['card-sponsor'], count: 1 }, { sponsor: 'dana' });
const PAIR = ruleWith({ from: ['helpdesk'], count: 2 });
const TOMORROW = minute(22 * 60);

const SITUATIONS: readonly Situation[] = [
  { id: 'awaiting-warned', about: 'waiting, and the time is running out', request: waiting({ remindedAt: minute(4), reminders: 3, warnedAt: minute(4) }) },
  { id: 'awaiting-late', about: 'the wider circle is asked, because nobody decided', request: waiting({ requirement: widened('late') }), asked: 'sam' },
  { id: 'awaiting-nobody', about: 'the wider circle is asked, because there is no manager', request: waiting({ requirement: widened('nobody') }), more: peopleWith(NO_MANAGER), asked: 'sam' },
  { id: 'awaiting-not-mine', about: 'the manager said "Not my report"', request: waiting({ requirement: widened('nobody'), declined: ['dana'] }) },
  { id: 'denied-nobody-left', about: 'nobody is left who could decide', request: { ...DENIED, by: null, why: 'nobody-left' } },
  { id: 'expired-last-word', about: 'nobody is on call: the last word', request: { ...EXPIRED, lastWord: { onCallFrom: TOMORROW, opensAt: TOMORROW + HOUR_MS, desk: 'room 12, extension 4711' } } },
  { id: 'awaiting-stand-in', about: 'somebody decides in the place of the manager', request: waiting({ requirement: ruleWith({ from: ['manager'], count: 1 }) }), more: peopleWith(DANA_AWAY), asked: 'liam' },
  { id: 'awaiting-away', about: 'the manager is away, and somebody decides in their place', request: waiting({ requirement: ruleWith({ from: ['manager'], count: 1 }) }), more: peopleWith(DANA_AWAY) },
  { id: 'awaiting-two-teams', about: 'a privileged card takes two approvers of different teams', request: waiting({ requirement: TWO_TEAMS }), more: { ...peopleWith(SECURITY, IT), card: { ...CARD, label: 'Vault', tags: ['privileged'] } } },
  { id: 'awaiting-second-team', about: 'one of two teams has approved', request: waiting({ requirement: TWO_TEAMS, approvals: [{ approverId: 'dana', at: minute(2) }] }), more: { ...peopleWith(SECURITY, IT), card: { ...CARD, label: 'Vault', tags: ['privileged'] } }, asked: 'priya' },
  { id: 'awaiting-peers', about: 'two peers decide for who has no manager', request: waiting({ requirement: PEERS }), more: peopleWith(...BOARD) },
  { id: 'awaiting-sponsor', about: 'the sponsor of the card decides', request: waiting({ requirement: SPONSOR }), more: peopleWith(NO_MANAGER) },
  { id: 'awaiting-pair', about: 'two of the helpdesk decide', request: waiting({ requirement: PAIR }), more: peopleWith(NO_MANAGER), asked: 'sam' },
  { id: 'awaiting-both', about: 'the manager and the helpdesk have to agree', request: waiting({ requirement: { rule: 'manager', stages: [{ from: ['manager'], count: 1 }, { from: ['helpdesk'], count: 1 }], times: TIMES } }), more: { authenticatorSince: new Date(minute(-60)) } },
  { id: 'awaiting-on-call', about: 'whoever is on call decides, after hours', request: waiting({ requirement: ON_CALL, outsideHours: true }), asked: 'sam' },
  { id: 'awaiting-managers-manager', about: "the manager's manager decides", request: waiting({ requirement: ruleWith({ from: ['manager-of-manager'], count: 1 }) }), more: peopleWith({ ...DANA, managerId: 'liam' }), asked: 'liam' },
  { id: 'awaiting-own-vote', about: 'who has approved waits for the second one', request: waiting({ requirement: PAIR, approvals: [{ approverId: 'sam', at: minute(2) }] }), more: peopleWith(NO_MANAGER), asked: 'sam' },
  { id: 'awaiting-assisted', about: 'an agent asks for a caller', request: waiting({ agentId: 'sam' }), more: { past: [{ openedAt: minute(-40_000), state: 'done' }, { openedAt: minute(-90_000), state: 'denied' }] } },
];

export const RULE_SITUATIONS: readonly Situation[] = SITUATIONS.map((situation) => ({ ...situation, inCases: true }));
