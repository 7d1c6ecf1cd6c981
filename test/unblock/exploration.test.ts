// Everything that four people can do with two cards, in every order, to a depth: what never comes of it.
import { describe, expect, it } from '@jest/globals';
import type { DeskRefusal } from '../../src/unblock/decision.js';
import { explore, type Explored } from './exploration/explore.js';
import { INVARIANTS } from './exploration/invariants.js';
import { LATER_SCENARIOS, type Scenario, SCENARIOS } from './exploration/scenarios.js';

/** MODEL_DEPTH goes so deep in every scenario (8: hours, and NODE_OPTIONS=--max-old-space-size=8000). */
const ASKED_DEPTH = process.env.MODEL_DEPTH;
const LIMIT_MS = 12 * 3_600_000;

const explored: Explored[] = [];

function holds({ title, start, depth, longest }: Scenario): void {
  const far = ASKED_DEPTH === undefined ? depth : Math.min(Number(ASKED_DEPTH), longest);
  const found = explore(start, far);
  if (ASKED_DEPTH !== undefined) process.stdout.write(`${title}, to depth ${far}: ${found.states.join(' + ')} states, ${found.tried} attempts, ${found.taken} transitions\n`);
  explored.push(found);
  expect(found.broken).toBeNull();
}

function named(scenarios: readonly Scenario[]): readonly (readonly [string, Scenario])[] {
  return scenarios.map((scenario) => [scenario.title, scenario]);
}

function met(names: (one: Explored) => ReadonlyMap<string, number>): readonly string[] {
  return [...new Set(explored.flatMap((one) => [...names(one).keys()]))].sort();
}

/** Every one of the desk's reasons, so that it does not compile without a new one. `false`: of sealed codes, which are not played here. */
const REFUSALS: Readonly<Record<DeskRefusal, boolean>> = {
  'already-approved': true,
  'audit-unavailable': true,
  'authenticator-due': true,
  'authenticator-too-new': true,
  'breaker-open': true,
  'card-frozen': true,
  'card-limit': true,
  'card-near-limit': true,
  'card-stopped': true,
  'card-waiting': true,
  'challenge-answered': true,
  'code-needed': true,
  fips201: true,
  'no-approver': true,
  'no-rule': true,
  'not-an-agent': true,
  'not-now': true,
  'not-recoverable': true,
  'not-your-card': true,
  'not-your-decision': true,
  'not-your-request': true,
  'number-needs-chat': true,
  'number-not-accepted': true,
  'person-inactive': true,
  'policy-not-in-force': true,
  'puk-shown': true,
  'recovery-code-needed': true,
  'request-closed': true,
  'request-expired': true,
  'sealed-not-entitled': false,
  'sealed-one-person': false,
  'sealed-own-request': false,
  'shown-to-agent': true,
  'too-many-requests': true,
  'vote-ended': true,
};

/** The life of a request: what each step makes of each state, and nothing else. */
const LIFE = `
open: none > opened | awaiting-approval | approved
prove: opened > awaiting-approval | approved
codes-spent: opened | awaiting-approval | approved | answered > failed
approve: awaiting-approval > awaiting-approval | approved
draw-number: awaiting-approval > awaiting-approval
miss-number: awaiting-approval > awaiting-approval
deny: awaiting-approval | approved > denied
step-down: awaiting-approval > awaiting-approval | denied
challenge: opened > opened
challenge: awaiting-approval > awaiting-approval
challenge: approved > approved
challenge: answered > approved
reveal: approved | answered > answered
outcome: answered > answered | done | failed
cancel: opened | awaiting-approval | approved > cancelled
give-up: opened > cancelled
freeze: opened | awaiting-approval | approved | answered > cancelled
freeze: denied > denied
freeze: cancelled > cancelled
freeze: expired > expired
freeze: done > done
freeze: failed > failed
tick: opened | approved > expired
tick: awaiting-approval > awaiting-approval | expired
tick: answered > done | failed
stopped: opened | awaiting-approval | approved | answered > denied | cancelled
`;

function spelledOut(life: string): readonly string[] {
  const moves = life.trim().split('\n').flatMap((line) => {
    const [kind = '', from = '', to = ''] = line.split(/: | > /);
    return from.split(' | ').flatMap((before) => to.split(' | ').map((after) => `${kind}: ${before} > ${after}`));
  });
  return moves.sort();
}

describe('in every order of all that can be tried, every invariant holds', () => {
  it.each(named(SCENARIOS))('from nothing on: %s', (_title, scenario) => {
    holds(scenario);
  }, LIMIT_MS);
  it.each(named(LATER_SCENARIOS))('from %s on', (_title, scenario) => {
    holds(scenario);
  }, LIMIT_MS);
});

describe('the exploration', () => {
  it('met every way of the life of a request, and no other', () => {
    expect(met(({ moves }) => moves)).toEqual(spelledOut(LIFE));
  });

  it('met every reason to refuse', () => {
    const reasons = new Set(met(({ refusals }) => refusals));
    const missing = Object.entries(REFUSALS).filter(([reason, isPlayed]) => isPlayed !== reasons.has(reason));
    expect(missing).toEqual([]);
  });

  it('asked each invariant often', () => {
    const heard = (name: string): number => explored.reduce((sum, one) => sum + (one.heard.get(name) ?? 0), 0);
    expect(Object.keys(INVARIANTS).filter((name) => heard(name) < 10)).toEqual([]);
  });

  it('looked at many states', () => {
    const states = explored.reduce((sum, one) => sum + one.states.reduce((all, many) => all + many, 0), 0);
    expect(states).toBeGreaterThan(20_000);
    expect(explored.reduce((sum, { tried }) => sum + tried, 0)).toBeGreaterThan(300_000);
  });
});
