// What an e-mail may say: nothing to click, and nothing that opens a card.
import { describe, expect, it } from '@jest/globals';
import { timeWords } from '../../src/chat/clock-words.js';
import { ENGLISH } from '../../src/chat/english.js';
import { GERMAN } from '../../src/chat/german.js';
import { textsOf } from '../../src/chat/replies.js';
import { eventMessage } from '../../src/chat/views.js';
import { EVENT_NOTICE_KINDS } from '../../src/unblock/request-store.js';

const ABOUT = { person: 'Emma Novak', card: "Emma's card", other: 'Dana Weber' };

describe.each([['English', ENGLISH], ['German', GERMAN]])('an e-mail in %s', (_language, words) => {
  const speech = { words, time: timeWords('UTC', 'en-GB', () => 0), now: () => 0 };

  it.each(EVENT_NOTICE_KINDS)('about %s has no address to click, no file, and no code', (kind) => {
    for (const mine of [true, false]) {
      const message = eventMessage(kind, { ...ABOUT, mine }, speech);
      const all = [message.title, textsOf(message), message.footer ?? ''].join('\n');
      expect(all).not.toMatch(/https?:|www\.|mailto:|<[a-z]+|\b[0-9A-F]{8,}\b|\b\d{6}\b/);
      expect(message.title).not.toMatch(/[\r\n]/);
      expect(message.buttons).toEqual([]);
    }
  });
});
