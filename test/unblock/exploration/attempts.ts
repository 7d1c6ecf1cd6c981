// Everything that anybody may try at any moment, also what has to be refused.
import { isRefused } from '../../../src/lib/refusal.js';
import { HOUR_MS, MINUTE_MS } from '../../../src/lib/clock.js';
import { decideDeadline } from '../../../src/unblock/deadline.js';
import { decideCancel, decideFreeze, decideFrozenBeside, decideGivenUp, decideOutcome } from '../../../src/unblock/ending.js';
import { decideNumberDrawn, decideNumberMissed } from '../../../src/unblock/number-match.js';
import { decideCodesSpent, decideOpeningProved, decideOpeningUnproved, decideProof, type Opening } from '../../../src/unblock/opening.js';
import { decideNewChallenge, decideRelease } from '../../../src/unblock/releasing.js';
import { actsFor } from '../../../src/unblock/standing.js';
import { decideSteppingDown } from '../../../src/unblock/stepping-down.js';
import { decideApprove, decideDeny } from '../../../src/unblock/voting.js';
import { codeOf } from '../support.js';
import { type Attempt, attempt, type Decide, noted, OUTSIDE, type Played, type Scene } from './attempt.js';
import { isNearLimit, saysOf } from './consent.js';
import { type CardIndex, type CardNow, CARDS, factsOf, isClosed, type Name, NAMES, replaced, saved, type Setting, type Somebody, type Story, type World } from './world.js';

const NUMBER = '47';
const NUMBERS = [NUMBER, '83', '29'];
/** One that is never drawn. */
const WRONG_NUMBER = '55';
/** Sums of these come within milliseconds of no deadline. */
const PASSES = [6 * MINUTE_MS, HOUR_MS + MINUTE_MS];
const HOLDERS: readonly [Name, Name] = ['emma', 'priya'];
const CHALLENGES = ['A1', 'B2', 'C3', 'D4', 'E5', 'F6'].map((start) => `${start}03EBDF1C8A2E72`);
const NO_STORY: Story = { proved: false, provedAt: null, yes: [], no: false, steppedDown: [], guarded: false, wider: false, answers: 0, firstAnswerAt: null, endings: 0 };

/** With `numbers`, approvers also open the dialog that draws a number, and miss it. */
export function allAttempts({ numbers, troubles }: { readonly numbers: boolean; readonly troubles: boolean }): readonly Attempt[] {
  const onCards = CARDS.flatMap((card) => [
    ...openings(card),
    ...proofs(card),
    ...NAMES.flatMap((who) => [...votes(card, who), ...(numbers ? numberMatches(card, who) : [])]),
    ...challenges(card),
    ...reveals(card),
    ...endings(card),
  ]);
  return [...onCards, ...time(), ...directory(), ...(troubles ? installation() : [])];
}

/** A challenge that this card never answered, and not the one it shows. */
function freshChallenge(card: CardIndex): (world: World) => string {
  return ({ cards, told }) => {
    const request = told[card]?.request;
    const current = request !== undefined && 'challenge' in request ? request.challenge : null;
    const used = [current, ...cards[card].answered.map(({ challenge }) => challenge)];
    const fresh = CHALLENGES.find((one) => !used.includes(one));
    if (fresh === undefined) throw new Error('no challenge is left');
    return fresh;
  };
}

function answeredBefore(card: CardIndex): (world: World) => string {
  return (world) => world.cards[card].answered[0]?.challenge ?? freshChallenge(card)(world);
}

function openings(card: CardIndex): readonly Attempt[] {
  const holder = HOLDERS[card];
  const own = NAMES.flatMap((name) => [opening(card, { requester: name, code: name }), opening(card, { requester: name, code: null })]);
  const assisted = NAMES.flatMap((agent) => [opening(card, { requester: holder, code: holder, agent }), opening(card, { requester: holder, code: null, agent })]);
  return [...own, ...assisted, opening(card, { requester: holder, code: 'dana' })];
}

