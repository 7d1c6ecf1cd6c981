// Form as a Slack modal, and the modals that stand in for one: waiting, emptied, one sentence.
import type { ViewSubmitAction } from '@slack/bolt';
import type { HomeView, InputBlock, KnownBlock, ModalView, PlainTextElement, PlainTextOption, StaticSelect } from '@slack/types';
import { z } from 'zod';
import type { Field, Form, FormName, Message } from '../message.js';
import { isFormName } from '../names.js';
import type { Wording } from '../wording.js';
import { bodyBlocks, buttonBlocks, header, plain, section, TONE_SIGNS } from './blocks.js';
import { LIMITS } from './limits.js';

/** The callback_id of every modal of ours. */
export const DIALOG = 'dialog';
const VALUE = 'value';

/** Which dialog of ours a modal is, and what it is about. Nothing in it is trusted. */
export interface DialogName {
  readonly form: FormName;
  readonly formId: string;
  readonly target: string;
}

/**
 * `nonce` makes the ids of this drawing's fields new: where they stay the same, Slack keeps what was typed instead of
 * showing what we put in (docs.slack.dev, "Modals": "Preserving input entry").
 */
export function formView(form: Form, nonce: string): ModalView {
  const inputs = form.fields.map((field) => inputBlock(field, nonce));
  const buttons = buttonBlocks(form.buttons);
  const room = LIMITS.viewBlocks - inputs.length - buttons.length;
  return {
    type: 'modal',
    callback_id: DIALOG,
    private_metadata: dialogName(form),
    title: plain(form.title, LIMITS.viewTitle),
    ...(form.submit === null ? {} : { submit: plain(form.submit, LIMITS.viewButton) }),
    close: plain(form.frame.close, LIMITS.viewButton),
    blocks: [...bodyBlocks(form.blocks).slice(0, room), ...inputs, ...buttons],
  };
}

/** A modal with one sentence and nothing to send. */
export function sentenceView(sentence: string, words: Wording): ModalView {
  return {
    type: 'modal',
    callback_id: DIALOG,
    title: plain(words.say.welcome.title, LIMITS.viewTitle),
    close: plain(words.frame.close, LIMITS.viewButton),
    blocks: [section(sentence)],
  };
}

/** A modal as it comes back when it is sent. */
export type SentView = Pick<ViewSubmitAction['view'], 'id' | 'title' | 'blocks' | 'submit' | 'close' | 'private_metadata'> & {
  readonly state: { readonly values: ViewValues };
};

/** What is typed anew each time. */
const SECRET_FIELDS = ['code', 'newCode', 'invitation'];

/** A modal that was sent, as it was filled in, with what is wrong above it. Codes have to be typed again. */
export function viewAgain(sent: SentView, errors: Readonly<Record<string, string>>, nonce: string): ModalView {
  const inputs = inputsIn(sent.state.values);
  const wrong = Object.values(errors).map((sentence) => section(`${TONE_SIGNS.warning}${sentence}`));
  const blocks = sent.blocks.map((block) => (isInput(block) ? filledIn(block, { inputs, nonce }) : block));
  return {
    type: 'modal',
    callback_id: DIALOG,
    private_metadata: sent.private_metadata,
    title: sent.title,
    ...(sent.submit === null ? {} : { submit: sent.submit }),
    ...(sent.close === null ? {} : { close: sent.close }),
    blocks: [...wrong, ...blocks].slice(0, LIMITS.viewBlocks),
  };
}

function isInput(block: SentView['blocks'][number]): block is InputBlock {
  return block.type === 'input';
}

function filledIn(block: InputBlock, { inputs, nonce }: { readonly inputs: Readonly<Record<string, string>>; readonly nonce: string }): InputBlock {
  const field = fieldIn(block.block_id ?? '');
  const value = SECRET_FIELDS.includes(field) ? undefined : inputs[field];
  const again = { ...block, block_id: `${field}.${nonce}` };
  return value === undefined ? again : { ...again, element: withValue(block.element, value) };
}

function withValue(element: InputBlock['element'], value: string): InputBlock['element'] {
  if (element.type === 'plain_text_input') return { ...element, initial_value: value };
  if (element.type === 'users_select') return { ...element, initial_user: value };
  if (element.type === 'datepicker') return { ...element, initial_date: value };
  if (element.type !== 'static_select') return element;
  const chosen = optionsOf(element).find((option) => option.value === value);
  return chosen === undefined ? element : { ...element, initial_option: chosen };
}

function optionsOf({ options = [], option_groups: groups = [] }: StaticSelect): readonly PlainTextOption[] {
  return [...options, ...groups.flatMap((group) => group.options)];
}

