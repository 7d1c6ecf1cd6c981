// One message and one dialog, drawn by every platform: all say the same, ask the same, and leave what people wrote as text.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { formCard, messageCard } from '../../src/chat/adaptive-card.js';
import { languagesWith } from '../../src/chat/languages.js';
import type { Block, Field, Form, Message } from '../../src/chat/message.js';
import { drawMessage as drawForSlack } from '../../src/chat/slack/blocks.js';
import { formView } from '../../src/chat/slack/dialog-view.js';
import { drawForm as drawFormForTeams, drawMessage as drawForTeams } from '../../src/chat/teams/cards.js';
import { ENGLISH } from '../../src/chat/english.js';
import { LANGUAGES } from '../../src/lib/language.js';
import { DIALOGS, GALLERY_NOW, MESSAGES } from '../support/gallery.js';

interface Platform {
  readonly name: string;
  readonly message: (message: Message) => unknown;
  readonly form: (form: Form) => unknown;
  /** What the platform would make something of, in what it shows. */
  readonly interpreted: RegExp;
}

/** In an Adaptive Card: elements with Markdown, mentions, and dates that are put in by the client. */
const IN_CARDS = /"type":"(TextBlock|FactSet|mention)"|"text":"[^"]*\{\{(DATE|TIME)/;
/** In Block Kit: every text but plain_text, and the elements of rich text that mean something. */
const IN_BLOCKS = /"type":"(mrkdwn|link|user|usergroup|broadcast|emoji|date)"|"emoji":true/;

const PLATFORMS: readonly Platform[] = [
  { name: 'playground', message: messageCard, form: (form) => formCard(form), interpreted: IN_CARDS },
  { name: 'slack', message: (message) => drawForSlack(message).blocks, form: (form) => formView(form, 'n'), interpreted: IN_BLOCKS },
  { name: 'teams', message: drawForTeams, form: drawForTeamsDialog, interpreted: IN_CARDS },
];

/** Without what goes back and forth with the form, which nobody is shown. */
function drawForTeamsDialog(form: Form): unknown {
  const card = drawFormForTeams(form);
  return { ...card, actions: card.actions.map((action) => ({ ...action, data: { ...action.data as object, echo: null } })) };
}

const MESSAGE: Message = {
  title: 'Emma Novak asks',
  tone: 'waiting',
  blocks: [
    { kind: 'text', text: 'Waiting for a decision.', style: 'strong' },
    { kind: 'text', text: 'You are her manager.', style: 'subtle' },
    { kind: 'text', text: 'The authenticator is new.', style: 'warning' },
    { kind: 'facts', rows: [{ label: 'Card', value: 'Work card' }] },
    { kind: 'steps', items: ['Go to the PC.', 'Type the response.'] },
  ],
  buttons: [
    { action: 'approve', label: 'Approve', target: 'request-1', style: 'primary' },
    { action: 'cancel', label: 'Cancel request', target: 'request-1' },
  ],
};

const FIELDS: readonly Field[] = [
  { id: 'person', label: 'Who calls', kind: 'person', maxLength: 100 },
  { id: 'card', label: 'Which card', kind: 'choice', choices: [{ value: 'a', label: 'Work card' }], value: 'a', maxLength: 60 },
  { id: 'challenge', label: 'Challenge', kind: 'line', hint: 'On the locked PC', value: '1603 EBDF', maxLength: 60 },
  { id: 'code', label: 'One-time code', kind: 'one-time-code', maxLength: 40 },
  { id: 'reason', label: 'Reason', kind: 'lines', optional: true, maxLength: 200 },
];

const FORM: Form = {
  name: 'unblock',
  formId: 'f'.repeat(22),
  target: 'request-1',
  title: 'Unblock my card',
  blocks: [...MESSAGE.blocks, { kind: 'code', label: 'Response', groups: '1603 EBDF', copyLabel: 'Without blanks', copy: '1603EBDF' }, { kind: 'keep', label: 'Codes', lines: ['7KQ2-M9TD'] }],
  fields: FIELDS,
  submit: 'Send request',
  buttons: [{ action: 'it-worked', label: 'It worked', target: 'request-1' }],
  frame: ENGLISH.frame,
};

/** Every word of a block; a picture's are said by those who cannot draw it in another way. */
function wordsOf(block: Block): readonly (string | RegExp)[] {
  switch (block.kind) {
    case 'text':
      return [block.text];
    case 'facts':
      return block.rows.flatMap(({ label, value }) => [label, value]);
    case 'steps':
      return block.items;
    case 'code':
      return [block.label, block.groups, block.copy];
    case 'keep':
      return [block.label, ...block.lines];
    case 'qr':
      return [new RegExp(`${block.alt}|${block.instead}`)];
  }
}

/** Every text that is shown, wherever it stands. */
function textsIn(drawn: unknown): readonly string[] {
  if (typeof drawn === 'string') return [drawn];
  if (Array.isArray(drawn)) return drawn.flatMap(textsIn);
  return typeof drawn === 'object' && drawn !== null ? Object.values(drawn).flatMap(textsIn) : [];
}

/** All that can be shown, in every language. */
const EVERYTHING = LANGUAGES.flatMap((language) => {
  const speech = languagesWith(language, 'UTC', () => GALLERY_NOW).byDefault;
  return [...MESSAGES, ...DIALOGS].map(({ id, draw }) => ({ id, language, about: draw(speech) }));
});

function saidBy({ title, blocks, buttons }: Message) {
  return { words: [title, ...blocks.flatMap(wordsOf)], labels: buttons.map(({ label }) => label) };
}

/** The title stands in the dialog's own frame, which is not drawn by us everywhere. */
function askedBy({ blocks, fields, submit, buttons }: Form) {
  const words = [...blocks.flatMap(wordsOf), ...fields.flatMap(({ hint = '', value = '' }) => [hint, value])];
  return { words, labels: [...fields.map(({ label }) => label), submit ?? '', ...buttons.map(({ label }) => label)] };
}

describe.each(PLATFORMS)('on $name', ({ message, form, interpreted }) => {
  it('a message says all it has to say, and has all its buttons', () => {
    const shown = textsIn(message(MESSAGE)).join('\n');
    for (const words of ['Emma Novak asks', 'Waiting for a decision.', 'her manager', 'is new', 'Card', 'Work card', 'Go to the PC.', 'Type the response.', 'Approve', 'Cancel request', 'request-1']) {
      expect(shown).toContain(words);
    }
  });

  it('a dialog asks for all its fields, under its own form and target', () => {
    const shown = textsIn(form(FORM)).join('\n');
    for (const { label, hint = '', value = '' } of FIELDS) for (const words of [label, hint, value]) expect(shown).toContain(words);
    for (const words of [FORM.formId, FORM.target, '1603 EBDF', '1603EBDF', '7KQ2-M9TD', 'Send request', 'It worked']) expect(shown).toContain(words);
  });

  it.each(EVERYTHING)('$id in $language says all it has to say, and no text of it is interpreted', ({ about }) => {
    const { drawn, words, labels } = 'fields' in about ? { drawn: form(about), ...askedBy(about) } : { drawn: message(about), ...saidBy(about) };
    const shown = textsIn(drawn).join('\n');
    for (const one of [...words, ...labels]) expect(shown).toEqual(typeof one === 'string' ? expect.stringContaining(one) : expect.stringMatching(one));
    expect(JSON.stringify(drawn)).not.toMatch(interpreted);
  });

  it('what people wrote is text, whatever it holds', () => {
    const hostile = fc.constantFrom('<!channel>', '<@U123>', '[x](https://evil.example)', '**bold**', '<at>all</at>', '{{DATE(2026-01-01)}}', '&lt;', ':warning:', '@here');
    fc.assert(
      fc.property(hostile, fc.string({ maxLength: 20 }), (trap, more) => {
        const written = `${trap} ${more}`;
        const drawn = JSON.stringify([message({ ...MESSAGE, blocks: [{ kind: 'text', text: written }] }), form({ ...FORM, blocks: [{ kind: 'facts', rows: [{ label: 'Reason', value: written }] }] })]);
        expect(drawn).not.toMatch(interpreted);
      }),
    );
  });
});