/** `code`: whose right code was typed; null: a wrong one. `agent`: who asks for the requester. */
function opening(card: CardIndex, { requester, code, agent }: { readonly requester: Name; readonly code: Name | null; readonly agent?: Name }): Attempt {
  const name = `open ${card + 1} ${requester}, ${code === null ? 'wrong code' : `code of ${code}`}${agent === undefined ? '' : `, asked by ${agent}`}`;
  const play = (world: World, setting: Setting): Played => {
    const latest = world.told[card];
    // Storage allows one open request for a card.
    if ((latest !== null && !isClosed(latest)) || (code !== null && !world.people[code].hasCode)) return OUTSIDE;
    const challenge = setting.cards[card].unlock === 'puk' ? null : freshChallenge(card)(world);
    const draft = { id: `request-${card}`, cardId: `card-${card}`, requesterId: requester, ...(agent === undefined ? {} : { agentId: agent }), challenge };
    const opened: Opening = { draft, formId: `form-${card}`, reason: 'PIN forgotten', loaded: setting.loaded };
    const facts = factsOf(world, setting, { card, challenge, personId: requester });
    const change = code === null ? decideOpeningUnproved(facts, opened) : decideOpeningProved(facts, opened, codeOf(code));
    if (isRefused(change)) return change;
    const story = noted({ ...NO_STORY, ...(code === requester ? { proved: true, provedAt: world.at } : {}), guarded: isNearLimit(world, card) }, change, world);
    const count = code === null ? 'unproved' : 'proved';
    const next = { ...saved(world, card, change, story), [count]: { ...world[count], [requester]: world[count][requester] + 1 } };
    return { world: { ...next, at: world.at + 1 }, steps: [{ card, before: null, change }] };
  };
  return { name, kind: 'open', card, who: requester, play };
}

function proofs(card: CardIndex): readonly Attempt[] {
  const prove = (who: Name): Attempt => {
    const decide: Decide = ({ told: { request }, facts, setting }) =>
      decideProof(request, facts, { by: who, policy: setting.loaded.policy, spend: codeOf(who), challenge: null, reason: request.reason });
    return attempt({ kind: 'prove', card, who, code: who }, decide, (story, scene) => withProof(story, scene, who));
  };
  return [...NAMES.map(prove), attempt({ kind: 'codes-spent', card, who: null }, ({ told: { request }, facts }) => decideCodesSpent(request, facts, request.requesterId))];
}

/** A code proves its owner, and nobody else. */
function withProof(story: Story, { told: { request }, world }: Scene, code: Name): Story {
  return request.requesterId === code ? { ...story, proved: true, provedAt: world.at } : story;
}

function votes(card: CardIndex, who: Name): readonly Attempt[] {
  const number = { typed: NUMBER, drawn: NUMBERS };
  const approve = (code: Name): Decide => ({ told, facts }) => decideApprove(told.request, facts, { by: who, spend: codeOf(code), number });
  const other = who === 'dana' ? 'emma' : 'dana';
  return [
    attempt({ kind: 'approve', card, who, code: who }, approve(who), (story, { world, told }) => ({ ...story, yes: [...story.yes, { by: who, says: saysOf(world, told, who) }] })),
    // Not told in the story: were it counted, the request would have an approval that nobody gave.
    attempt({ kind: 'approve', card, who, code: other, detail: `with a code of ${other}` }, approve(other)),
    attempt({ kind: 'deny', card, who }, ({ told, facts }) => decideDeny(told.request, facts, who, 'no'), (story) => ({ ...story, no: true })),
    attempt({ kind: 'step-down', card, who }, ({ told, facts }) => decideSteppingDown(told.request, facts, who), (story) => ({ ...story, steppedDown: [...story.steppedDown, who] })),
  ];
}

