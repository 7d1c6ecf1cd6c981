// Every dialog and message as Slack would take it: a schema made from @slack/types, and Slack's limits.
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { ValidateFunction } from 'ajv';
import fc from 'fast-check';
import type { Block, Button, Form, Message } from '../../../src/chat/message.js';
import { drawMessage, inertMrkdwn } from '../../../src/chat/slack/blocks.js';
import { errorsAt, formView, homeView, inputsIn, isSentence, readDialogName, sentenceView, viewAgain } from '../../../src/chat/slack/dialog-view.js';
import { clip, LIMITS } from '../../../src/chat/slack/limits.js';
import { ENGLISH } from '../../../src/chat/english.js';
import { problemsInBlocks, problemsInView } from '../../support/slack-rules.js';
import { blockKitSchemas } from '../../support/slack-schema.js';

const text = fc.string({ unit: 'grapheme', maxLength: 5_000 });
const long = fc.oneof(text, fc.constantFrom('', ' ', '<!channel> <@U1> <https://x.test|x> :tada: *b* `c`', 'x'.repeat(5_000), '👩‍🚒'.repeat(900)));
const block: fc.Arbitrary<Block> = fc.oneof(
  fc.record({ kind: fc.constant('text' as const), text: long, style: fc.constantFrom('strong' as const, 'subtle' as const, 'warning' as const) }),
  fc.record({ kind: fc.constant('facts' as const), rows: fc.array(fc.record({ label: long, value: long }), { maxLength: 25 }) }),
  fc.record({ kind: fc.constant('steps' as const), items: fc.array(long, { minLength: 1, maxLength: 5 }) }),
  fc.record({ kind: fc.constant('code' as const), label: long, groups: long, copyLabel: long, copy: long }),
  fc.record({ kind: fc.constant('keep' as const), label: long, lines: fc.array(long, { maxLength: 10 }) }),
  fc.record({ kind: fc.constant('qr' as const), alt: long, instead: long, text: long }),
);
const button: fc.Arbitrary<Button> = fc.record({
  action: fc.constantFrom('approve' as const, 'deny' as const, 'cancel' as const),
  label: long,
  target: long,
  style: fc.constantFrom('primary' as const, 'danger' as const),
});
const message: fc.Arbitrary<Message> = fc.record({
  title: long,
  tone: fc.constantFrom('neutral' as const, 'waiting' as const, 'good' as const, 'bad' as const, 'warning' as const),
  blocks: fc.array(block, { maxLength: 120 }),
  buttons: fc.array(button, { maxLength: 30 }),
});
const FIELDS = ['challenge', 'code', 'reason', 'card', 'invitation'] as const;
const form: fc.Arbitrary<Form> = fc.record({
  name: fc.constant('unblock' as const),
  formId: fc.constant('f'.repeat(22)),
  target: fc.uuid(),
  title: long,
  blocks: fc.array(block, { maxLength: 120 }),
  fields: fc.subarray([...FIELDS]).chain((ids) =>
    fc.tuple(
      ...ids.map((id) =>
        fc.record({
          id: fc.constant(id),
          label: long,
          hint: long,
          value: long,
          kind: fc.constant(id === 'card' ? ('choice' as const) : ('lines' as const)),
          choices: fc.array(fc.record({ value: fc.uuid(), label: long }), { minLength: 1, maxLength: 120 }),
          optional: fc.boolean(),
          maxLength: fc.integer({ min: 1, max: 9_000 }),
        }),
      ),
    ),
  ),
  submit: long,
  buttons: fc.array(button, { maxLength: 30 }),
  frame: fc.record({ language: fc.constant('en' as const), close: long, fillIn: long }),
});

const draw = (one: Form) => formView(one, 'n');
/** As it goes over the wire. */
const sent = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe('whatever people write', () => {
  it('makes a message that Slack takes', () => {
    fc.assert(fc.property(message, (one) => expect(problemsInBlocks(sent(drawMessage(one).blocks))).toEqual([])), { numRuns: 60 });
  });

  it('makes a dialog that Slack takes', () => {
    fc.assert(fc.property(form, (one) => expect(problemsInView(sent(draw(one)))).toEqual([])), { numRuns: 60 });
  });

  it('makes a Home tab that Slack takes', () => {
    fc.assert(fc.property(message, (one) => expect(problemsInView(sent(homeView(one)))).toEqual([])), { numRuns: 30 });
  });

  it('stands in the one text that Slack interprets without a way to call anybody', () => {
    fc.assert(fc.property(message, (one) => expect(drawMessage(one).text).not.toMatch(/[<>]/)), { numRuns: 60 });
    expect(inertMrkdwn('<!channel> & <@U1>')).toBe('&lt;!channel&gt; &amp; &lt;@U1&gt;');
  });

  it('is cut to its place, never inside a character, and never to nothing', () => {
    fc.assert(fc.property(long, fc.integer({ min: 2, max: 4_000 }), (one, max) => {
      const cut = clip(one, max);
      expect(cut.length).toBeLessThanOrEqual(max);
      expect(cut.isWellFormed()).toBe(one.isWellFormed() || cut.isWellFormed());
      expect(cut).not.toBe('');
    }));
  });
});

