// Sealed codes in chat: a named person uses them for a request that waits, and the lead acknowledges the report.
import { isRefused, refuse } from '../lib/refusal.js';
import type { ChatEvent, Reply } from './event.js';
import { notice, refused } from './replies.js';
import { acknowledgeForm, sealedForm } from './sealed-forms.js';
import type { Turn } from './turn.js';

type Pressed = Extract<ChatEvent, { kind: 'pressed' }>;
type Submitted = Extract<ChatEvent, { kind: 'submitted' }>;

/** Only whoever has sealed codes learns which requests wait. */
export async function startSealed({ glass, desk, person, speech }: Turn): Promise<Reply> {
  if (!(await glass.isNamed(person.id))) return refused(refuse('not-your-decision'), speech);
  const waiting = await glass.waitingFor(person.id);
  if (waiting.length === 0) return notice(speech.words.sealed.nothingWaits, speech);
  const people = await desk.people(waiting.map(({ request }) => request.requesterId));
  return { kind: 'form', form: sealedForm(waiting, people, speech, glass.people()) };
}

export async function onSealed({ glass, person, speech }: Turn, { formId, inputs, from }: Submitted): Promise<Reply> {
  if (!(await glass.isNamed(person.id))) return refused(refuse('not-your-decision'), speech);
  const { request: requestId = '', code = '', otherCode = '', reason = '' } = inputs;
  const step = { actorId: person.id, formId, requestId };
  const codes = glass.people() > 1 ? [code, otherCode] : [code];
  const saved = await glass.breakFor(step, { codes, reason, place: from.platform });
  return isRefused(saved) ? refused(saved, speech) : { kind: 'done', say: speech.words.sealed.done };
}

export async function startAcknowledging({ glass, desk, person, speech }: Turn, { target }: Pressed): Promise<Reply> {
  const reading = await glass.reading(target);
  if (reading === null) return refused(refuse('no-such-report'), speech);
  const { used, readers } = reading;
  if (!readers.some(({ id }) => id === person.id)) return refused(refuse('not-your-report'), speech);
  if (used.acknowledgedAt !== null) return refused(refuse('report-acknowledged'), speech);
  const people = await desk.people([used.requesterId, ...used.by]);
  return { kind: 'form', form: acknowledgeForm(used, people, speech) };
}

export async function onAcknowledge({ glass, person, speech }: Turn, { formId, target, inputs }: Submitted): Promise<Reply> {
  const no = await glass.acknowledge(target, inputs.code ?? '', { formId, actorId: person.id });
  return no === null ? { kind: 'done', say: speech.words.sealed.acknowledged } : refused(no, speech);
}
