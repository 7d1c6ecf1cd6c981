// The counter where requests are handed in: each step checks the code, then changes the request in one transaction.
import type { ChallengeRefusal } from '../card/challenge.js';
import type { Response } from '../card/response.js';
import type { Person } from '../directory/person.js';
import type { Clock } from '../lib/clock.js';
import { newId } from '../lib/ids.js';
import { inertText } from '../lib/inert-text.js';
import { isRefused, refuse, type Refused } from '../lib/refusal.js';
import type { Scope, SpentCode } from '../stepup/authenticator-store.js';
import type { StepUp } from '../stepup/step-up.js';
import { NUMBER_MATCH_TRIES, requestScope, voteScope } from '../stepup/throttle.js';
import { type CardVault, computeAnswer } from './answer.js';
import { decideAskedAnew } from './asking-anew.js';
import type { DeskRefusal, LoadedPolicy } from './decision.js';
import { decideDeadline } from './deadline.js';
import { decideCancel, decideFreeze, decideFrozenBeside, decideGivenUp, decideOutcome } from './ending.js';
import { decideCodesSpent, decideOpeningProved, decideOpeningUnproved, decideProof, type Opening, type Proving } from './opening.js';
import { decideNumberDrawn, decideNumberMissed, drawNumbers, hasNumberTriesLeft, numberMatchOf, plainNumber, type TypedNumber } from './number-match.js';
import { decideNewChallenge, decideRelease } from './releasing.js';
import { decideSteppingDown } from './stepping-down.js';
import { decideApprove, decideDeny } from './voting.js';
import { type Attempted, type CardFacts, type Decide, type Decision, type Facts, type RequestFound, type RequestPicture, type RequestReader, type RequestStore, type RequestWithPeople, type Saved, STEP_DOWN, type StoreRefusal } from './request-store.js';
import { isOpen, type UnblockRequest } from './request.js';
import { actsFor, isAgent, roleOf } from './standing.js';
import { readChallenge, type ToConfirm, unfitToAsk } from './typed-challenge.js';

export const REASON_MAX_LENGTH = 200;

/** Refusals that keep the try of a code which was right: it was spent before, or what came with it was wrong. */
const WRONG: readonly Refusal[] = ['code-not-accepted', 'number-not-accepted', 'vote-ended'];

export type Refusal =
  | DeskRefusal
  | StoreRefusal
  | ChallengeRefusal
  | 'card-changed'
  | 'challenge-not-random'
  | 'codes-spent'
  | 'no-card'
  | 'no-challenge-response'
  | 'no-reason';

/** Who sends which form about which request. */
export interface Step {
  readonly actorId: string;
  readonly formId: string;
  readonly requestId: string;
}

/** A step that a code of this person pays for: the requester, whoever types it. */
interface PaidStep extends Step {
  readonly personId: string;
  /** What was typed beside the code and is right or wrong with it. */
  readonly beside?: string;
}

export interface OpenForm {
  /** Who types. */
  readonly actorId: string;
  /** Whose card and code it is, where an agent types for a caller. */
  readonly forId?: string;
  readonly formId: string;
  readonly cardId: string;
  readonly challenge: string;
  readonly code: string;
  readonly reason: string;
  /** The chat that the form came from, where it came from one. */
  readonly platform?: string;
}

/** The form as it was read: `challenge` in hex, null for a card that asks for its PUK. */
interface Asked extends Omit<OpenForm, 'challenge'> {
  readonly challenge: string | null;
}

type CodeRefused = Refused<'code-not-accepted' | 'codes-spent'>;

export interface DeskParts {
  readonly store: RequestStore;
  readonly reader: RequestReader;
  readonly stepUp: Pick<StepUp, 'check' | 'giveBack'>;
  readonly vault: CardVault;
  readonly policy: () => LoadedPolicy;
  readonly clock: Clock;
}

export class UnblockDesk {
  readonly #parts: DeskParts;

  constructor(parts: DeskParts) {
    this.#parts = parts;
  }

  cardsOf(personId: string): Promise<readonly CardFacts[]> {
    return this.#parts.reader.cardsOf(personId);
  }

  /** A request as `viewerId` may look at it; null: nobody in particular. */
  picture(requestId: string, viewerId: string | null): Promise<RequestPicture | null> {
    return this.#parts.reader.picture(requestId, viewerId);
  }

  people(ids: readonly string[]): Promise<ReadonlyMap<string, Person>> {
    return this.#parts.reader.people(ids);
  }

