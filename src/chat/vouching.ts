// Somebody vouches for a colleague who sets up an authenticator: whom, and a code of their own.
import { isRefused, refuse } from '../lib/refusal.js';
import { findColleague } from './assisting.js';
import type { ChatEvent, Reply } from './event.js';
import { voucherForm, vouchForm } from './forms.js';
import { refused, sentenceFor } from './replies.js';
import type { Turn } from './turn.js';

type Submitted = Extract<ChatEvent, { kind: 'submitted' }>;

export function startVouching({ speech }: Turn): Reply {
  return { kind: 'form', form: vouchForm(speech) };
}

/** What counts, who may vouch for whom, is decided under the locks. */
export async function onVouch(turn: Turn, sent: Submitted): Promise<Reply> {
  const { enrolment, person, speech, clock } = turn;
  const { formId, inputs } = sent;
  const colleague = await findColleague(turn, sent);
  if (colleague === null) return { kind: 'field-errors', errors: { person: sentenceFor(refuse('no-such-person'), speech) } };
  const giver = { personId: person.id, code: inputs.code ?? '', attempt: { formId, actorId: person.id } };
  const vouched = await enrolment.vouch({ personId: colleague.id, giver, at: clock() });
  if (isRefused(vouched)) return refused(vouched, speech);
  return { kind: 'form', form: voucherForm(vouched.voucher, { name: colleague.name, until: vouched.until }, speech) };
}
