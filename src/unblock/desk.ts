// The counter where requests are handed in: each step checks the code, then changes the request in one transaction.
import { type ParsedChallenge, parseChallenge, type ChallengeRefusal } from '../card/challenge.js';
import { BLOCK_BYTES } from '../card/cipher.js';
import { looksRandom } from '../card/looks-random.js';
import type { Response } from '../card/response.js';
import { toHex } from '../lib/bytes.js';
import type { Person } from '../directory/person.js';
import type { Clock } from '../lib/clock.js';
import { newId } from '../lib/ids.js';
import { inertText } from '../lib/inert-text.js';
import { isRefused, refuse, type Refused } from '../lib/refusal.js';
import type { Scope, SpentCode } from '../stepup/authenticator-store.js';
import type { StepUp } from '../stepup/step-up.js';
import { requestScope, voteScope } from '../stepup/throttle.js';
import { type CardVault, computeAnswer } from './answer.js';
import {
  decideApprove,
  decideCancel,
  decideCodesSpent,
  decideDeadline,
  decideDeny,
  decideFreeze,
  decideFrozenBeside,
  decideNewChallenge,
  decideOpening,
  decideOutcome,
  decideProof,
  decideRelease,
  type DeskRefusal,
  type LoadedPolicy,
  type Proving,
} from './decisions.js';
import type { Attempted, CardFacts, Decide, RequestFound, RequestPicture, RequestReader, RequestStore, Saved, StoreRefusal } from './request-store.js';
import { isOpen, type UnblockRequest } from './request.js';
import { actsFor, cannotBeUnblocked, roleOf } from './standing.js';

export const REASON_MAX_LENGTH = 200;

export type Refusal =
  | DeskRefusal
  | StoreRefusal
  | ChallengeRefusal
  | 'card-changed'
  | 'challenge-not-random'
  | 'codes-spent'
  | 'no-card'
  | 'no-challenge-response'
  | 'no-reason'
  | 'vote-ended';

/** A challenge with misread characters repaired: the person must confirm it before anything is done with it. */
export interface ToConfirm {
  readonly confirm: ParsedChallenge;
}

/** Who sends which form about which request. */
export interface Step {
  readonly actorId: string;
  readonly formId: string;
  readonly requestId: string;
}

