// The counter for sealed codes: each step checks them, then goes the way of every request, in one transaction.
import { isRefused, refuse, type Refused } from '../lib/refusal.js';
import { newId } from '../lib/ids.js';
import { inertText } from '../lib/inert-text.js';
import type { Attempt, SpentCode } from '../stepup/authenticator-store.js';
import type { SealedCodes, SealedRefusal, SpentSealed } from '../stepup/sealed-codes.js';
import { requestScope, sealedScope } from '../stepup/throttle.js';
import { AT_THE_SERVER, type Breaking, breakGlassOf, decideBreakGlass, decideSealedOpening, type GlassReading } from './break-glass.js';
import type { AcknowledgeRefusal, BreakGlassStore } from './break-glass-store.js';
import { decideGivenUp } from './ending.js';
import { type DeskParts, REASON_MAX_LENGTH, type Refusal, type Step } from './desk.js';
import { type Attempted, BREAK_GLASS_STEP, type CardFacts, type RequestFound, type Saved } from './request-store.js';
import { readChallenge, type ToConfirm } from './typed-challenge.js';

export type GlassRefusal = Refusal | SealedRefusal | AcknowledgeRefusal;

/** So many waiting requests are offered at once. */
const MOST_OFFERED = 25;

export interface GlassDeskParts extends Pick<DeskParts, 'store' | 'reader' | 'stepUp' | 'policy' | 'clock'> {
  readonly sealed: SealedCodes;
  readonly uses: Pick<BreakGlassStore, 'reading' | 'acknowledge'>;
}

/** What was typed to have a request approved. */
export interface TypedSealed {
  /** One of each person, as typed. */
  readonly codes: readonly string[];
  readonly reason: string;
  readonly place: string;
}

/** A request that is opened with it: its card, and what its requester typed or read out. */
export interface SealedOpening extends TypedSealed {
  readonly formId: string;
  readonly requesterId: string;
  readonly card: CardFacts;
  readonly challenge: string;
  /** The requester's own. */
  readonly code: string;
}

export class GlassDesk {
  readonly #parts: GlassDeskParts;

  constructor(parts: GlassDeskParts) {
    this.#parts = parts;
  }

  /** How many codes are asked for, each of another person. */
  people(): number {
    return breakGlassOf(this.#parts.policy().policy).people;
  }

  /** Whether sealed codes in force were printed for this person. */
  async isNamed(personId: string): Promise<boolean> {
    return (await this.#parts.sealed.inForce())?.people.includes(personId) === true;
  }

  /** Requests that they could be used for, but for the person's own; the latest first. */
  async waitingFor(personId: string): Promise<readonly RequestFound[]> {
    const waiting = await this.#parts.reader.latestWaiting(MOST_OFFERED);
    return waiting.filter(({ request }) => request.requesterId !== personId);
  }

  /** Sealed codes for a request that is open: they stand for whoever was asked. */
  async breakFor(step: Step, typed: TypedSealed): Promise<Saved | Refused<GlassRefusal>> {
    const breaking = await this.#check(step, typed);
    if (isRefused(breaking)) return breaking;
    const by = attempted(step, breaking);
    const saved = this.#parts.store.update(step.requestId, by, (request, facts) => decideBreakGlass(request, facts, breaking), null);
    return await this.#orGiveBack(saved, breaking.spend, null);
  }

  /** Opens a request, proves its requester and has it approved, all in one step: whatever is wrong, nothing of it happens. */
  async open(typed: SealedOpening): Promise<Saved | ToConfirm | Refused<GlassRefusal>> {
    const { formId, requesterId, card, code } = typed;
    const challenge = readChallenge(typed.challenge, card);
    if (isRefused(challenge) || 'confirm' in challenge) return challenge;
    const attempt = { formId, actorId: requesterId };
    const breaking = await this.#check(attempt, typed);
    if (isRefused(breaking)) return breaking;
    const spend = await this.#proof(attempt, code);
    if (isRefused(spend)) {
      await this.#parts.sealed.giveBack(breaking.spend);
      return spend;
    }
    await this.#giveWay(card.id, requesterId);
    const draft = { id: newId(), cardId: card.id, requesterId, challenge: challenge.hex };
    const loaded = this.#parts.policy();
    const opening = { draft, formId, reason: breaking.reason, loaded };
    const opened = this.#parts.store.open(draft, attempted(attempt, breaking), loaded.policy, (facts) => decideSealedOpening(facts, opening, { spend, breaking }));
    return await this.#orGiveBack(opened, breaking.spend, spend);
  }

  /** A use and who reads its report; null: there is no such use. */
  reading(useId: string): Promise<GlassReading | null> {
    return this.#parts.uses.reading(useId, breakGlassOf(this.#parts.policy().policy));
  }

  /** Whoever reads the report says so, with a code of their own. Null: it is done. */
  async acknowledge(useId: string, code: string, attempt: Attempt): Promise<Refused<AcknowledgeRefusal> | null> {
    const reading = await this.reading(useId);
    if (reading === null) return refuse('no-such-report');
    if (reading.used.acknowledgedAt !== null) return refuse('report-acknowledged');
    if (!reading.readers.some(({ id }) => id === attempt.actorId)) return refuse('not-your-report');
    return await this.#acknowledgeWith(useId, code, attempt);
  }

  async #acknowledgeWith(useId: string, code: string, attempt: Attempt): Promise<Refused<AcknowledgeRefusal> | null> {
    const { stepUp, uses, store, policy, clock } = this.#parts;
    const { actorId: personId } = attempt;
    const at = clock();
    const verdict = await stepUp.check({ personId, code, scopes: [], attempt, at });
    // Nor with a recovery code: whoever found a sheet of those would silence the report.
    if (verdict.kind !== 'proof' || verdict.spend.kind === 'recovery') {
      await store.noteRefusedCode(null, personId, 'acknowledge');
      return refuse('code-not-accepted');
    }
    const refused = await uses.acknowledge({ useId, personId, spend: verdict.spend, loaded: policy(), at });
    if (refused !== null && refused.refused !== 'code-not-accepted') await stepUp.giveBack(verdict.spend);
    return refused;
  }

  /** A request for the card that nobody proved themselves for does not stand in the way. */
  async #giveWay(cardId: string, requesterId: string): Promise<void> {
    const { reader, store } = this.#parts;
    const before = await reader.openFor(cardId);
    if (before?.state === 'opened') await store.update(before.id, null, (request, facts) => decideGivenUp(request, facts, requesterId), null);
  }