  /** The person's latest requests that have ended, the latest first. */
  pastOf(personId: string, limit: number): Promise<readonly RequestFound[]> {
    return this.#parts.reader.past(personId, limit);
  }

  /** The open request for a card, or null. */
  openFor(cardId: string): Promise<UnblockRequest | null> {
    return this.#parts.reader.openFor(cardId);
  }

  /**
   * Opens a request and proves the requester. The form may come back with a corrected code: it is the same request.
   * A request of theirs for this card that still waits for its first code is taken up again.
   */
  async open(form: OpenForm): Promise<Saved | ToConfirm | Refused<Refusal>> {
    const { formId, cardId } = form;
    const before = await this.#parts.reader.beforeOpening({ holderId: requesterOf(form), formId, cardId });
    if (before === null) return refuse('no-card');
    const no = unfitToAsk([before.card]);
    if (no !== null) return no;
    const challenge = readChallenge(form.challenge, before.card);
    if (isRefused(challenge) || 'confirm' in challenge) return challenge;
    const reason = inertText(form.reason, REASON_MAX_LENGTH);
    if (reason === '') return refuse('no-reason');
    const asked: Asked = { ...form, challenge: challenge.hex, reason };
    return before.request === null ? this.#openNew(asked) : this.#takeUp(before.request, asked);
  }

  /** An approver is about to type: where the rule asks for a number, the requester can look at it from now on. */
  async beginVote(step: Step): Promise<Saved | Refused<Refusal>> {
    const drawn = drawNumbers();
    return this.#update(step, 'draw-number', (request, facts) => decideNumberDrawn(request, facts, step.actorId, drawn));
  }

  /** `number`: as typed, where the rule asks for one. */
  async approve(step: Step, code: string, number = ''): Promise<Saved | Refused<Refusal>> {
    const found = await this.#parts.reader.find(step.requestId, step.actorId);
    if (found === null) return refuse('no-such-request');
    if (roleOf(found.request, found.people, step.actorId) === null) return refuse('not-your-decision');
    if (found.request.requirement.numberMatch === true) return this.#approveWithNumber(step, found.request, { code, typed: plainNumber(number) });
    const spend = await this.#check({ ...step, personId: step.actorId }, code, voteScope(step.requestId, step.actorId));
    if (isRefused(spend)) return spend.refused === 'codes-spent' ? refuse('vote-ended') : spend;
    const saved = this.#update(step, 'approve', (request, facts) => decideApprove(request, facts, { by: step.actorId, spend }));
    return this.#orGiveBack(spend, saved);
  }

