// Where explorations begin: the rule, the cards, what has happened already, and what may happen.
import { HOUR_MS } from '../../../src/lib/clock.js';
import type { CardFacts } from '../../../src/unblock/request-store.js';
import { policyOf } from '../support.js';
import type { Attempt } from './attempt.js';
import { allAttempts } from './attempts.js';
import type { Place } from './consent.js';
import type { Start } from './explore.js';
import type { Asked } from './invariants.js';
import { BEGIN, firstWorld, type Name, type Setting, type World } from './world.js';

/** Low, so that a few steps reach them. */
const LIMITS = 'limits: { challengesPerCardPerDay: 3, requestsPerPersonPerDay: 2, unblocksPerHour: 3 }\n';
const LONG_AGO = BEGIN - 90 * 24 * HOUR_MS;

const EITHER: Place = ['manager', 'helpdesk'];

interface Rule {
  readonly text: string;
  readonly asked: Asked;
}

function rule(approvals: string, first: readonly Place[], more: { readonly wider?: readonly Place[]; readonly text?: string } = {}): Rule {
  return { text: `version: 1\n${LIMITS}rules:\n  - name: rule\n    approvals: ${approvals}\n${more.text ?? ''}`, asked: { first, wider: more.wider ?? first } };
}

const ONE = rule('[{ from: [manager, helpdesk], count: 1 }]', [EITHER]);
const TWO = rule('[{ from: [manager, helpdesk], count: 2 }]', [EITHER, EITHER]);
const ONE_OF_EACH = rule('[{ from: [manager], count: 1 }, { from: [helpdesk], count: 1 }]', [['manager'], ['helpdesk']]);
const WIDENING = rule('[{ from: [manager], count: 1, escalateTo: [helpdesk], escalateMinutes: 10 }]', [['manager']], { wider: [EITHER], text: 'times: { remindMinutes: 15 }\n' });
const NUMBER = rule('[{ from: [manager, helpdesk], count: 1 }]\n    numberMatch: true', [EITHER]);
const NOBODY = rule('[]\n    iAcceptNoApproval: true', []);

export interface Scenario {
  readonly title: string;
  /** How far it is explored in every run, and in the long one at most. */
  readonly depth: number;
  readonly longest: number;
  readonly start: Start;
}

interface Particulars {
  readonly rule?: Rule;
  /** The cards that things happen to: one, both, or the second alone, whose managers and helpdesk leave somebody without a say. */
  readonly cards?: 1 | 2 | 'second';
  readonly directory?: boolean;
  readonly numbers?: boolean;
  readonly troubles?: boolean;
  /** What has happened already, by the names of the attempts. */
  readonly after?: readonly string[];
  readonly refused?: readonly [number, number];
  /** Who holds the second card. */
  readonly second?: Name;
  readonly card?: Partial<CardFacts>;
  readonly authenticatorSince?: number;
  readonly requesterInChat?: boolean;
  readonly needsNewAuthenticator?: boolean;
}

function scenario(title: string, depth: number, how: Particulars): Scenario {
  const { rule: { text, asked } = ONE, cards = 1, directory = true, numbers = false, troubles = false, after = [], refused, second, card = {} } = how;
  const setting: Setting = {
    loaded: { policy: policyOf(text), hash: 'policy-1' },
    cards: [card, {}],
    authenticatorSince: how.authenticatorSince ?? LONG_AGO,
    requesterInChat: how.requesterInChat ?? true,
    needsNewAuthenticator: how.needsNewAuthenticator ?? false,
  };
  const all = allAttempts({ numbers, troubles });
  const attempts = all.filter((one) => (cards === 2 || one.card === null || one.card === (cards === 'second' ? 1 : 0)) && (directory || one.kind !== 'directory'));
  return { title, depth, longest: cards === 2 && directory ? 6 : Infinity, start: { world: played(firstWorld(refused, second), after, { all, setting }), setting, asked, attempts } };
}

function played(world: World, names: readonly string[], { all, setting }: { readonly all: readonly Attempt[]; readonly setting: Setting }): World {
  return names.reduce((before, name) => {
    const next = all.find((one) => one.name === name)?.play(before, setting);
    if (next === undefined || 'refused' in next) throw new Error(`"${name}" cannot be played`);
    return next.world;
  }, world);
}

