// What must hold after every step, whatever the order, said without asking the code that is checked.
import { MINUTE_MS } from '../../../src/lib/clock.js';
import type { Attempt, Played } from './attempt.js';
import { isEnough, isNearLimit, maySayNo, type Place, withHelpdesk } from './consent.js';
import { type CardIndex, CARDS, isClosed, isName, type Setting, type Told, type World } from './world.js';

const EXPIRES_MS = 60 * MINUTE_MS;
const FRESH_MS = 10 * MINUTE_MS;
const RETRY_MS = 10 * MINUTE_MS;
const SHOWN_MS = 5 * MINUTE_MS;
const MOST_ANSWERS = 3;
/** Refused responses at which a card of unknown limit is answered no more. */
const CARD_LIMIT = 5;
const CLOSING_ENTRIES = ['denied', 'cancelled', 'frozen', 'expired', 'failed', 'outcome'];

/** The places that the policy asks for: at first, and with its wider circle. */
export interface Asked {
  readonly first: readonly Place[];
  readonly wider: readonly Place[];
}

/** One attempt and what came of it. */
export interface Taken {
  readonly attempt: Attempt;
  readonly before: World;
  readonly after: World;
  readonly played: Played;
  readonly setting: Setting;
  readonly asked: Asked;
}

/** A request as it was before the attempt and is after it. */
interface About extends Taken {
  readonly card: CardIndex;
  readonly was: Told | null;
  readonly is: Told;
}

/** Null: the invariant says nothing about this. */
type Says = (about: About) => boolean | null;

/** By name. Each must have been asked for an answer at least once, or the exploration shows nothing. */
export const INVARIANTS: Readonly<Record<string, Says>> = {
  'terminal is final': ({ was, is }) => (was !== null && isClosed(was) && is.story.endings === was.story.endings ? JSON.stringify(was.request) === JSON.stringify(is.request) : null),
  'a request ends once, with one entry that says so': (about) => {
    const { was, is } = about;
    if (!isClosed(is) || (was !== null && isClosed(was))) return null;
    const closing = entriesOf(about).filter(({ kind, facts }) => CLOSING_ENTRIES.includes(kind) && facts['state'] === is.request.state);
    return is.story.endings === 1 && closing.length === 1;
  },
  'each change is a version later and is in the audit': (about) => {
    const { was, is } = about;
    if (was === null || was.request === is.request) return null;
    return isOpenedAnew(about) || (is.request.version > was.request.version && entriesOf(about).length > 0);
  },
  'a response is answered only after a code of the requester': (about) => (isAnswer(about) ? about.is.story.proved : null),
  'a proof older than ten minutes answers nothing': (about) => {
    const { provedAt } = about.is.story;
    return isAnswer(about) ? provedAt !== null && about.before.at - provedAt <= FRESH_MS : null;
  },
  'no answer without its approvals, of people who may still give them': (about) => {
    const shows = isAnswer(about) || isShownAgain(about);
    return shows ? isEnough(about.before, about.is, placesOf(about)) : null;
  },
  'a card near its limit is answered only with the helpdesk': (about) => (isAnswer(about) && isNearLimit(about.before, about.card) ? isEnough(about.before, about.is, [['helpdesk']]) : null),
  'approved only with its approvals': (about) => {
    const { was, is } = about;
    return is.request.state === 'approved' && was?.request.state !== 'approved' ? isEnough(about.before, is, placesOf(about)) : null;
  },
  'an approval is a vote that its approver gave, and nobody counts twice': ({ is }) => {
    const approvers = is.request.approvals.map(({ approverId }) => approverId);
    if (approvers.length === 0) return null;
    const says = is.story.yes.flatMap((vote) => vote.says);
    return new Set(approvers).size === approvers.length && new Set(says).size === says.length && approvers.join() === is.story.yes.map(({ by }) => by).join();
  },
  'nobody approves for themselves or for whom they ask': ({ is: { request } }) =>
    request.approvals.length === 0 ? null : request.approvals.every(({ approverId }) => approverId !== request.requesterId && approverId !== request.agentId),
  'deny beats approve: after a no there is no answer': ({ is: { story, request } }) => (story.no ? request.state === 'denied' : null),
  'a no of whoever may say yes always ends the request, until the response was shown': (about) => {
    const { attempt, before, was, played } = about;
    if (attempt.kind !== 'deny' || attempt.card !== about.card || was === null || attempt.who === null || before.auditBroken) return null;
    const mayDeny = ['awaiting-approval', 'approved'].includes(was.request.state) && before.at < endsAt(was) && maySayNo(before, was, attempt.who, placesOf(about));
    return mayDeny ? !('refused' in played) && about.is.request.state === 'denied' : null;
  },
  'who may not say yes cannot say no': (about) => {
    const { attempt, before, was, played } = about;
    if (attempt.kind !== 'deny' || attempt.card !== about.card || was === null || attempt.who === null || isClosed(was)) return null;
    return maySayNo(before, was, attempt.who, placesOf(about)) ? null : 'refused' in played;
  },
  'time approves and answers nothing': ({ attempt, was, is }) => (attempt.kind === 'tick' && was !== null && was.request !== is.request ? was.request.state === is.request.state || isClosed(is) : null),
  'nothing is answered after its deadline': (about) => (isAnswer(about) && about.was !== null ? about.before.at < endsAt(about.was) : null),
  'a response is seen for five minutes': (about) => (isShownAgain(about) && 'revealedAt' in about.is.request ? about.before.at < about.is.request.revealedAt + SHOWN_MS : null),
  'at most three answers, within ten minutes of the first': (about) => {
    const { answers, firstAnswerAt } = about.is.story;
    return isAnswer(about) && firstAnswerAt !== null ? answers <= MOST_ANSWERS && about.before.at - firstAnswerAt < RETRY_MS : null;
  },
  'a challenge is answered once': (about) => {
    const answered = about.after.cards[about.card].answered.map(({ challenge }) => challenge);
    return isAnswer(about) ? new Set(answered).size === answered.length : null;
  },
  'only the card of its holder is answered, while both are in order': (about) => {
    if (!isAnswer(about)) return null;
    const { state, holderId, refusedResponses } = about.before.cards[about.card];
    const { requesterId } = about.is.request;
    return state === 'active' && holderId === requesterId && isName(requesterId) && about.before.people[requesterId].active && refusedResponses < CARD_LIMIT;
  },
  'nothing is answered while the breaker is open or the audit is not kept': (about) => {
    const { breakerOpen, auditBroken, cards } = about.before;
    const { unblocksPerHour, challengesPerCardPerDay } = about.setting.loaded.policy.limits;
    const lastHour = cards.flatMap(({ answered }) => answered.filter(({ at }) => about.before.at - at < EXPIRES_MS)).length;
    return isAnswer(about) ? !breakerOpen && !auditBroken && lastHour < unblocksPerHour && cards[about.card].answered.length < challengesPerCardPerDay : null;
  },
  'an answer is in the audit, with whoever agreed': (about) => {
    if (!isAnswer(about)) return null;
    const released = entriesOf(about).filter(({ kind }) => kind === 'released');
    return released.length === 1 && String(released[0]?.facts['approvals']) === about.is.story.yes.map(({ by }) => by).join();
  },
  'a freeze ends every open request of whoever says so, and stops card and codes': ({ attempt, played, after, card, is }) => {
    if (attempt.kind !== 'freeze' || 'refused' in played || attempt.who === null || is.request.requesterId !== attempt.who) return null;
    return isClosed(is) && !after.people[attempt.who].hasCode && (card !== attempt.card || after.cards[card].state === 'frozen');
  },
  'a closed request keeps no challenge': ({ is }) => (isClosed(is) ? !('challenge' in is.request) && !('numbers' in is.request) : null),
};