  /** Code and number are one guess: counted before either is looked at, and refused with one answer. */
  async #approveWithNumber(step: Step, request: UnblockRequest, { code, typed }: { readonly code: string; readonly typed: string }): Promise<Saved | Refused<Refusal>> {
    const before = numberMatchOf(request, step.actorId);
    // Wrong whatever the code is, so that nothing is learned by it and nothing counted: most often the same delivery again.
    if (before?.missed === typed) return refuse(hasNumberTriesLeft(before) ? 'number-not-accepted' : 'vote-ended');
    const number: TypedNumber = { typed, drawn: drawNumbers() };
    const scope = voteScope(step.requestId, step.actorId, NUMBER_MATCH_TRIES);
    const spend = await this.#guess({ ...step, personId: step.actorId, beside: typed }, code, scope);
    if (isRefused(spend)) return this.#missed(step, number);
    const by = step.actorId;
    const saved = await this.#orGiveBack(spend, this.#update(step, 'approve', (current, facts) => decideApprove(current, facts, { by, spend, number })));
    // The code was right and another step spent it first.
    return isRefused(saved) && saved.refused === 'code-not-accepted' ? this.#missed(step, number) : saved;
  }

  #missed({ requestId, actorId }: Step, number: TypedNumber): Promise<Saved | Refused<Refusal>> {
    return this.#parts.store.update(requestId, null, (request, facts) => decideNumberMissed(request, facts, actorId, number), null);
  }

  /** "This is not my report": a manager takes themselves off the request. */
  stepDown(step: Step): Promise<Saved | Refused<Refusal>> {
    return this.#update(step, STEP_DOWN, (request, facts) => decideSteppingDown(request, facts, step.actorId));
  }

  async deny(step: Step, why: string): Promise<Saved | Refused<Refusal>> {
    const reason = inertText(why, REASON_MAX_LENGTH);
    if (reason === '') return refuse('no-reason');
    return this.#update(step, 'deny', (request, facts) => decideDeny(request, facts, step.actorId, reason));
  }

  /** A new challenge with a fresh code: before the response was shown, or after the card refused it (the next round). */
  async newChallenge(step: Step, text: string, code: string): Promise<Saved | ToConfirm | Refused<Refusal>> {
    const own = await this.#own(step);
    if (isRefused(own)) return own;
    const challenge = readChallenge(text, own.card);
    if (isRefused(challenge) || 'confirm' in challenge) return challenge;
    const { hex } = challenge;
    if (hex === null) return refuse('no-challenge-response');
    const spend = await this.#checkRequester(step, code, own.request);
    if (isRefused(spend)) return spend;
    const decide: Decide<DeskRefusal> = (request, facts) => decideNewChallenge(request, facts, { by: step.actorId, challenge: hex, spend });
    return this.#orGiveBack(spend, this.#updateOwn(step, 'new-challenge', decide, hex));
  }

  /**
   * The response, after every check under the locks and a committed audit entry that says so.
   * `text`: the challenge if the PC shows another one by now; `code`: the fresh code, where one is needed.
   */
  async reveal(
    step: Step,
    typed: { readonly text: string | null; readonly code: string | null },
  ): Promise<{ request: UnblockRequest; response: Response } | ToConfirm | Refused<Refusal>> {
    const proof = await this.#readTyped(step, typed);
    if (isRefused(proof) || 'confirm' in proof) return proof;
    const { spend, challenge } = proof;
    const loaded = this.#parts.policy();
    const by = step.actorId;
    const released = this.#parts.store.release(
      step.requestId,
      { actorId: by, formId: step.formId, action: 'reveal' },
      {
        decide: ofOwn(step, (request, facts) => decideRelease(request, facts, { loaded, by, spend, challenge })),
        compute: (secret, card, request) => computeAnswer(this.#parts.vault, secret, { card, request }),
        challenge,
        policy: loaded.policy,
      },
    );
    return spend === null ? released : this.#orGiveBack(spend, released);
  }

  /** What was typed for a response: looked at beforehand, where anything was. */
  async #readTyped(
    step: Step,
    { text, code }: { readonly text: string | null; readonly code: string | null },
  ): Promise<{ readonly challenge: string | null; readonly spend: SpentCode | null } | ToConfirm | Refused<Refusal>> {
    if (text === null && code === null) return { challenge: null, spend: null };
    const own = await this.#own(step);
    if (isRefused(own)) return own;
    const challenge = text === null ? { hex: null } : readChallenge(text, own.card);
    if (isRefused(challenge) || 'confirm' in challenge) return challenge;
    const spend = code === null ? null : await this.#checkRequester(step, code, own.request);
    return isRefused(spend) ? spend : { challenge: challenge.hex, spend };
  }

  outcome(step: Step, worked: boolean): Promise<Saved | Refused<Refusal>> {
    return this.#updateOwn(step, worked ? 'worked' : 'refused', (request, facts) => decideOutcome(request, facts, worked, step.actorId));
  }

  cancel(step: Step): Promise<Saved | Refused<Refusal>> {
    return this.#updateOwn(step, 'cancel', (request, facts) => decideCancel(request, facts, step.actorId));
  }

  /** "This was not me": freezes the card and stops the authenticator of the person in whose name it was. */
  async freeze(step: Step): Promise<Saved | Refused<Refusal>> {
    const frozen = await this.#update(step, 'freeze', (request, facts) => decideFreeze(request, facts, step.actorId));
    if (isRefused(frozen)) return frozen;
    // Whoever asked may have asked for more: every open request of the person ends.
    for (const id of await this.#parts.reader.openOf(frozen.request.requesterId)) await this.#parts.store.update(id, null, decideFrozenBeside, null);
    return frozen;
  }

  /**
   * Brings about what is due: reminders and ends. Safe to run in several processes at once. Returns how many changed.
   * Throws an AggregateError where some requests could not be looked at, after all the others were.
   */
  async tick(limit = 100): Promise<number> {
    const { policy } = this.#parts.policy();
    const due = await this.#parts.reader.due(this.#parts.clock(), limit);
    return await this.#byItself(due, (request, facts) => decideDeadline(request, facts, policy));
  }

  /**
   * Asks whoever may decide by now, where the say of one of these people moved to a stand-in or came back. Safe to run
   * in several processes at once, and faults as `tick` does. Returns how many requests had to be told. `looked`: the ids
   * of those that were looked at for the same move already, to which these are added.
   */
  async askAnew(moved: ReadonlySet<string>, looked: Set<string>): Promise<number> {
    const waiting = await this.#parts.reader.waiting();
    const left = waiting.filter((id) => !looked.has(id));
    return await this.#byItself(left, (request, facts) => decideAskedAnew(request, facts, moved), (id) => looked.add(id));
  }

  async #byItself(ids: readonly string[], decide: Decide<DeskRefusal>, onLooked: (id: string) => void = () => undefined): Promise<number> {
    const faults: unknown[] = [];
    let changed = 0;
    for (const id of ids) {
      try {
        const saved = await this.#parts.store.update(id, null, decide, null);
        onLooked(id);
        if (!isRefused(saved)) changed += 1;
      } catch (fault) {
        // One damaged request must not keep the others from theirs.
        faults.push(fault);
      }
    }
    if (faults.length > 0) throw new AggregateError(faults, `${faults.length} of ${ids.length} requests could not be looked at`);
    return changed;
  }

  /** The code is checked first, so that a right one opens the request and proves it in one step. */
  async #openNew(asked: Asked): Promise<Saved | Refused<Refusal>> {
    const { actorId, forId, formId, cardId, challenge, reason, platform } = asked;
    const draft = { id: newId(), cardId, requesterId: requesterOf(asked), ...(forId === undefined ? {} : { agentId: actorId }), challenge };
    const opening: Opening = { draft, formId, reason, loaded: this.#parts.policy(), ...(platform === undefined ? {} : { platform }) };
    const spend = await this.#guess({ actorId, formId, personId: draft.requesterId }, asked.code, requestScope(formId));
    const proved = isRefused(spend) ? spend : await this.#openProved(opening, actorId, spend);
    const opened = isRefused(proved) && isCodeRefused(proved) ? await this.#openWaiting(opening, actorId, proved) : proved;
    // The same form opened it a moment ago.
    return !isRefused(opened) && opened.repeated ? this.#takeUp(opened.request, asked) : opened;
  }

  #openProved(opening: Opening, actorId: string, spend: SpentCode): Promise<Saved | Refused<Refusal>> {
    return this.#orGiveBack(spend, this.#store(opening, actorId, (facts) => decideOpeningProved(facts, opening, spend)));
  }

  /** The code was not accepted, or another step spent it first: the request waits for the next one. */
  async #openWaiting(opening: Opening, actorId: string, no: Refused<Refusal>): Promise<Saved | Refused<Refusal>> {
    const opened = await this.#store(opening, actorId, (facts) => decideOpeningUnproved(facts, opening));
    if (!isRefused(opened) && opened.repeated) return opened;
    await this.#parts.store.noteRefusedCode(opening.draft.id, actorId, requestScope(opening.formId).key);
    return isRefused(opened) ? opened : no;
  }

  #store(opening: Opening, actorId: string, decide: (facts: Facts) => Decision<DeskRefusal | 'code-not-accepted'>): Promise<Saved | Refused<Refusal>> {
    const { draft, formId, loaded } = opening;
    return this.#parts.store.open(draft, { actorId, formId, action: 'open' }, loaded.policy, decide);
  }

  /** The request that this form opened, or that was open for the card, in whatever state it is by now. */
  async #takeUp(before: UnblockRequest, asked: Asked): Promise<Saved | Refused<Refusal>> {
    const waiting = mine(before, asked);
    if (isRefused(waiting)) return (await this.#givenUp(before, asked)) ? this.#openNew(asked) : waiting;
    const step: Step = { actorId: asked.actorId, formId: asked.formId, requestId: waiting.id };
    if (waiting.state !== 'opened') return this.#outcomeBefore(step, waiting);
    const { code, challenge, reason } = asked;
    const spend = await this.#checkRequester(step, code, waiting);
    if (isRefused(spend)) return spend;
    const proving: Proving = { by: step.actorId, policy: this.#parts.policy().policy, spend, challenge: challenge === waiting.challenge ? null : challenge, reason };
    const decide: Decide<DeskRefusal> = (request, facts) => decideProof(request, facts, proving);
    return this.#orGiveBack(spend, this.#updateOwn(step, 'open', decide, proving.challenge));
  }

  /** Nobody was told of a request that has no right code yet: it keeps neither the holder nor the helpdesk from asking. */
  async #givenUp(before: UnblockRequest, { actorId, cardId, forId }: Asked): Promise<boolean> {
    if (before.state !== 'opened' || before.cardId !== cardId) return false;
    const people = await this.#parts.reader.people([actorId]);
    if (forId !== undefined && !isAgent(people.get(actorId))) return false;
    return !isRefused(await this.#parts.store.update(before.id, null, (request, facts) => decideGivenUp(request, facts, actorId), null));
  }

  /** A request past its first code: a repeat of the form that brought it there, or another form while one is open. */
  async #outcomeBefore(step: Step, request: UnblockRequest): Promise<Saved | Refused<Refusal>> {
    const known = await this.#parts.reader.tookEffect(step.formId, step.actorId);
    if (known) return { request, repeated: true };
    if (request.state === 'failed' && request.why === 'wrong-codes') return refuse('codes-spent');
    return isOpen(request) ? refuse('card-busy') : refuse('request-closed');
  }

  /** The requester's own code, whoever types it; the third wrong one ends the request. */
  async #checkRequester(step: Step, code: string, { formId, requesterId }: UnblockRequest): Promise<SpentCode | CodeRefused> {
    const spend = await this.#check({ ...step, personId: requesterId }, code, requestScope(formId));
    if (isRefused(spend) && spend.refused === 'codes-spent') await this.#parts.store.update(step.requestId, null, (request, facts) => decideCodesSpent(request, facts, step.actorId), null);
    return spend;
  }

  async #check(step: PaidStep, code: string, scope: Scope): Promise<SpentCode | CodeRefused> {
    const spend = await this.#guess(step, code, scope);
    if (isRefused(spend)) await this.#parts.store.noteRefusedCode(step.requestId, step.actorId, scope.key);
    return spend;
  }

  /** A code that is right and not yet spent, or one and the same refusal whatever was wrong with it. */
  async #guess({ actorId, formId, personId, beside }: Omit<PaidStep, 'requestId'>, code: string, scope: Scope): Promise<SpentCode | CodeRefused> {
    const attempt = { actorId, formId };
    const verdict = await this.#parts.stepUp.check({ personId, code, ...(beside === undefined ? {} : { beside }), scopes: [scope], attempt, at: this.#parts.clock() });
    if (verdict.kind === 'proof') return verdict.spend;
    return refuse(verdict.scopeExhausted ? 'codes-spent' : 'code-not-accepted');
  }

  async #own(step: Step): Promise<RequestWithPeople | Refused<'no-such-request' | 'not-your-request'>> {
    const found = await this.#parts.reader.find(step.requestId, step.actorId);
    if (found === null) return refuse('no-such-request');
    return actsFor(found.request, found.people, step.actorId) ? found : refuse('not-your-request');
  }

  #updateOwn(step: Step, action: string, decide: Decide<DeskRefusal>, challenge: string | null = null): Promise<Saved | Refused<Refusal>> {
    return this.#update(step, action, ofOwn(step, decide), challenge);
  }

  #update(
    step: Step,
    action: string,
    decide: Decide<DeskRefusal>,
    challenge: string | null = null,
  ): Promise<Saved | Refused<Refusal>> {
    const by: Attempted = { actorId: step.actorId, formId: step.formId, action };
    return this.#parts.store.update(step.requestId, by, decide, challenge);
  }

  /** A right code whose step was refused for another reason is not spent, and its try is no wrong one. */
  async #orGiveBack<T>(spend: SpentCode, outcome: Promise<T | Refused<Refusal>>): Promise<T | Refused<Refusal>> {
    const settled = await outcome;
    if (isRefused(settled) && !WRONG.includes(settled.refused)) await this.#parts.stepUp.giveBack(spend);
    return settled;
  }
}

/** Without a look beforehand: whose request it is, is decided with the rest. */
function ofOwn({ actorId }: Step, decide: Decide<DeskRefusal>): Decide<DeskRefusal> {
  return (request, facts) => (actsFor(request, facts.people, actorId) ? decide(request, facts) : refuse('not-your-request'));
}

function isCodeRefused({ refused }: Refused<Refusal>): boolean {
  return refused === 'code-not-accepted' || refused === 'codes-spent';
}

/** A request that stands in the way is taken up again only by whoever opened it, for the card it was opened for. */
function mine(request: UnblockRequest, form: Asked): UnblockRequest | Refused<'card-busy' | 'card-changed'> {
  const asker = request.agentId ?? request.requesterId;
  if (asker !== form.actorId || request.requesterId !== requesterOf(form)) return refuse('card-busy');
  return request.cardId === form.cardId ? request : refuse('card-changed');
}

/** Whose card and code a form is about. */
function requesterOf({ actorId, forId }: Pick<OpenForm, 'actorId' | 'forId'>): string {
  return forId ?? actorId;
}