function numberMatches(card: CardIndex, who: Name): readonly Attempt[] {
  const wrong = { typed: WRONG_NUMBER, drawn: NUMBERS };
  return [
    attempt({ kind: 'draw-number', card, who }, ({ told, facts }) => decideNumberDrawn(told.request, facts, who, NUMBERS)),
    attempt({ kind: 'miss-number', card, who, code: who, detail: 'wrong number' }, ({ told, facts }) => decideApprove(told.request, facts, { by: who, spend: codeOf(who), number: wrong })),
    attempt({ kind: 'miss-number', card, who, detail: 'wrong code' }, ({ told, facts }) => decideNumberMissed(told.request, facts, who, { typed: NUMBER, drawn: NUMBERS })),
  ];
}

/** As the desk does it: only the requester, or the agent who asks for them, takes the requester's steps. */
function ofOwn(who: Name, decide: Decide): Decide {
  return (scene) => (actsFor(scene.told.request, scene.facts.people, who) ? decide(scene) : { refused: 'not-your-request' });
}

function challenges(card: CardIndex): readonly Attempt[] {
  const replace = (code: Name, challenge: (world: World) => string, detail: string): Attempt => {
    const decide: Decide = ({ told, facts, world }) => decideNewChallenge(told.request, facts, { by: code, challenge: challenge(world), spend: codeOf(code) });
    return attempt({ kind: 'challenge', card, who: code, code, challenge, detail }, decide, (story, scene) => withProof(story, scene, code));
  };
  const holder = HOLDERS[card];
  return [replace(holder, freshChallenge(card), 'a new one'), replace(holder, answeredBefore(card), 'one answered before'), replace('dana', freshChallenge(card), 'a new one')];
}

function reveals(card: CardIndex): readonly Attempt[] {
  const reveal = (who: Name, how: { readonly code?: Name; readonly challenge?: (world: World) => string }, detail: string): Attempt => {
    const { code, challenge } = how;
    const decide: Decide = ({ told, facts, world, setting }) =>
      decideRelease(told.request, facts, { loaded: setting.loaded, by: who, spend: code === undefined ? null : codeOf(code), challenge: challenge?.(world) ?? null });
    return attempt({ kind: 'reveal', card, who, ...how, detail }, ofOwn(who, decide), (story, scene) => (code === undefined ? story : withProof(story, scene, code)));
  };
  const holder = HOLDERS[card];
  return [
    ...NAMES.map((who) => reveal(who, {}, 'without a code')),
    reveal(holder, { code: holder }, 'with a code'),
    reveal(holder, { code: 'dana' }, 'with a code of dana'),
    reveal(holder, { challenge: freshChallenge(card) }, 'a new challenge, without a code'),
    reveal(holder, { code: holder, challenge: freshChallenge(card) }, 'a new challenge, with a code'),
    reveal(holder, { code: holder, challenge: answeredBefore(card) }, 'a challenge answered before'),
  ];
}

function endings(card: CardIndex): readonly Attempt[] {
  const byEach = NAMES.flatMap((who) => [
    attempt({ kind: 'outcome', card, who, detail: 'worked' }, ofOwn(who, ({ told, facts }) => decideOutcome(told.request, facts, true, who))),
    attempt({ kind: 'outcome', card, who, detail: 'refused' }, ofOwn(who, ({ told, facts }) => decideOutcome(told.request, facts, false, who))),
    attempt({ kind: 'cancel', card, who }, ofOwn(who, ({ told, facts }) => decideCancel(told.request, facts, who))),
    freeze(card, who),
  ]);
  return [
    ...byEach,
    attempt({ kind: 'give-up', card, who: 'sam' }, ({ told, facts }) => decideGivenUp(told.request, facts, 'sam')),
    attempt({ kind: 'tick', card, who: null }, ({ told, facts, setting }) => decideDeadline(told.request, facts, setting.loaded.policy)),
  ];
}