const APPROVED = ['open 1 emma, code of emma', 'approve 1 dana'];
const ANSWERED = [...APPROVED, 'reveal 1 emma without a code'];
const NEXT_ROUND = ['outcome 1 emma refused', 'challenge 1 emma a new one', 'reveal 1 emma without a code'];

const TWICE = ['open 1 emma, code of emma', 'cancel 1 emma', 'open 1 emma, code of emma', 'cancel 1 emma'];

/** From nothing. */
export const SCENARIOS: readonly Scenario[] = [
  scenario('two cards and four people, where one of manager and helpdesk agrees', 3, { cards: 2 }),
  scenario('two cards and four people, and nobody comes or goes', 3, { cards: 2, directory: false }),
  scenario('one card, where one of manager and helpdesk agrees', 4, {}),
  scenario('one card, where two of them agree', 3, { rule: TWO }),
  scenario('one card, where one of each agrees', 3, { rule: ONE_OF_EACH }),
  scenario('one card, where the helpdesk is asked later', 3, { rule: WIDENING }),
  scenario('one card, where approvers type a number', 4, { rule: NUMBER, numbers: true }),
  scenario('one card, where nobody has to agree', 3, { rule: NOBODY }),
  scenario('one card, while the installation has its troubles', 3, { troubles: true }),
];

/** What few steps from nothing do not reach. */
export const LATER_SCENARIOS: readonly Scenario[] = [
  scenario('an approved request', 2, { after: APPROVED, troubles: true }),
  scenario('two approvals', 2, { rule: TWO, after: ['open 1 emma, code of emma', 'approve 1 dana', 'approve 1 sam'] }),
  scenario('a say that was passed on and used', 3, { rule: TWO, after: ['open 1 emma, code of emma', 'dana passes their say on to sam', 'approve 1 sam'] }),
  scenario('a say that was used and then passed on', 3, { rule: TWO, cards: 'second', after: ['open 2 priya, code of priya', 'approve 2 dana'] }),
  scenario('a say of whoever took themselves off', 3, { cards: 'second', after: ['open 2 priya, code of priya', 'step-down 2 dana'] }),
  scenario('a response that was shown', 3, { after: ANSWERED, troubles: true }),
  scenario('a second response that was shown', 3, { after: [...ANSWERED, ...NEXT_ROUND] }),
  scenario('a third response that was shown', 3, { after: [...ANSWERED, ...NEXT_ROUND, ...NEXT_ROUND] }),
  scenario('a wider circle', 2, { rule: WIDENING, after: ['open 1 emma, code of emma', '6 minutes pass', '6 minutes pass', 'tick 1'] }),
  scenario('two requests of one person', 2, { cards: 2, second: 'emma', after: [...APPROVED, 'open 2 emma, code of emma'] }),
  scenario('as many requests as a day has', 2, { after: TWICE }),
  scenario('a card near its limit', 3, { refused: [3, 0], rule: TWO, after: ['open 1 emma, code of emma', 'approve 1 sam'] }),
  scenario('a card that comes near its limit', 2, { refused: [2, 0], after: ANSWERED }),
  scenario('a card at its limit', 1, { refused: [5, 0] }),
  scenario('a card that asks for its PUK', 2, { card: { unlock: 'puk' } }),
  scenario('a PUK that was shown', 2, { card: { unlock: 'puk' }, after: ANSWERED }),
  scenario('a card that waits for a second administrator', 1, { card: { state: 'waiting' } }),
  scenario('a card that nothing helps', 1, { card: { unlock: 'not-recoverable' } }),
  scenario('a card of the federal government', 1, { rule: rule('[]\n    iAcceptNoApproval: true', [], { text: 'fips201: refuse\n' }), card: { profileId: 'piv-3des' } }),
  scenario('a card that no rule is about', 1, { rule: rule('[]\n    iAcceptNoApproval: true\n    when: { cardTags: [privileged] }', []) }),
  scenario('an authenticator set up an hour ago', 1, { authenticatorSince: BEGIN - HOUR_MS, rule: rule('[{ from: [manager], count: 1 }]', [['manager']]), after: ['priya leaves', 'sam leaves'] }),
  scenario('an authenticator that has to be replaced', 1, { needsNewAuthenticator: true }),
  scenario('a caller without a chat', 1, { rule: NUMBER, requesterInChat: false }),
  scenario('a recovery code beside the code', 1, { rule: rule('[]\n    iAcceptNoApproval: true\n    stepUp: code-and-recovery-code', []) }),
];
