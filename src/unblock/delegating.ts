// Passing one's say on while away: what is asked for is checked, paid for with the giver's own code, and ended by the giver.
import { type DatesRefusal, daysAway, type Delegation, overlaps } from '../approval/delegation.js';
import type { Person } from '../directory/person.js';
import type { Clock } from '../lib/clock.js';
import { inertText } from '../lib/inert-text.js';
import { isRefused, refuse, type Refused } from '../lib/refusal.js';
import type { SpentCode } from '../stepup/authenticator-store.js';
import type { StepUp } from '../stepup/step-up.js';
import { REASON_MAX_LENGTH } from './desk.js';

export type DelegatingRefusal =
  | DatesRefusal
  /** The colleague has passed on their own say for some of that time. */
  | 'delegate-away'
  | 'delegate-self'
  /** Nobody who is active. */
  | 'delegate-unknown'
  | 'code-not-accepted'
  | 'no-reason';

/** The giver's own code, spent with a delegation, and the form that brought it. */
export interface PaidForm {
  readonly spend: SpentCode;
  readonly formId: string;
}

/** `gone`: one of the two is not active any more. `repeated`: the same form had its effect before. */
export type Delegated = 'given' | 'repeated' | 'code-spent' | 'gone';

/** What holds or will hold: by whom a person is stood in for, and for whom they stand in. */
export interface StandInsOf {
  readonly own: Delegation | null;
  readonly standsInFor: readonly Delegation[];
}

export interface DelegationStore {
  about(personId: string, at: Date): Promise<StandInsOf>;
  /** In the place of one that was there. Both are told, and so is whoever stood in before. `paid` null: at the command line. */
  give(delegation: Delegation, paid: PaidForm | null, at: Date): Promise<Delegated>;
  /** Gives the person their say back from now on. False where nobody has it. */
  end(personId: string, actor: string, at: Date): Promise<boolean>;
}

export interface DelegationAsked {
  readonly giver: Person;
  readonly standIn: Person;
  /** The first and the last day, both whole days on the calendars of the giver's site. */
  readonly first: string;
  readonly last: string;
  readonly reason: string;
}

export interface DelegationForm extends DelegationAsked {
  readonly code: string;
  readonly formId: string;
}

interface DelegationDeskParts {
  readonly store: DelegationStore;
  readonly stepUp: Pick<StepUp, 'check' | 'giveBack'>;
  /** By whose calendars a person's days are counted: those of their site. */
  readonly zoneOf: (person: Person) => string;
  readonly clock: Clock;
}

export class DelegationDesk {
  readonly #parts: DelegationDeskParts;

  constructor(parts: DelegationDeskParts) {
    this.#parts = parts;
  }

  /** The IANA name of the time zone in which this person's days are read. */
  zoneOf(person: Person): string {
    return this.#parts.zoneOf(person);
  }

  about(personId: string): Promise<StandInsOf> {
    return this.#parts.store.about(personId, this.#parts.clock());
  }

  /** Null: the same form was sent before, and what it gave is over. */
  async give(form: DelegationForm): Promise<Delegation | null | Refused<DelegatingRefusal>> {
    const { giver, code, formId } = form;
    const { store, stepUp, clock } = this.#parts;
    const at = clock();
    // The code comes last, so that nobody types another one because of a date.
    const delegation = await readDelegation(form, { store, zone: this.#parts.zoneOf(giver), at });
    if (isRefused(delegation)) return delegation;
    const verdict = await stepUp.check({ personId: giver.id, code, scopes: [], attempt: { formId, actorId: giver.id }, at });
    if (verdict.kind !== 'proof') return refuse('code-not-accepted');
    const { spend } = verdict;
    // A recovery code is for whoever lost their phone, and a paper that is found must move nobody's say.
    const outcome = 'recoveryCodeId' in spend ? 'code-spent' : await store.give(delegation, { spend, formId }, at);
    if (outcome === 'given') return delegation;
    // What came of the form, whatever stands in it now.
    if (outcome === 'repeated') return (await store.about(giver.id, at)).own;
    if (outcome === 'code-spent') return refuse('code-not-accepted');
    await stepUp.giveBack(spend);
    return refuse('delegate-unknown');
  }

  /** Needs no code: it gives nobody else anything. */
  end(personId: string): Promise<boolean> {
    return this.#parts.store.end(personId, personId, this.#parts.clock());
  }
}

/** What was typed, as a delegation that may be given. `zone`: the IANA name of the time zone in which the days are read. */
export async function readDelegation(
  { giver, standIn, reason: typed, ...days }: DelegationAsked,
  { store, zone, at }: { readonly store: Pick<DelegationStore, 'about'>; readonly zone: string; readonly at: Date },
): Promise<Delegation | Refused<Exclude<DelegatingRefusal, 'delegate-unknown' | 'code-not-accepted'>>> {
  if (standIn.id === giver.id) return refuse('delegate-self');
  const away = daysAway(days, zone, at.getTime());
  if (isRefused(away)) return away;
  const reason = inertText(typed, REASON_MAX_LENGTH);
  if (reason === '') return refuse('no-reason');
  const { own: theirs } = await store.about(standIn.id, at);
  if (theirs !== null && overlaps(away, theirs)) return refuse('delegate-away');
  return { personId: giver.id, standInId: standIn.id, ...away, reason };
}