/** "This was not me": as the desk does it, every other open request of the person ends too. */
function freeze(card: CardIndex, who: Name): Attempt {
  const decide: Decide = ({ told, facts }) => (told.request.requesterId === who ? decideFreeze(told.request, facts) : { refused: 'not-your-request' });
  const one = attempt({ kind: 'freeze', card, who }, decide);
  const beside = attempt({ kind: 'freeze', card: other(card), who, detail: 'beside' }, ({ told, facts }) => decideFrozenBeside(told.request, facts));
  const play = (world: World, setting: Setting): Played => {
    const first = one.play(world, setting);
    if ('refused' in first || first.world.told[other(card)]?.request.requesterId !== who) return first;
    const second = beside.play(first.world, setting);
    return 'refused' in second ? first : { world: second.world, steps: [...first.steps, ...second.steps] };
  };
  return { ...one, play };
}

function other(card: CardIndex): CardIndex {
  return card === 0 ? 1 : 0;
}

function outside(name: string, kind: Attempt['kind'], change: (world: World) => World | null): Attempt {
  const play = (world: World): Played => {
    const next = change(world);
    return next === null ? OUTSIDE : { world: next, steps: [] };
  };
  return { name, kind, card: null, who: null, play };
}

function time(): readonly Attempt[] {
  return PASSES.map((ms) => outside(`${ms / MINUTE_MS} minutes pass`, 'time', (world) => ({ ...world, at: world.at + ms })));
}

function directory(): readonly Attempt[] {
  const change = (who: Name, what: string, next: (person: Somebody, at: number) => Somebody | null): Attempt =>
    outside(`${who} ${what}`, 'directory', (world) => {
      const person = next(world.people[who], world.at);
      return person === null ? null : { ...world, at: world.at + 1, people: { ...world.people, [who]: person } };
    });
  const passOn = (who: Name, to: Name): Attempt => change(who, `passes their say on to ${to}`, (person, since) => (person.away === null ? { ...person, away: { to, since, until: null } } : null));
  const takeBack = ({ away, ...person }: Somebody, until: number): Somebody | null => (away?.until === null ? { ...person, away: { ...away, until } } : null);
  const changed = (card: CardIndex, what: string, next: (before: CardNow) => CardNow | null): Attempt =>
    outside(`card ${card + 1} ${what}`, 'directory', (world) => {
      const now = next(world.cards[card]);
      return now === null ? null : { ...world, at: world.at + 1, cards: replaced(world.cards, card, now) };
    });
  return [
    ...NAMES.map((who) => change(who, 'leaves', (person) => (person.active ? { ...person, active: false } : null))),
    change('sam', 'leaves the helpdesk', (person) => (person.groups.length === 0 ? null : { ...person, groups: [] })),
    passOn('dana', 'sam'),
    passOn('dana', 'emma'),
    passOn('sam', 'priya'),
    change('dana', 'has their say back', takeBack),
    ...CARDS.map((card) => changed(card, 'is taken back', (before) => (before.holderId === null ? null : { ...before, holderId: null }))),
    ...CARDS.map((card) => changed(card, 'is frozen by somebody else', (before) => (before.state === 'frozen' ? null : { ...before, state: 'frozen' }))),
  ];
}

function installation(): readonly Attempt[] {
  return [
    outside('the breaker opens', 'trouble', (world) => (world.breakerOpen ? null : { ...world, breakerOpen: true })),
    outside('the audit cannot be kept, or can again', 'trouble', (world) => ({ ...world, auditBroken: !world.auditBroken })),
    outside('card 1 was refused elsewhere', 'trouble', (world) =>
      world.cards[0].refusedResponses > 0 ? null : { ...world, at: world.at + 1, cards: replaced(world.cards, 0, { ...world.cards[0], refusedResponses: 3 }) },
    ),
    outside('another policy is applied', 'trouble', (world) => (world.policyReplaced ? null : { ...world, policyReplaced: true })),
  ];
}
