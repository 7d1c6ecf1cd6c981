// What Teams asks and waits for: buttons and dialogs, read from its invokes and answered in its words.
import { z } from 'zod';
import type { ChatEvent, Reply } from '../event.js';
import type { Form } from '../message.js';
import { isActionName, isFormName } from '../names.js';
import { sentenceOf, textsOf } from '../replies.js';
import type { Wording } from '../wording.js';
import { storable, type TeamsActivity } from './activity.js';
import { AT_ONCE, CARD_TYPE, drawForm, type Echo, PRESS_VERB, REFRESH_VERB, type TeamsCard } from './cards.js';

/** What an invoke is answered with. */
export interface InvokeAnswer {
  readonly status: number;
  readonly body?: unknown;
}

type Press = Pick<Extract<ChatEvent, { kind: 'pressed' }>, 'kind' | 'action' | 'target'>;
type Look = Pick<Extract<ChatEvent, { kind: 'refreshed' }>, 'kind' | 'target'>;
/** What a dialog brings: a press of a button in it, or what was typed. */
export type Sent = Press | Submitted;
type Submitted = Pick<Extract<ChatEvent, { kind: 'submitted' }>, 'kind' | 'form' | 'formId' | 'target' | 'inputs'>;

/** Longer inputs than any field of ours takes are cut. */
const INPUT_KEPT = 2_000;

const target = z.string().max(200).transform(storable);
const pressSchema = z.looseObject({ kind: z.literal('pressed'), action: z.custom<Press['action']>(isActionName), target });
const text = z.string().max(5_000);
const row = z.object({ label: text, value: text });
/** Without those that show a secret: they are never carried along. */
const blockSchema: z.ZodType<Form['blocks'][number]> = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('text'), text, style: z.enum(['strong', 'subtle', 'warning']).exactOptional() }),
  z.object({ kind: z.literal('facts'), rows: z.array(row).max(20) }),
  z.object({ kind: z.literal('steps'), items: z.array(text).max(20) }),
]);
const fieldSchema: z.ZodType<Form['fields'][number]> = z.object({
  id: z.enum(['person', 'card', 'request', 'challenge', 'code', 'otherCode', 'newCode', 'number', 'reason', 'invitation', 'first', 'last']),
  label: text,
  kind: z.enum(['line', 'lines', 'one-time-code', 'choice', 'person', 'date']),
  hint: text.exactOptional(),
  value: text.exactOptional(),
  choices: z.array(z.object({ value: text, label: text })).max(100).exactOptional(),
  optional: z.boolean().exactOptional(),
  maxLength: z.int().positive(),
});
const echoSchema: z.ZodType<Echo> = z.object({
  title: text,
  blocks: z.array(blockSchema).max(50),
  fields: z.array(fieldSchema).max(10),
  submit: text.nullable(),
  onceOnly: z.boolean(),
});
const submittedSchema = z.looseObject({
  kind: z.literal('submitted'),
  form: z.custom<Submitted['form']>(isFormName),
  formId: z.string().max(60).transform(storable),
  target,
});
const taskSchema = z.looseObject({ data: z.unknown() });
const executeSchema = z.looseObject({ action: z.looseObject({ verb: z.string(), data: z.unknown() }) });

/** `task/fetch`: a button whose answer is a dialog. */
export function pressIn(value: unknown): Press | null {
  const press = pressSchema.safeParse(taskSchema.safeParse(value).data?.data).data;
  return press === undefined ? null : { kind: 'pressed', action: press.action, target: press.target };
}

/** `task/submit`: a dialog that was sent, or a button in one. */
export function sentIn(value: unknown): Sent | null {
  const data = taskSchema.safeParse(value).data?.data;
  const sent = submittedSchema.safeParse(data).data;
  if (sent === undefined) return pressIn(value);
  const inputs = Object.entries(sent).flatMap(([name, input]): [string, string][] =>
    typeof input === 'string' && isFieldId(name) ? [[name, storable(input.slice(0, INPUT_KEPT))]] : [],
  );
  const { form, formId } = sent;
  // The picker of people gives an Entra object id, which is kept in lower case.
  const person = inputs.find(([name]) => name === 'person')?.[1];
  if (person !== undefined) inputs.push(['person', person.toLowerCase()]);
  return { kind: 'submitted', form, formId, target: sent.target, inputs: Object.fromEntries(inputs) };
}

/** The manifest's only command of the message extension, and the dialogs that it leads through. */
const EXTENSION_COMMAND = 'assist';
const EXTENSION_FORMS: readonly Submitted['form'][] = ['caller', 'assist'];
const extensionSchema = z.looseObject({ commandId: z.literal(EXTENSION_COMMAND) });