describe('the schema that @slack/types stands for', () => {
  let isModal: ValidateFunction;
  let areBlocks: ValidateFunction;
  beforeAll(() => {
    ({ isModal, areBlocks } = blockKitSchemas());
  }, 60_000);

  it('has every dialog, message and Home tab in it', () => {
    fc.assert(fc.property(form, message, (one, other) => {
      expect([isModal(sent(draw(one))), isModal.errors]).toEqual([true, null]);
      const blocks = [...draw(one).blocks, ...homeView(other).blocks, ...drawMessage(other).blocks];
      expect([areBlocks(sent(blocks)), areBlocks.errors]).toEqual([true, null]);
    }), { numRuns: 25 });
    expect(isModal(sent(sentenceView('Done.', ENGLISH)))).toBe(true);
  });

  it('is strict enough to refuse a block that there is not', () => {
    expect(areBlocks([{ type: 'no_such_block' }])).toBe(false);
    expect(areBlocks([{ type: 'header', text: { type: 'plain_text', text: 'x' }, typo: 1 }])).toBe(false);
  });
});

describe('a dialog that comes back', () => {
  const asked: Form = {
    name: 'unblock',
    formId: 'AAAAAAAAAAAAAAAAAAAAAA',
    target: 'r1',
    title: 'x',
    blocks: [],
    fields: [{ id: 'challenge', label: 'C', kind: 'line', maxLength: 10 }],
    submit: 'Send',
    buttons: [],
    frame: ENGLISH.frame,
  };

  it('says which one it is and what it is about', () => {
    expect(readDialogName(draw(asked).private_metadata ?? '')).toEqual({ form: 'unblock', formId: asked.formId, target: 'r1' });
  });

  it.each(['', '{', '[]', '{"form":"no-such-form","formId":"x","target":""}'])('is nobody\'s when its metadata is %p', (metadata) => {
    expect(readDialogName(metadata)).toBeNull();
  });

  it('gives what was typed by field, and takes errors to where they belong', () => {
    const values = { 'challenge.n': { value: { value: 'AB' } }, 'card.n': { value: { selected_option: { value: 'c1' } } }, 'code.n': { value: { value: null } } };
    expect(inputsIn(values)).toEqual({ challenge: 'AB', card: 'c1' });
    expect(errorsAt(values, { challenge: 'Too short.' })).toEqual({ 'challenge.n': 'Too short.' });
    expect(errorsAt(values, { reason: 'Say why.' })).toBeNull();
  });

  it('shows what was put into its fields, for their ids are new at each drawing', () => {
    const ids = ['a', 'b'].map((nonce) => formView(asked, nonce).blocks.map((one) => one.block_id));
    expect(ids[0]).not.toEqual(ids[1]);
  });

  it('late is filled in as it was, but for codes, and says what is wrong', () => {
    const card: Form['fields'][number] = { id: 'card', label: 'Card', kind: 'choice', maxLength: 40, choices: [{ value: 'c1', label: 'One' }, { value: 'c2', label: 'Two' }] };
    const fields: Form['fields'] = [card, ...asked.fields, { id: 'person', label: 'P', kind: 'person', maxLength: 40 }, { id: 'code', label: 'Code', kind: 'one-time-code', maxLength: 40 }];
    const { title, blocks, submit = null, close = null, private_metadata: metadata = '' } = draw({ ...asked, fields });
    const values = {
      'card.n': { value: { selected_option: { value: 'c2' } } },
      'challenge.n': { value: { value: 'AB' } },
      'person.n': { value: { selected_user: 'U1' } },
      'code.n': { value: { value: '123456' } },
    };
    const again = viewAgain({ id: 'V1', title, blocks, submit, close, private_metadata: metadata, state: { values } }, { code: 'Not accepted.' }, 'm');
    expect(problemsInView(sent(again))).toEqual([]);
    expect(again.blocks[0]).toMatchObject({ type: 'section', text: { text: '⚠️ Not accepted.' } });
    expect(again.blocks.slice(1)).toMatchObject([
      { block_id: 'card.m', element: { initial_option: { value: 'c2' } } },
      { block_id: 'challenge.m', element: { initial_value: 'AB' } },
      { block_id: 'person.m', element: { initial_user: 'U1' } },
      { block_id: 'code.m', element: { type: 'plain_text_input' } },
    ]);
    expect(JSON.stringify(again)).not.toContain('123456');
    expect(readDialogName(again.private_metadata ?? '')).toEqual(readDialogName(metadata));
  });

  it('offers every choice, however many there are', () => {
    const choices = Array.from({ length: 250 }, (_, at) => ({ value: `c${at}`, label: `Card ${at}` }));
    const many = draw({ ...asked, fields: [{ id: 'card', label: 'Card', kind: 'choice', maxLength: 40, choices, value: 'c249' }] });
    expect(problemsInView(sent(many))).toEqual([]);
    expect(many.blocks[0]).toMatchObject({ element: { option_groups: [{ label: { text: '1–100' } }, {}, { label: { text: '201–250' } }], initial_option: { value: 'c249' } } });
    const offered = JSON.stringify(many);
    expect(choices.filter(({ value }) => !offered.includes(`"${value}"`))).toEqual([]);
  });

  it('is one sentence only when there is nothing else in it', () => {
    expect(isSentence({ ...asked, fields: [], submit: null, blocks: [{ kind: 'text', text: 'x' }] })).toBe(true);
    expect(isSentence(asked)).toBe(false);
    expect(isSentence({ ...asked, fields: [], submit: null, blocks: [{ kind: 'keep', label: 'x', lines: [] }] })).toBe(false);
  });
});

it('titles of all dialogs fit Slack\'s 24 characters uncut', () => {
  const { say } = ENGLISH;
  const titles = [say.unblockTitle, say.approveTitle, say.denyTitle, say.showTitle, say.responseTitle, say.newChallengeTitle, say.retryTitle, say.freezeTitle, say.enrolTitle, say.linkTitle];
  expect(titles.filter((title) => title.length > LIMITS.viewTitle)).toEqual([]);
});