/** The bot's Home tab. */
export function homeView(message: Message): HomeView {
  const buttons = buttonBlocks(message.buttons);
  const blocks: KnownBlock[] = [header(message.title), ...bodyBlocks(message.blocks)];
  return { type: 'home', blocks: [...blocks.slice(0, LIMITS.viewBlocks - buttons.length), ...buttons] };
}

/** A dialog that only tells something: no field, no button. */
export function isSentence(form: Form): boolean {
  return form.submit === null && form.fields.length === 0 && form.buttons.length === 0 && form.blocks.every(({ kind }) => kind === 'text');
}

const metadata = z.object({ form: z.custom<FormName>(isFormName), formId: z.string(), target: z.string() });

/** Which dialog of ours a modal is by its private_metadata, or null. */
export function readDialogName(privateMetadata: string): DialogName | null {
  try {
    return metadata.parse(JSON.parse(privateMetadata));
  } catch {
    return null;
  }
}

/** `view.state.values` as Slack sends it: block, element, value. */
export type ViewValues = Readonly<
  Record<
    string,
    Readonly<
      Record<string, { readonly value?: string | null; readonly selected_option?: { readonly value: string } | null; readonly selected_user?: string | null; readonly selected_date?: string | null }>
    >
  >
>;

/** What was typed or chosen, by field. What was left empty is not in it. */
export function inputsIn(values: ViewValues): Readonly<Record<string, string>> {
  const given = Object.entries(values).flatMap(([blockId, elements]): [string, string][] => {
    const element = elements[VALUE];
    const value = element?.value ?? element?.selected_option?.value ?? element?.selected_user ?? element?.selected_date ?? null;
    return value === null ? [] : [[fieldIn(blockId), value]];
  });
  return Object.fromEntries(given);
}

/** Errors by the block that Slack shows them at; null where a field is not in the view. */
export function errorsAt(values: ViewValues, errors: Readonly<Record<string, string>>): Record<string, string> | null {
  const blockOf = new Map(Object.keys(values).map((blockId) => [fieldIn(blockId), blockId]));
  const placed = Object.entries(errors).map(([field, sentence]) => [blockOf.get(field), sentence] as const);
  const found = placed.flatMap(([blockId, sentence]): [string, string][] => (blockId === undefined ? [] : [[blockId, sentence]]));
  return found.length === 0 || found.length < placed.length ? null : Object.fromEntries(found);
}

function dialogName({ name, formId, target }: Form): string {
  return JSON.stringify({ form: name, formId, target });
}

function fieldIn(blockId: string): string {
  return blockId.split('.', 1)[0] ?? '';
}

function inputBlock(field: Field, nonce: string): InputBlock {
  return {
    type: 'input',
    block_id: `${field.id}.${nonce}`,
    label: plain(field.label, LIMITS.inputLabel),
    optional: field.optional === true,
    ...(field.hint === undefined ? {} : { hint: plain(field.hint, LIMITS.inputHint) }),
    element: inputElement(field),
  };
}

function inputElement(field: Field): InputBlock['element'] {
  if (field.kind === 'choice') return choiceElement(field);
  if (field.kind === 'person') return { type: 'users_select', action_id: VALUE };
  if (field.kind === 'date') return { type: 'datepicker', action_id: VALUE, ...(field.value === undefined ? {} : { initial_date: field.value }) };
  const most = Math.min(field.maxLength, LIMITS.inputText);
  const value = (field.value ?? '').slice(0, most);
  return {
    type: 'plain_text_input',
    action_id: VALUE,
    multiline: field.kind === 'lines',
    max_length: most,
    ...(value === '' ? {} : { initial_value: value }),
  };
}

function choiceElement({ choices = [], value }: Field): InputBlock['element'] {
  const options = choices.map(({ label, value: chosen }): PlainTextOption => ({ text: plain(label, LIMITS.optionText), value: chosen.slice(0, LIMITS.optionValue) }));
  const initial = options.find((option) => option.value === value);
  const offered = options.length <= LIMITS.options ? { options } : { option_groups: inGroups(options) };
  return { type: 'static_select', action_id: VALUE, ...offered, ...(initial === undefined ? {} : { initial_option: initial }) };
}

/** A menu holds a hundred, or a hundred groups of a hundred each. */
function inGroups(options: readonly PlainTextOption[]): { readonly label: PlainTextElement; readonly options: PlainTextOption[] }[] {
  const size = LIMITS.options;
  return Array.from({ length: Math.min(Math.ceil(options.length / size), LIMITS.optionGroups) }, (_, at) => {
    const part = options.slice(at * size, (at + 1) * size);
    return { label: plain(`${at * size + 1}–${at * size + part.length}`, LIMITS.optionText), options: part };
  });
}