/** `composeExtension/fetchTask` and `composeExtension/submitAction`: the helpdesk asks for a caller, and nothing else. */
export function fromExtension({ name, value }: Pick<TeamsActivity, 'name' | 'value'>): Sent | null {
  if (!extensionSchema.safeParse(value).success) return null;
  if (name === 'composeExtension/fetchTask') return { kind: 'pressed', action: 'help-caller', target: '' };
  const sent = name === 'composeExtension/submitAction' ? sentIn(value) : null;
  return sent?.kind === 'submitted' && EXTENSION_FORMS.includes(sent.form) ? sent : null;
}

/** `adaptiveCard/action`: a button that acts at once, or a card that asks for its newest state. */
export function executedIn(value: unknown): Press | Look | null {
  const action = executeSchema.safeParse(value).data?.action;
  if (action?.verb === PRESS_VERB) {
    const press = pressIn(action);
    // What comes of it stands in the chat for a moment, so nothing that belongs into a dialog may be asked for in this way.
    return press !== null && AT_ONCE.includes(press.action) ? press : null;
  }
  const look = z.looseObject({ target }).safeParse(action?.data).data;
  return action?.verb === REFRESH_VERB && look !== undefined ? { kind: 'refreshed', target: look.target } : null;
}

/** A dialog that was sent, and the language that its sender reads. */
interface Answered {
  readonly value: unknown;
  readonly submitted: Submitted;
  readonly words: Wording;
}

/** A reply in the frame of a dialog. `sent`: the dialog that it answers, which comes back with what was refused in it. */
export function inDialog(reply: Reply, sent: Answered | null): InvokeAnswer {
  switch (reply.kind) {
    case 'form':
      return opened(reply.form.title, drawForm(reply.form));
    case 'field-errors':
      return again(reply.errors, sent);
    case 'message':
      return told(textsOf(reply.message));
    case 'done':
      return reply.say === undefined ? { status: 200 } : told(reply.say);
    case 'nothing':
      return { status: 200 };
  }
}

/** A reply to a button that acts at once: its sentence, shown to that person alone. */
export function besideCard(reply: Reply): InvokeAnswer {
  return { status: 200, body: { statusCode: 200, type: 'application/vnd.microsoft.activity.message', value: sentenceOf(reply) } };
}

export function asCard(card: TeamsCard): InvokeAnswer {
  return { status: 200, body: { statusCode: 200, type: CARD_TYPE, value: card } };
}

function opened(title: string, card: TeamsCard): InvokeAnswer {
  const value = { title, height: 'medium', width: 'medium', card: { contentType: CARD_TYPE, content: card } };
  return { status: 200, body: { task: { type: 'continue', value } } };
}

function told(sentence: string): InvokeAnswer {
  return { status: 200, body: { task: { type: 'message', value: sentence } } };
}

/** Teams marks no field as wrong from outside, so the dialog comes again. Whatever it holds is only shown to who sent it. */
function again(errors: Readonly<Record<string, string>>, sent: Answered | null): InvokeAnswer {
  const data = z.looseObject({ echo: z.unknown() }).safeParse(taskSchema.safeParse(sent?.value).data?.data).data;
  const echo = echoSchema.safeParse(data?.echo).data;
  if (echo === undefined || sent === null) return told(Object.values(errors).join(' '));
  const { form: name, formId, target: about, inputs } = sent.submitted;
  const fields = echo.fields.map((field) => filled(field, inputs[field.id]));
  const notes = Object.entries(errors).map(([id, error]): Form['blocks'][number] => {
    const label = echo.fields.find((field) => field.id === id)?.label;
    return { kind: 'text', style: 'warning', text: label === undefined ? error : `${label}: ${error}` };
  });
  const { title, blocks, submit, onceOnly } = echo;
  const form: Form = { name, formId, target: about, title, blocks, fields, submit, buttons: [], frame: sent.words.frame };
  const gone: readonly Form['blocks'][number][] = onceOnly ? [{ kind: 'text', text: sent.words.say.qrOnce }] : [];
  // What was refused the last time is not carried along.
  return opened(title, drawForm(form, { notes: [...gone, ...notes], onceOnly }));
}

/** With what was typed, but never a code. */
function filled(field: Form['fields'][number], typed: string | undefined): Form['fields'][number] {
  return typed === undefined || field.kind === 'one-time-code' ? field : { ...field, value: typed.slice(0, field.maxLength) };
}

const FIELD_IDS: Record<Form['fields'][number]['id'], true> = { person: true, card: true, request: true, challenge: true, code: true, otherCode: true, newCode: true, number: true, reason: true, invitation: true, first: true, last: true };

function isFieldId(name: string): boolean {
  return Object.hasOwn(FIELD_IDS, name);
}