/** A step that a code of this person pays for: the requester, whoever types it. */
interface PaidStep extends Step {
  readonly personId: string;
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
    const card = (await this.cardsOf(requesterOf(form))).find(({ id }) => id === form.cardId);
    if (card === undefined) return refuse('no-card');
    const no = unfitToAsk([card]);
    if (no !== null) return no;
    const challenge = readChallenge(form.challenge, card);
    if (isRefused(challenge) || 'confirm' in challenge) return challenge;
    const reason = inertText(form.reason, REASON_MAX_LENGTH);
    if (reason === '') return refuse('no-reason');
    const waiting = await this.#waitingRequest(form, challenge.hex, reason);
    if (isRefused(waiting)) return waiting;
    const step: PaidStep = { actorId: form.actorId, formId: form.formId, requestId: waiting.id, personId: waiting.requesterId };
    if (waiting.state !== 'opened') return await this.#outcomeBefore(step, waiting);
    return this.#prove(step, form.code, { challenge: challenge.hex === waiting.challenge ? null : challenge.hex, reason });
  }

  async approve(step: Step, code: string): Promise<Saved | Refused<Refusal>> {
    const found = await this.#parts.reader.find(step.requestId);
    if (found === null) return refuse('no-such-request');
    const people = await this.#parts.reader.people([found.request.requesterId, step.actorId]);
    if (roleOf(found.request, people, step.actorId) === null) return refuse('not-your-decision');
    const spend = await this.#check({ ...step, personId: step.actorId }, code, voteScope(step.requestId, step.actorId));
    if (isRefused(spend)) return spend.refused === 'codes-spent' ? refuse('vote-ended') : spend;
    const saved = this.#update(step, 'approve', (request, facts) => decideApprove(request, facts, step.actorId, spend));
    return this.#orGiveBack(spend, saved);
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
    const spend = await this.#checkRequester({ ...step, personId: own.request.requesterId }, code);
    if (isRefused(spend)) return spend;
    const decide: Decide<DeskRefusal> = (request, facts) => decideNewChallenge(request, facts, hex, spend);
    return this.#orGiveBack(spend, this.#updateOwn(step, 'new-challenge', decide, hex));
  }

  /**
   * The response, after every check under the locks and a committed audit entry that says so.
   * `text`: the challenge if the PC shows another one by now; `code`: the fresh code, where one is needed.
   */
  async reveal(
    step: Step,
    { text, code }: { readonly text: string | null; readonly code: string | null },
  ): Promise<{ request: UnblockRequest; response: Response } | ToConfirm | Refused<Refusal>> {
    const own = await this.#own(step);
    if (isRefused(own)) return own;
    const challenge = text === null ? null : readChallenge(text, own.card);
    if (challenge !== null && (isRefused(challenge) || 'confirm' in challenge)) return challenge;
    const spend = code === null ? null : await this.#checkRequester({ ...step, personId: own.request.requesterId }, code);
    if (isRefused(spend)) return spend;
    const loaded = this.#parts.policy();
    const proof = { loaded, by: step.actorId, spend, challenge: challenge?.hex ?? null };
    const released = this.#parts.store.release(
      step.requestId,
      { actorId: step.actorId, formId: step.formId, action: 'reveal' },
      {
        decide: (request, facts) => (actsFor(request, facts.people, step.actorId) ? decideRelease(request, facts, proof) : refuse('not-your-request')),
        compute: (secret, card, request) => computeAnswer(this.#parts.vault, secret, { card, request }),
        challenge: proof.challenge,
      },
    );
    return spend === null ? released : this.#orGiveBack(spend, released);
  }

  outcome(step: Step, worked: boolean): Promise<Saved | Refused<Refusal>> {
    return this.#updateOwn(step, worked ? 'worked' : 'refused', (request, facts) => decideOutcome(request, facts, worked));
  }

  cancel(step: Step): Promise<Saved | Refused<Refusal>> {
    return this.#updateOwn(step, 'cancel', decideCancel);
  }

  /** "This was not me": freezes the card and stops the person's authenticator. */
  async freeze(step: Step): Promise<Saved | Refused<Refusal>> {
    const frozen = await this.#update(step, 'freeze', (request, facts) =>
      request.requesterId === step.actorId ? decideFreeze(request, facts) : refuse('not-your-request'),
    );
    if (isRefused(frozen)) return frozen;
    // Whoever asked may have asked for more: every open request of the person ends.
    for (const id of await this.#parts.reader.openOf(step.actorId)) await this.#parts.store.update(id, null, decideFrozenBeside, null);
    return frozen;
  }

  /**
   * Brings about what is due: reminders and ends. Safe to run in several processes at once. Returns how many changed.
   * Throws an AggregateError where some requests could not be looked at, after all the others were.
   */
  async tick(limit = 100): Promise<number> {
    const due = await this.#parts.reader.due(this.#parts.clock(), limit);
    const faults: unknown[] = [];
    let changed = 0;
    for (const id of due) {
      try {
        const saved = await this.#parts.store.update(id, null, decideDeadline, null);
        if (!isRefused(saved)) changed += 1;
      } catch (fault) {
        // One damaged request must not keep the others from ending.
        faults.push(fault);
      }
    }
    if (faults.length > 0) throw new AggregateError(faults, `${faults.length} of ${due.length} due requests could not be ended`);
    return changed;
  }

  /** The request that this form opened or takes up again, in whatever state it is by now; else a new one. */
  async #waitingRequest(form: OpenForm, challenge: string | null, reason: string): Promise<UnblockRequest | Refused<Refusal>> {
    const { store, reader } = this.#parts;
    const before = await reader.before(form.formId, form.cardId);
    if (before !== null) return mine(before, form);
    const agent = form.forId === undefined ? {} : { agentId: form.actorId };
    const draft = { id: newId(), cardId: form.cardId, requesterId: requesterOf(form), ...agent, challenge };
    const where = form.platform === undefined ? {} : { platform: form.platform };
    const opening = { draft, formId: form.formId, reason, loaded: this.#parts.policy(), ...where };
    const saved = await store.open(draft, form.formId, opening.loaded.policy, (facts) => decideOpening(facts, opening));
    return isRefused(saved) ? saved : mine(saved.request, form);
  }

  /** A request past its first code: a repeat of the form that brought it there, or another form while one is open. */
  async #outcomeBefore(step: Step, request: UnblockRequest): Promise<Saved | Refused<Refusal>> {
    const known = await this.#parts.reader.tookEffect(step.formId, step.actorId);
    if (known) return { request, repeated: true };
    if (request.state === 'failed' && request.why === 'wrong-codes') return refuse('codes-spent');
    return isOpen(request) ? refuse('card-busy') : refuse('request-closed');
  }

  async #prove(step: PaidStep, code: string, asked: Omit<Proving, 'spend'>): Promise<Saved | Refused<Refusal>> {
    const spend = await this.#checkRequester(step, code);
    if (isRefused(spend)) return spend;
    const decide: Decide<DeskRefusal> = (request, facts) => decideProof(request, facts, { ...asked, spend });
    return this.#orGiveBack(spend, this.#updateOwn(step, 'open', decide, asked.challenge));
  }

  /** The requester's own code; the third wrong one ends the request. */
  async #checkRequester(step: PaidStep, code: string): Promise<SpentCode | Refused<'code-not-accepted' | 'codes-spent'>> {
    const spend = await this.#check(step, code, requestScope(step.requestId));
    if (isRefused(spend) && spend.refused === 'codes-spent') await this.#parts.store.update(step.requestId, null, decideCodesSpent, null);
    return spend;
  }

  /** A code that is right and not yet spent, or one and the same refusal whatever was wrong with it. */
  async #check(step: PaidStep, code: string, scope: Scope): Promise<SpentCode | Refused<'code-not-accepted' | 'codes-spent'>> {
    const verdict = await this.#parts.stepUp.check({
      personId: step.personId,
      code,
      scopes: [scope],
      attempt: { formId: step.formId, actorId: step.actorId },
      at: this.#parts.clock(),
    });
    if (verdict.kind === 'proof') return verdict.spend;
    await this.#parts.store.noteRefusedCode(step.requestId, step.actorId, scope.key);
    return refuse(verdict.scopeExhausted ? 'codes-spent' : 'code-not-accepted');
  }

  async #own(step: Step): Promise<RequestFound | Refused<'no-such-request' | 'not-your-request'>> {
    const found = await this.#parts.reader.find(step.requestId);
    if (found === null) return refuse('no-such-request');
    const people = await this.#parts.reader.people([step.actorId]);
    return actsFor(found.request, people, step.actorId) ? found : refuse('not-your-request');
  }

  /** Without a look beforehand: whose request it is, is decided with the rest. */
  #updateOwn(step: Step, action: string, decide: Decide<DeskRefusal>, challenge: string | null = null): Promise<Saved | Refused<Refusal>> {
    const own: Decide<DeskRefusal> = (request, facts) =>
      actsFor(request, facts.people, step.actorId) ? decide(request, facts) : refuse('not-your-request');
    return this.#update(step, action, own, challenge);
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
    if (isRefused(settled) && settled.refused !== 'code-not-accepted') await this.#parts.stepUp.giveBack(spend);
    return settled;
  }
}

