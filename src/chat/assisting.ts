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

export async function onCaller(turn: Turn, sent: Submitted): Promise<Reply> {
  const { person, speech } = turn;
  if (!isAgent(person)) return refused(refuse('not-an-agent'), speech);
  const caller = await findColleague(turn, sent);
  if (caller === null) {
    const no = refuse((sent.inputs.person ?? '').includes('@') ? 'no-such-person' : 'caller-not-linked');
    return { kind: 'field-errors', errors: { person: sentenceFor(no, speech) } };
  }
  return await askFor(turn, caller);
}

async function askFor({ desk, speech }: Turn, caller: Person): Promise<Reply> {
  const cards = await desk.cardsOf(caller.id);
  const no = unfitToAsk(cards);
  return no === null ? { kind: 'form', form: assistForm(caller, cards, {}, speech) } : refused(no, speech);
}

/** The active person whom the field `person` of a dialog names, or null. */
export async function findColleague(turn: Turn, { from, inputs }: Submitted): Promise<Person | null> {
  const given = inputs.person ?? '';
  // A platform with a picker of people gives the id of an account there; the others give what was typed.
  return (await turn.behind({ ...from, userId: given })) ?? (await findCaller(turn, given));
}

async function findCaller({ findPerson }: Turn, typed: string): Promise<Person | null> {
  return await findPerson(normaliseEmail(typed));
}
