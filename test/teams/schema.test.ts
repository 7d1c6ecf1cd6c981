// Every card and every dialog that there can be, in every language: without a complaint of Microsoft's parser, in the
// schema of Adaptive Cards 1.5, and within Teams' size. That each says all it has to say, and that the list of them is
// complete, stands in test/chat/every-platform.test.ts and test/slack/schema.test.ts.
import { describe, expect, it } from '@jest/globals';
import { languagesWith } from '../../src/chat/languages.js';
import { CARD_BYTES, drawForChannel, drawForm, drawForMember, drawMessage, type TeamsCard } from '../../src/chat/teams/cards.js';
import { LANGUAGES } from '../../src/lib/language.js';
import { cardSchema } from '../support/card-schema.js';
import { DIALOGS, GALLERY_NOW, MESSAGES } from '../support/gallery.js';
import { complaintsOf } from '../support/official-card.js';

const isCard = cardSchema();
/** The picker of people is Teams' own, and outside of version 1.5. */
const PICKER = { dataset: 'graph.microsoft.com/users', type: 'Data.Query' };

/** As it goes over the wire, but for the picker. */
function sent(card: TeamsCard): unknown {
  return JSON.parse(JSON.stringify(card), (key, value: unknown) => {
    if (key !== 'choices.data') return value;
    expect(value).toEqual(PICKER);
    return undefined;
  });
}

/** The parser wants choices where Teams' picker brings its own. */
function withChoices(card: unknown): unknown {
  return JSON.parse(JSON.stringify(card).replaceAll('"choices":[]', '"choices":[{"title":"x","value":"x"}]'));
}

function check(card: TeamsCard): void {
  const wire = sent(card);
  expect(complaintsOf(withChoices(wire))).toEqual([]);
  expect([isCard(wire), isCard.errors]).toEqual([true, null]);
  expect(Buffer.byteLength(JSON.stringify(card))).toBeLessThan(CARD_BYTES);
}

describe.each(LANGUAGES.map((language) => ({ language, speech: languagesWith(language, 'UTC', () => GALLERY_NOW).byDefault })))('in $language', ({ speech }) => {
  it.each(MESSAGES)('$id is a card that Teams takes', ({ draw }) => {
    const message = draw(speech);
    check(drawMessage(message));
    check(drawForMember(message, 'request-1', '29:sam'));
    check(drawForChannel(message, ['29:sam', '29:priya']));
  });

  it.each(DIALOGS)('$id is a dialog that Teams takes, the first time and when it comes again', ({ draw }) => {
    const form = draw(speech);
    check(drawForm(form));
    check(drawForm(form, { notes: [{ kind: 'text', style: 'warning', text: 'This does not match.' }], onceOnly: true }));
  });
});

describe('the schema', () => {
  const card = (content: object) => ({ type: 'AdaptiveCard', version: '1.5', body: [], ...content });
  const run = { type: 'TextRun', text: 'x' };

  it('takes what is right', () => {
    expect(isCard(card({ body: [{ type: 'RichTextBlock', inlines: [run] }] }))).toBe(true);
  });

  it.each<[string, object]>([
    ['a name that is mistyped', { body: [{ type: 'RichTextBlock', inlines: [{ ...run, colour: 'warning' }] }] }],
    ['a value that there is not', { body: [{ type: 'RichTextBlock', inlines: [{ ...run, color: 'purple' }] }] }],
    ['an element that there is not', { body: [{ type: 'Input.Secret', id: 'x', label: 'x' }] }],
    ['text in a place for elements', { body: ['words'] }],
    ['an input without a label', { body: [{ type: 'Input.Text', id: 'x' }] }],
    ['a picture without words', { body: [{ type: 'Image', url: 'data:image/png;base64,AA==' }] }],
    ['what came with version 1.6', { body: [{ type: 'Image', url: 'x', altText: 'x', forceLoad: true }] }],
    ['a later version', { version: '1.6' }],
    ['a refresh of nobody', { refresh: { action: { type: 'Action.Execute', title: 'x', verb: 'x', data: {} } } }],
  ])('refuses %s', (_, content) => {
    expect(isCard(card(content))).toBe(false);
  });
});