  async #check(attempt: Attempt, { codes, reason: why, place }: TypedSealed): Promise<Breaking | Refused<'no-reason' | SealedRefusal>> {
    const { sealed, store, clock } = this.#parts;
    const by = place === AT_THE_SERVER ? AT_THE_SERVER : attempt.actorId;
    const reason = inertText(why, REASON_MAX_LENGTH);
    if (reason === '') return refuse('no-reason');
    const spend = await sealed.check({ typed: codes, attempt, at: clock() });
    if (isRefused(spend)) {
      if (spend.refused === 'sealed-not-accepted') await store.noteRefusedCode(null, by, sealedScope(clock()).key);
      return spend;
    }
    const named = (await sealed.inForce())?.people ?? [];
    const { policy, hash: policyHash } = this.#parts.policy();
    return { spend, reason, place, by, named, people: breakGlassOf(policy).people, policyHash };
  }

  /** The requester's own code, or one and the same refusal whatever was wrong with it. */
  async #proof(attempt: Attempt, code: string): Promise<SpentCode | Refused<'code-not-accepted'>> {
    const { stepUp, store, clock } = this.#parts;
    const scope = requestScope(attempt.formId);
    const verdict = await stepUp.check({ personId: attempt.actorId, code, scopes: [scope], attempt, at: clock() });
    if (verdict.kind === 'proof') return verdict.spend;
    await store.noteRefusedCode(null, attempt.actorId, scope.key);
    return refuse('code-not-accepted');
  }

  /** Right codes whose step was refused are not spent, and their tries are no wrong ones. */
  async #orGiveBack(outcome: Promise<Saved | Refused<Refusal>>, sealed: SpentSealed, spend: SpentCode | null): Promise<Saved | Refused<GlassRefusal>> {
    const settled = await outcome;
    if (!isRefused(settled)) return settled;
    // One of them was spent by another step first: which one is not said.
    if (settled.refused === 'code-not-accepted') return refuse('sealed-not-accepted');
    await this.#parts.sealed.giveBack(sealed);
    if (spend !== null) await this.#parts.stepUp.giveBack(spend);
    return settled;
  }
}

function attempted({ formId, actorId }: Attempt, { named }: Breaking): Attempted {
  return { formId, actorId, action: BREAK_GLASS_STEP, besides: named };
}