/** A request that stands in the way is taken up again only by whoever opened it, for the card it was opened for. */
function mine(request: UnblockRequest, form: OpenForm): UnblockRequest | Refused<'card-busy' | 'card-changed'> {
  const asker = request.agentId ?? request.requesterId;
  if (asker !== form.actorId || request.requesterId !== requesterOf(form)) return refuse('card-busy');
  return request.cardId === form.cardId ? request : refuse('card-changed');
}

/** Whose card and code a form is about. */
function requesterOf({ actorId, forId }: OpenForm): string {
  return forId ?? actorId;
}

/** Why nothing can be done here for any of a person's cards, said before a code is asked for and counted; else null. */
export function unfitToAsk(cards: readonly CardFacts[]): Refused<'no-card' | 'not-recoverable' | 'no-challenge-response'> | null {
  const [first] = cards;
  if (first === undefined) return refuse('no-card');
  if (cards.some(({ profile, unlock }) => profile !== null && unlock !== 'not-recoverable')) return null;
  return first.unlock === 'not-recoverable' ? cannotBeUnblocked(first) : refuse('no-challenge-response');
}

/** `hex` is null for a card that asks for its PUK: whatever was typed there means nothing to it. */
function readChallenge(
  text: string,
  { profile, unlock }: CardFacts,
): { readonly hex: string | null } | ToConfirm | Refused<ChallengeRefusal | 'challenge-not-random' | 'no-challenge-response'> {
  if (unlock === 'puk' || unlock === 'puk-as-hex') return { hex: null };
  if (profile === null || profile.cipher === null) return refuse('no-challenge-response');
  const read = parseChallenge(text, profile.challengeBytes);
  if (isRefused(read)) return read;
  if (!looksRandom(read.bytes, BLOCK_BYTES[profile.cipher])) return refuse('challenge-not-random');
  return read.repaired.length > 0 ? { confirm: read } : { hex: toHex(read.bytes) };
}
