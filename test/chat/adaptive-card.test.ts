// What is drawn from Message and Form is valid for Microsoft's own parser, and free text in it stays text.
import { createRequire } from 'node:module';
import { describe, expect, it } from '@jest/globals';
import type * as Renderer from 'adaptivecards';
import fc from 'fast-check';
import { blockElementId, formCard, hintElementId, messageCard } from '../../src/chat/adaptive-card.js';
import type { AdaptiveCard } from '../../src/chat/adaptive-card.js';
import { ENGLISH } from '../../src/chat/english.js';
import type { Block, Field, Form, Message, Tone } from '../../src/chat/message.js';

// The package's main entry does not load in Node; its browser bundle does, once `self` is there.
Object.assign(globalThis, { self: globalThis });
const { AdaptiveCard: OfficialCard, SerializationContext } = createRequire(import.meta.url)(
  'adaptivecards/dist/adaptivecards.js',
) as typeof Renderer;

const MESSAGE_BLOCKS: readonly Block[] = [
  { kind: 'text', text: 'Dana Weiss was asked.' },
  { kind: 'text', text: 'Strong', style: 'strong' },
  { kind: 'text', text: 'Subtle', style: 'subtle' },
  { kind: 'text', text: 'Warning', style: 'warning' },
  { kind: 'facts', rows: [{ label: 'Card', value: 'Work card, ends in 4411' }, { label: 'Why', value: 'PIN forgotten' }] },
  { kind: 'steps', items: ['Read the challenge.', 'Give it to the bot.'] },
];

const FORM_BLOCKS: readonly Block[] = [
  ...MESSAGE_BLOCKS,
  { kind: 'code', label: 'Response', groups: '1603 EBDF 1C8A 2E72', copyLabel: 'Without blanks', copy: '1603EBDF1C8A2E72' },
  { kind: 'keep', label: 'Recovery codes', lines: ['7KQ2-M9TD', '0HW8-3PNC'] },
  { kind: 'qr', alt: 'QR code for your authenticator', instead: 'Type the key.', text: 'otpauth://totp/Countersign:emma?secret=JBSWY3DPEHPK3PXP' },
];

const FIELDS: readonly Field[] = [
  { id: 'card', label: 'Card', kind: 'choice', choices: [{ value: 'a', label: 'Work card' }], value: 'a', maxLength: 60 },
  { id: 'challenge', label: 'Challenge', kind: 'line', hint: '16 characters', value: '1603', maxLength: 60 },
  { id: 'code', label: 'Your one-time code', kind: 'one-time-code', maxLength: 12 },
  { id: 'reason', label: 'Reason', kind: 'lines', optional: true, maxLength: 200 },
];

function aMessage(change: Partial<Message> = {}): Message {
  return {
    title: 'Waiting for approval',
    tone: 'waiting',
    blocks: MESSAGE_BLOCKS,
    buttons: [
      { action: 'approve', label: 'Approve', target: 'r1', style: 'primary' },
      { action: 'deny', label: 'Deny', target: 'r1', style: 'danger' },
      { action: 'my-authenticator', label: 'Set up my authenticator', target: '' },
    ],
    ...change,
  };
}

function aForm(change: Partial<Form> = {}): Form {
  return {
    name: 'unblock',
    formId: 'f-1',
    target: 'r1',
    title: 'Unblock my card',
    blocks: FORM_BLOCKS,
    fields: FIELDS,
    submit: 'Ask for approval',
    buttons: [{ action: 'it-worked', label: 'It worked', target: 'r1' }],
    frame: ENGLISH.frame,
    ...change,
  };
}

/** What Microsoft's parser and validation have against a card. */
function complaints(card: AdaptiveCard): string[] {
  const official = new OfficialCard();
  const context = new SerializationContext();
  official.parse(card, context);
  const parsing = Array.from({ length: context.eventCount }, (_, index) => context.getEventAt(index));
  return [...parsing, ...official.validateProperties().validationEvents].map((event) => event.message);
}

/** Every object in a JSON value that has a type. */
function elements(value: unknown): { type: string; [key: string]: unknown }[] {
  if (typeof value !== 'object' || value === null) return [];
  const inside = Object.values(value).flatMap(elements);
  return 'type' in value && typeof value.type === 'string' ? [{ ...value, type: value.type }, ...inside] : inside;
}

function texts(card: AdaptiveCard): unknown[] {
  return elements(card).filter((element) => element.type === 'TextRun').map((element) => element['text']);
}

