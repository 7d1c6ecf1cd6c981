// Message and Form as Adaptive Card 1.5 JSON: what the playground draws and Teams is sent.
import { qrPicture } from '../lib/qr.js';
import type { Block, Button, Field, Form, Frame, Message, Tone } from './message.js';

/** Teams shows no version above this (learn.microsoft.com, "Cards reference"). */
const VERSION = '1.5';
const SCHEMA = 'http://adaptivecards.io/schemas/adaptive-card.json';
/** Both sides are given, so that the dialog does not jump when the picture arrives. */
const QR_SIDE = '200px';

type TextStyle = 'strong' | 'subtle' | 'warning';
type ContainerStyle = 'default' | 'emphasis' | 'good' | 'attention' | 'warning' | 'accent';
type Spacing = 'none' | 'small' | 'default' | 'medium';

export interface TextRun {
  readonly type: 'TextRun';
  readonly text: string;
  readonly size?: 'small' | 'medium' | 'large' | 'extraLarge';
  readonly weight?: 'bolder';
  readonly color?: 'warning';
  readonly isSubtle?: boolean;
  readonly fontType?: 'monospace';
}

export interface RichTextBlock {
  readonly type: 'RichTextBlock';
  readonly id?: string;
  readonly inlines: readonly TextRun[];
  readonly spacing?: Spacing;
}

export interface Column {
  readonly type: 'Column';
  readonly width: number | 'auto' | 'stretch';
  readonly items: readonly RichTextBlock[];
}

export interface Container {
  readonly type: 'Container';
  readonly id?: string;
  readonly style: ContainerStyle;
  readonly bleed?: boolean;
  readonly items: readonly RichTextBlock[];
}

interface Input {
  readonly id: string;
  readonly label: string;
  readonly isRequired: boolean;
  readonly errorMessage?: string;
  readonly value?: string;
}

export type CardElement =
  | RichTextBlock
  | Container
  | { readonly type: 'ColumnSet'; readonly columns: readonly Column[]; readonly spacing?: Spacing }
  | { readonly type: 'Image'; readonly url: string; readonly altText: string; readonly width: string; readonly height: string }
  | (Input & { readonly type: 'Input.Date' })
  | (Input & { readonly type: 'Input.Text'; readonly maxLength: number; readonly isMultiline: boolean })
  | (Input & {
      readonly type: 'Input.ChoiceSet';
      readonly style: 'compact';
      readonly choices: readonly { readonly title: string; readonly value: string }[];
    });

/** What comes back when a button is pressed; a submitted form brings its inputs beside it, by field id. */
export type ActionPayload =
  | { readonly kind: 'pressed'; readonly action: string; readonly target: string }
  | { readonly kind: 'submitted'; readonly form: string; readonly formId: string; readonly target: string };

export interface SubmitAction {
  readonly type: 'Action.Submit';
  readonly title: string;
  readonly style?: 'positive' | 'destructive';
  readonly associatedInputs?: 'none';
  readonly data: ActionPayload;
}

export interface AdaptiveCard {
  readonly type: 'AdaptiveCard';
  readonly $schema: string;
  readonly version: string;
  readonly body: readonly CardElement[];
  readonly actions: readonly SubmitAction[];
}

/** A posted message: its title on the colour of its tone, then its blocks and buttons. The colour says nothing that the words do not. */
export function messageCard(message: Message): AdaptiveCard {
  const title: Container = {
    type: 'Container',
    style: TONE_STYLES[message.tone],
    bleed: true,
    items: [richText([run(message.title, { size: 'medium', weight: 'bolder' })])],
  };
  return adaptiveCard([title, ...message.blocks.flatMap((block, index) => blockElements(block, index))], message.buttons.map(pressAction));
}

/**
 * A dialog's content. Its title is left to the dialog's own frame, where every platform shows it. `qr` draws a QR code as
 * a data URI, in a format that the host shows.
 */
export function formCard(form: Form, qr = qrPicture): AdaptiveCard {
  const blocks = form.blocks.flatMap((block, index) => blockElements(block, index, qr));
  const body = [...blocks, ...form.fields.flatMap((field) => fieldElements(field, form.frame))];
  return adaptiveCard(body, [...submitActions(form), ...form.buttons.map(pressAction)]);
}

/** The id of the element that holds the block at this place in `blocks`, for a host that adds a copy button to it. */
export function blockElementId(index: number): string {
  return `block-${index}`;
}

/** The id of the element that holds a field's hint, for a host that ties the two together for a screen reader. */
export function hintElementId(fieldId: string): string {
  return `${fieldId}-hint`;
}

const TONE_STYLES: Record<Tone, ContainerStyle> = {
  neutral: 'emphasis',
  waiting: 'accent',
  good: 'good',
  bad: 'attention',
  warning: 'warning',
};

const TEXT_STYLES: Record<TextStyle, Partial<TextRun>> = {
  strong: { weight: 'bolder' },
  subtle: { isSubtle: true, size: 'small' },
  warning: { weight: 'bolder', color: 'warning' },
};