const NAMED = Object.entries(INVARIANTS);

/** The first invariant that the attempt broke, or null. `heard` is told of each that had something to say. */
export function firstBroken(taken: Taken, heard: (name: string) => void): string | null {
  const { attempt, before, after } = taken;
  for (const card of CARDS) {
    const [was, is] = [before.told[card], after.told[card]];
    // A request that nothing happened to is as it was found to be, unless somebody tried to say no.
    if (is === null || (was === is && attempt.kind !== 'deny')) continue;
    const about: About = { ...taken, card, was, is };
    for (const [name, says] of NAMED) {
      const holds = says(about);
      if (holds === null) continue;
      heard(name);
      if (!holds) return name;
    }
  }
  return null;
}

function placesOf({ asked, is: { story } }: Pick<About, 'asked' | 'is'>): readonly Place[] {
  const places = story.wider ? asked.wider : asked.first;
  return story.guarded ? withHelpdesk(places) : places;
}

function isAnswer({ was, is }: Pick<About, 'was' | 'is'>): boolean {
  return is.story.answers > (was?.story.answers ?? 0);
}

function isShownAgain(about: Pick<About, 'was' | 'is' | 'attempt' | 'card'>): boolean {
  const { attempt, was, is } = about;
  return attempt.kind === 'reveal' && attempt.card === about.card && was?.request.state === 'answered' && is.request !== was.request && is.request.state === 'answered';
}

function isOpenedAnew({ attempt, was }: Pick<About, 'attempt' | 'was'>): boolean {
  return attempt.kind === 'open' && was !== null && isClosed(was);
}

/** When a request that was not answered yet, or was refused by the card, ends (ms since 1970). */
function endsAt({ request, story }: Told): number {
  return story.firstAnswerAt === null ? request.openedAt + EXPIRES_MS : story.firstAnswerAt + RETRY_MS;
}

function entriesOf({ played, card }: Pick<About, 'played' | 'card'>) {
  return 'refused' in played ? [] : played.steps.filter((step) => step.card === card).flatMap(({ change }) => change.entries);
}
