// The dialogs of sealed codes, as plain data.
import { newToken } from '../lib/ids.js';
import { REASON_MAX_LENGTH } from '../unblock/desk.js';
import type { GlassUsed } from '../unblock/break-glass.js';
import type { RequestFound, RequestPicture } from '../unblock/request-store.js';
import type { Block, Field, Form } from './message.js';
import type { Speech } from './speech.js';
import { cardName, nameOf } from './views.js';

const SEALED_MAX_LENGTH = 40;
const ID_MAX_LENGTH = 40;

type People = RequestPicture['people'];

/** `codes`: how many are asked for, each of another person. */
export function sealedForm(waiting: readonly RequestFound[], people: People, { words, time }: Speech, codes: number): Form {
  const { sealed } = words;
  const choices = waiting.map(({ request, card }) => ({ value: request.id, label: sealed.choice(nameOf(request.requesterId, people), cardName(card), time(request.openedAt)) }));
  const code = (id: 'code' | 'otherCode', name: 'own' | 'other'): Field => ({ id, kind: 'one-time-code', maxLength: SEALED_MAX_LENGTH, ...sealed.field[name] });
  return {
    name: 'sealed-codes',
    formId: newToken(),
    target: '',
    title: sealed.title,
    blocks: [{ kind: 'text', text: sealed.intro, style: 'warning' }],
    fields: [
      { id: 'request', kind: 'choice', maxLength: ID_MAX_LENGTH, ...sealed.field.request, choices, value: choices[0]?.value ?? '' },
      code('code', 'own'),
      ...(codes > 1 ? [code('otherCode', 'other')] : []),
      { id: 'reason', kind: 'lines', maxLength: REASON_MAX_LENGTH, ...sealed.field.reason },
    ],
    submit: sealed.submit,
    buttons: [],
    frame: words.frame,
  };
}

/** What was done, and a code of whoever has read it. */
export function acknowledgeForm(used: GlassUsed, people: People, { words, time }: Speech): Form {
  const { sealed, label } = words;
  const owners = used.by.map((id) => nameOf(id, people)).join(', ');
  const facts: Block = { kind: 'facts', rows: [{ label: label.reason, value: used.reason }] };
  return {
    name: 'acknowledge',
    formId: newToken(),
    target: used.id,
    title: sealed.reportTitle,
    blocks: [{ kind: 'text', text: sealed.reportIntro(nameOf(used.requesterId, people), owners, time(used.at.getTime())) }, facts],
    fields: [{ id: 'code', kind: 'one-time-code', maxLength: SEALED_MAX_LENGTH, ...sealed.field.ownCode }],
    submit: sealed.acknowledge,
    buttons: [],
    frame: words.frame,
  };
}