const ACTION_STYLES: Record<'primary' | 'danger', 'positive' | 'destructive'> = {
  primary: 'positive',
  danger: 'destructive',
};

function adaptiveCard(body: readonly CardElement[], actions: readonly SubmitAction[]): AdaptiveCard {
  return { type: 'AdaptiveCard', $schema: SCHEMA, version: VERSION, body, actions };
}

function blockElements(block: Block, index: number, qr = qrPicture): CardElement[] {
  switch (block.kind) {
    case 'text':
      return [richText([run(block.text, block.style === undefined ? {} : TEXT_STYLES[block.style])])];
    case 'facts':
      return block.rows.map((row, at) => columns([2, row.label, { isSubtle: true }], [5, row.value, {}], rowSpacing(at)));
    case 'steps':
      return block.items.map((item, at) => columns(['auto', `${at + 1}.`, {}], ['stretch', item, {}], rowSpacing(at)));
    case 'code':
      return [codeElement(block, blockElementId(index))];
    case 'keep':
      return [keepElement(block, blockElementId(index))];
    case 'qr':
      return [{ type: 'Image', url: qr(block.text), altText: block.alt, width: QR_SIDE, height: QR_SIDE }];
  }
}

function rowSpacing(at: number): Spacing {
  return at === 0 ? 'default' : 'small';
}

function codeElement(block: Extract<Block, { kind: 'code' }>, id: string): Container {
  return {
    type: 'Container',
    id,
    style: 'emphasis',
    items: [
      richText([run(block.label, { isSubtle: true, size: 'small' })]),
      richText([run(block.groups, { fontType: 'monospace', size: 'extraLarge', weight: 'bolder' })], 'small'),
      richText([run(`${block.copyLabel}: `, { isSubtle: true, size: 'small' }), run(block.copy, { fontType: 'monospace', size: 'small' })], 'small'),
    ],
  };
}

function keepElement(block: Extract<Block, { kind: 'keep' }>, id: string): Container {
  const lines = block.lines.map((line) => richText([run(line, { fontType: 'monospace' })], 'none'));
  return { type: 'Container', id, style: 'emphasis', items: [richText([run(block.label, { weight: 'bolder' })]), ...lines] };
}

function fieldElements(field: Field, frame: Frame): CardElement[] {
  const input = inputElement(field, frame);
  if (field.hint === undefined) return [input];
  return [input, { ...richText([run(field.hint, { isSubtle: true, size: 'small' })], 'small'), id: hintElementId(field.id) }];
}

function inputElement(field: Field, { fillIn }: Frame): CardElement {
  const required = field.optional !== true;
  const input: Input = {
    id: field.id,
    label: field.label,
    isRequired: required,
    ...(required ? { errorMessage: fillIn } : {}),
    ...(field.value === undefined ? {} : { value: field.value }),
  };
  if (field.kind === 'choice') {
    const choices = (field.choices ?? []).map(({ label, value }) => ({ title: label, value }));
    return { ...input, type: 'Input.ChoiceSet', style: 'compact', choices };
  }
  if (field.kind === 'date') return { ...input, type: 'Input.Date' };
  return { ...input, type: 'Input.Text', maxLength: field.maxLength, isMultiline: field.kind === 'lines' };
}

function submitActions(form: Form): SubmitAction[] {
  if (form.submit === null) return [];
  const data = { kind: 'submitted', form: form.name, formId: form.formId, target: form.target } as const;
  return [{ type: 'Action.Submit', title: form.submit, style: 'positive', data }];
}

function pressAction(button: Button): SubmitAction {
  return {
    type: 'Action.Submit',
    title: button.label,
    ...(button.style === undefined ? {} : { style: ACTION_STYLES[button.style] }),
    associatedInputs: 'none',
    data: { kind: 'pressed', action: button.action, target: button.target },
  };
}

type Cell<Width> = readonly [width: Width, text: string, look: Partial<TextRun>];

function columns(left: Cell<number | 'auto'>, right: Cell<number | 'stretch'>, spacing: Spacing): CardElement {
  return { type: 'ColumnSet', columns: [left, right].map(column), spacing };
}

function column([width, text, look]: Cell<Column['width']>): Column {
  return { type: 'Column', width, items: [richText([run(text, look)])] };
}

function richText(inlines: readonly TextRun[], spacing?: Spacing): RichTextBlock {
  return { type: 'RichTextBlock', inlines, ...(spacing === undefined ? {} : { spacing }) };
}

/**
 * Text as it is: a TextRun knows no Markdown, unlike TextBlock and FactSet. It still replaces {{DATE(…)}} and
 * {{TIME(…)}} (adaptivecards.io, "Text features"), so the doubled brace is parted by a character without width.
 */
function run(text: string, look: Partial<TextRun>): TextRun {
  return { type: 'TextRun', text: text.replace(/\{(?=\{)/g, '{\u2060'), ...look };
}
