// The helpdesk asks for a person who calls it: whom, then their card, the challenge they read out, and their code.
import type { Person } from '../directory/person.js';
import { normaliseEmail } from '../directory/person.js';
import { refuse } from '../lib/refusal.js';
import { unfitToAsk } from '../unblock/typed-challenge.js';
import { isAgent } from '../unblock/standing.js';
import type { ChatEvent, Reply } from './event.js';
import { assistForm, callerForm } from './forms.js';
import { refused, sentenceFor } from './replies.js';
import type { Turn } from './turn.js';

type Submitted = Extract<ChatEvent, { kind: 'submitted' }>;

/** `typed`: the caller's e-mail address, if it was given already. */
export async function startAssisting(turn: Turn, typed = ''): Promise<Reply> {
  const { person, speech } = turn;
  if (!isAgent(person)) return refused(refuse('not-an-agent'), speech);
  const caller = typed === '' ? null : await findCaller(turn, typed);
  return caller === null ? { kind: 'form', form: callerForm(speech) } : await askFor(turn, caller);
}

export async function onCaller(turn: Turn, { from, inputs }: Submitted): Promise<Reply> {
  const { person, behind, speech } = turn;
  if (!isAgent(person)) return refused(refuse('not-an-agent'), speech);
  const given = inputs.person ?? '';
  // A platform with a picker of people gives the id of an account there; the others give what was typed.
  const caller = (await behind({ ...from, userId: given })) ?? (await findCaller(turn, given));
  if (caller === null) return { kind: 'field-errors', errors: { person: sentenceFor(refuse('no-such-person'), speech) } };
  return await askFor(turn, caller);
}

async function askFor({ desk, speech }: Turn, caller: Person): Promise<Reply> {
  const cards = await desk.cardsOf(caller.id);
  const no = unfitToAsk(cards);
  return no === null ? { kind: 'form', form: assistForm(caller, cards, {}, speech) } : refused(no, speech);
}

async function findCaller({ findPerson }: Turn, typed: string): Promise<Person | null> {
  return await findPerson(normaliseEmail(typed));
}
