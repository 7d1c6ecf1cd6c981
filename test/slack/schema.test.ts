// Every message, dialog and Home tab that there can be, in every language: in the schema of @slack/types, and within Slack's limits.
import { beforeAll, describe, expect, it } from '@jest/globals';
import { languagesWith } from '../../src/chat/languages.js';
import type { Form, Message } from '../../src/chat/message.js';
import { ACTION_NAMES, FORM_NAMES } from '../../src/chat/names.js';
import { drawMessage } from '../../src/chat/slack/blocks.js';
import { formView, homeView, sentenceView } from '../../src/chat/slack/dialog-view.js';
import { ENGLISH } from '../../src/chat/english.js';
import { LANGUAGES } from '../../src/lib/language.js';
import { EVENT_NOTICE_KINDS } from '../../src/unblock/request-store.js';
import { DIALOGS, GALLERY_NOW, MESSAGES, VIEWERS } from '../support/gallery.js';
import { type BlockKitSchemas, blockKitSchemas } from '../support/slack-schema.js';
import { problemsInBlocks, problemsInView } from '../support/slack-rules.js';

let schemas: BlockKitSchemas;
beforeAll(() => {
  schemas = blockKitSchemas();
}, 60_000);

/** As it goes over the wire. */
const sent = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

function expectBlocks(blocks: readonly unknown[]): void {
  expect([schemas.areBlocks(sent(blocks)), schemas.areBlocks.errors]).toEqual([true, null]);
}

function expectUncut(drawn: unknown): void {
  expect(JSON.stringify(drawn)).not.toMatch(/…"/);
}

function checkMessage(message: Message): void {
  const { text, blocks } = drawMessage(message);
  expectBlocks(blocks);
  expect(problemsInBlocks(sent(blocks))).toEqual([]);
  expect(text).not.toMatch(/[<>]/);
  expectUncut(blocks);
}

function checkHome(message: Message): void {
  const view = homeView(message);
  expect([schemas.isHome(sent(view)), schemas.isHome.errors]).toEqual([true, null]);
  expectBlocks(view.blocks);
  expect(problemsInView(sent(view))).toEqual([]);
  expectUncut(view);
}

function checkDialog(form: Form): void {
  const view = formView(form, 'n');
  expect([schemas.isModal(sent(view)), schemas.isModal.errors]).toEqual([true, null]);
  expectBlocks(view.blocks);
  expect(problemsInView(sent(view))).toEqual([]);
  expectUncut(view);
}

describe.each(LANGUAGES.map((language) => ({ language, speech: languagesWith(language, 'UTC', () => GALLERY_NOW).byDefault })))('in $language', ({ speech }) => {
  it.each(MESSAGES)('$id is what Slack takes, uncut', ({ place, draw }) => {
    if (place === 'home') checkHome(draw(speech));
    else checkMessage(draw(speech));
  });

  it.each(DIALOGS)('$id is what Slack takes, uncut', ({ draw }) => {
    checkDialog(draw(speech));
  });

  it('every refusal fits a modal of its own', () => {
    for (const sentence of Object.values(speech.words.refusal)) {
      const view = sentenceView(sentence({}), speech.words);
      expect([schemas.isModal(sent(view)), schemas.isModal.errors]).toEqual([true, null]);
      expect(problemsInView(sent(view))).toEqual([]);
      expectUncut(view);
    }
  });
});

describe('the list of what can be shown', () => {
  const speech = languagesWith('en', 'UTC', () => GALLERY_NOW).byDefault;

  it('has every state for everyone who sees it, with a challenge and with a PUK', () => {
    const states = Object.keys(ENGLISH.pastState);
    const wanted = states.flatMap((state) => VIEWERS.flatMap((viewer) => [`${state} ${viewer} cryptogram`, `${state} ${viewer} puk`]));
    const listed = MESSAGES.flatMap(({ request }) => (request === undefined ? [] : [`${request.state} ${request.viewer} ${request.unlock}`]));
    expect(wanted.filter((one) => !listed.includes(one))).toEqual([]);
  });

  it('has every dialog', () => {
    const listed = new Set<string>(DIALOGS.map(({ draw }) => draw(speech).name));
    expect(FORM_NAMES.filter((name) => !listed.has(name))).toEqual([]);
  });

  it('has every button', () => {
    const messages = MESSAGES.flatMap(({ draw }) => draw(speech).buttons);
    const dialogs = DIALOGS.flatMap(({ draw }) => draw(speech).buttons);
    const listed = new Set<string>([...messages, ...dialogs].map(({ action }) => action));
    expect(ACTION_NAMES.filter((name) => !listed.has(name))).toEqual([]);
  });

  it('has everything that people are told, and no name twice', () => {
    const ids = [...MESSAGES, ...DIALOGS].map(({ id }) => id);
    expect(EVENT_NOTICE_KINDS.filter((kind) => !ids.includes(`told-${kind}`))).toEqual([]);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('the schema', () => {
  it('is strict: it refuses what only looks like a block', () => {
    expect(schemas.areBlocks([{ type: 'no_such_block' }])).toBe(false);
    expect(schemas.areBlocks([{ type: 'header', text: { type: 'plain_text', text: 'x' }, typo: 1 }])).toBe(false);
    expect(schemas.isModal({ type: 'modal', blocks: [] })).toBe(false);
  });
});
