// Somebody is away and a colleague decides in their place: who, from when to when, why, and a code of their own.
import type { Delegation } from '../approval/delegation.js';
import { isRefused, refuse } from '../lib/refusal.js';
import { findColleague } from './assisting.js';
import { delegateForm, delegationLines, delegationMessage, type DelegationsShown, givenWords } from './delegation-views.js';
import type { ChatEvent, Reply } from './event.js';
import { notice, refused } from './replies.js';
import type { Turn } from './turn.js';
import { nameOf } from './views.js';

type Submitted = Extract<ChatEvent, { kind: 'submitted' }>;

/** Everybody may: what nobody asks them, nobody asks whoever stands in for them. */
export async function startDelegating(turn: Turn): Promise<Reply> {
  const { delegations, person, speech } = turn;
  return { kind: 'form', form: delegateForm(await shownTo(turn), delegations.zoneOf(person), speech) };
}

/** The same in a chat whose words open no dialog. */
export async function tellOfDelegation(turn: Turn): Promise<Reply> {
  return { kind: 'message', message: delegationMessage(await shownTo(turn), turn.speech) };
}

/** Who decides in whose place, for the person's own page. */
export async function standInLines(turn: Turn): Promise<readonly string[]> {
  return delegationLines(await shownTo(turn), turn.speech);
}

export async function onDelegate(turn: Turn, sent: Submitted): Promise<Reply> {
  const { delegations, desk, person: giver, speech } = turn;
  const { first = '', last = '', reason = '', code = '' } = sent.inputs;
  const standIn = await findColleague(turn, sent);
  if (standIn === null) return refused(refuse('delegate-unknown'), speech);
  const given = await delegations.give({ giver, standIn, first, last, reason, code, formId: sent.formId });
  if (given === null) return notice(speech.words.delegating.none, speech);
  if (isRefused(given)) return refused(given, speech);
  // Of a form that is sent again with somebody else in it, the first one stands.
  const name = nameOf(given.standInId, await desk.people([given.standInId]));
  return notice(givenWords({ ...given, name }, speech), speech);
}

/** At once: it gives nobody else anything. */
export async function endDelegation({ delegations, person, speech }: Turn): Promise<Reply> {
  const ended = await delegations.end(person.id);
  return notice(ended ? speech.words.delegating.ended : speech.words.delegating.notAway, speech);
}

async function shownTo({ delegations, desk, person }: Turn): Promise<DelegationsShown> {
  const { own, standsInFor } = await delegations.about(person.id);
  const ids = [...(own === null ? [] : [own.standInId]), ...standsInFor.map(({ personId }) => personId)];
  const people = ids.length === 0 ? new Map<string, never>() : await desk.people(ids);
  const shown = (one: Delegation, id: string) => ({ name: nameOf(id, people), from: one.from, until: one.until });
  return { own: own === null ? null : shown(own, own.standInId), standsInFor: standsInFor.map((one) => shown(one, one.personId)) };
}