describe('a message', () => {
  it.each<Tone>(['neutral', 'waiting', 'good', 'bad', 'warning'])('of tone %s is a valid Adaptive Card 1.5', (tone) => {
    const card = messageCard(aMessage({ tone }));
    expect(card.version).toBe('1.5');
    expect(complaints(card)).toEqual([]);
  });

  it('has a colour of its own for each tone, beside a title in words', () => {
    const tones: Tone[] = ['neutral', 'waiting', 'good', 'bad', 'warning'];
    const heads = tones.map((tone) => elements(messageCard(aMessage({ tone }))).find((element) => element.type === 'Container'));
    expect(new Set(heads.map((head) => head?.['style'])).size).toBe(tones.length);
    expect(texts(messageCard(aMessage()))).toContain('Waiting for approval');
  });

  it('shows every fact and step in its order', () => {
    expect(texts(messageCard(aMessage())).join('|')).toContain(
      'Card|Work card, ends in 4411|Why|PIN forgotten|1.|Read the challenge.|2.|Give it to the bot.',
    );
  });

  it('sends a pressed button with its target and no inputs', () => {
    expect(messageCard(aMessage()).actions[0]).toEqual({
      type: 'Action.Submit',
      title: 'Approve',
      style: 'positive',
      associatedInputs: 'none',
      data: { kind: 'pressed', action: 'approve', target: 'r1' },
    });
  });

  it('marks a dangerous button as such', () => {
    expect(messageCard(aMessage()).actions.map((action) => action.style)).toEqual(['positive', 'destructive', undefined]);
  });
});

describe('a form', () => {
  it('with every kind of block and field is a valid Adaptive Card 1.5', () => {
    expect(complaints(formCard(aForm()))).toEqual([]);
  });

  it('that is only to be read is valid too, and has no button to send', () => {
    const card = formCard(aForm({ submit: null, fields: [], buttons: [] }));
    expect(complaints(card)).toEqual([]);
    expect(card.actions).toEqual([]);
  });

  it('is sent with its name, its id and its target', () => {
    expect(formCard(aForm()).actions[0]?.data).toEqual({ kind: 'submitted', form: 'unblock', formId: 'f-1', target: 'r1' });
  });

  it('gives each input the id of its field and its length', () => {
    const inputs = elements(formCard(aForm())).filter((element) => element.type.startsWith('Input.'));
    expect(inputs.map(({ type, id, maxLength, isRequired }) => [type, id, maxLength, isRequired])).toEqual([
      ['Input.ChoiceSet', 'card', undefined, true],
      ['Input.Text', 'challenge', 60, true],
      ['Input.Text', 'code', 12, true],
      ['Input.Text', 'reason', 200, false],
    ]);
  });

  it('puts a hint under its field, where a host finds it by id', () => {
    const hint = elements(formCard(aForm())).find((element) => element['id'] === hintElementId('challenge'));
    expect(elements(hint).map((element) => element['text'])).toContain('16 characters');
  });

  it('shows a code in groups and once more without blanks, where a host finds it by id', () => {
    const at = FORM_BLOCKS.findIndex((block) => block.kind === 'code');
    const box = elements(formCard(aForm())).find((element) => element['id'] === blockElementId(at));
    const runs = elements(box).filter((element) => element.type === 'TextRun');
    expect(runs.find((run) => run['text'] === '1603 EBDF 1C8A 2E72')).toMatchObject({ fontType: 'monospace', size: 'extraLarge' });
    expect(runs.map((run) => run['text'])).toContain('1603EBDF1C8A2E72');
  });

  it('draws a QR code as a picture in the card itself, with words for those who cannot see it', () => {
    const image = elements(formCard(aForm())).find((element) => element.type === 'Image');
    const [head, svg] = String(image?.['url']).split(',');
    expect(head).toBe('data:image/svg+xml;base64');
    expect(Buffer.from(svg ?? '', 'base64').toString()).toMatch(/^<svg /);
    expect(image?.['altText']).toBe('QR code for your authenticator');
  });
});

describe('free text', () => {
  it('lies only in elements that know no Markdown', () => {
    const types = [messageCard(aMessage()), formCard(aForm())].flatMap(elements).map((element) => element.type);
    expect(types).not.toContain('TextBlock');
    expect(types).not.toContain('FactSet');
  });

  it('stays as it was typed', () => {
    fc.assert(
      fc.property(fc.string().filter((text) => !text.includes('{{')), (text) => {
        const card = messageCard(aMessage({ title: text, blocks: [{ kind: 'facts', rows: [{ label: 'Reason', value: text }] }] }));
        expect(texts(card)).toEqual([text, 'Reason', text]);
      }),
    );
  });

  it('cannot ask the renderer for a date or a time', () => {
    const text = '{{DATE(2026-01-01T00:00:00Z)}} {{{TIME(2026-01-01T00:00:00Z)}}}';
    const card = messageCard(aMessage({ blocks: [{ kind: 'text', text }] }));
    expect(texts(card).join('')).toContain('DATE(2026');
    expect(texts(card).join('')).not.toContain('{{');
  });
});
