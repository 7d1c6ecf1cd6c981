// Every sentence that chat shows: short, plain, with a next step, and telling an attacker nothing.
import { describe, expect, it } from '@jest/globals';
import { ENGLISH } from '../../src/chat/english.js';
import type { ChatRefusal } from '../../src/chat/wording.js';

const refusals = Object.keys(ENGLISH.refusal) as ChatRefusal[];
const LONGEST = 200;

/** What the sentences need to name, as the code that refuses gives it. */
const DETAILS: { readonly [K in ChatRefusal]?: Readonly<Record<string, string>> } = {
  'challenge-empty': { expected: '16' },
  'challenge-length': { digits: '15', expected: '16', group: '4', groupDigits: '3', groupSize: '4' },
  'challenge-not-hex': { character: 'X', expected: '16' },
  'no-approver': { missing: 'manager, helpdesk' },
};

function sentence(refusal: ChatRefusal): string {
  return ENGLISH.refusal[refusal](DETAILS[refusal] ?? {});
}

/** All texts in a value, however deep; functions are called with plain words. */
function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(textsIn);
}

describe('a refusal', () => {
  it.each(refusals)('%s is a short text of whole sentences', (refusal) => {
    const text = sentence(refusal);
    expect(text).toMatch(/^["A-Z].*[.]$|^["A-Z].*[.]["]?$/);
    expect(text.length).toBeLessThanOrEqual(LONGEST);
    expect(text).not.toMatch(/undefined|null|NaN|\[object|\s{2}|!/);
  });

  it.each(refusals)('%s is a whole sentence without any detail, too', (refusal) => {
    expect(ENGLISH.refusal[refusal]({})).not.toMatch(/undefined|null/);
  });

  it('says the same for codes of every kind, and not what was wrong', () => {
    expect(sentence('code-not-accepted')).toBe(
      'That code was not accepted. Wait for the next one (each works once). After several tries it locks; the helpdesk can help.',
    );
  });

  it('has a sentence of its own for each reason', () => {
    expect(new Set(refusals.map(sentence)).size).toBe(refusals.length);
  });

  it('says what to do next, unless there is nothing to do', () => {
    const step = /\b([Aa]sk|Bring|[Cc]all|Choose|Close|Get|Give|Look|press|Say|[Ss]tart|[Tt]ry again|Type|Wait)\b/;
    const without = refusals.filter((refusal) => !step.test(sentence(refusal)));
    expect(without.sort()).toEqual(['already-approved', 'challenge-not-hex', 'not-your-decision', 'not-your-request', 'vote-ended']);
  });
});

describe('a card near its limit', () => {
  it('is never said to lock after none more', () => {
    expect(ENGLISH.say.cause['near-limit']({ left: '1' })).toContain('after 1 more');
    expect(ENGLISH.say.cause['near-limit']({ left: '0' })).toBe('It has refused as many as it may, so it may be locked for good by now.');
  });
});

describe('a challenge of the wrong length', () => {
  it('says how many digits there are, how many there should be, and which group to look at', () => {
    expect(sentence('challenge-length')).toBe(
      'That has 15 digits; a challenge of your card has 16. Look at group 4: it has 3 instead of 4. Type it again as it stands there.',
    );
  });

  it('says what the length suggests: the challenge of another kind of card, or something that is none', () => {
    const about = (digits: string, expected: string, suggests: string) => ENGLISH.refusal['challenge-length']({ digits, expected, suggests });
    expect(about('32', '16', 'aes')).toContain('an AES card, but yours is registered as 3DES');
    expect(about('16', '32', '3des')).toContain('a 3DES card, but yours is registered as AES');
    expect(about('48', '16', 'key')).toContain('Never type one here');
    expect(about('6', '16', 'code')).toContain('one-time code or a PIN');
    expect(about('15', '16', 'digit-lost')).toContain('Type it again as it stands there.');
  });

  it('names no group where none stands out', () => {
    expect(ENGLISH.refusal['challenge-length']({ digits: '12', expected: '16' })).toBe(
      'That has 12 digits; a challenge of your card has 16. Type it again as it stands there.',
    );
  });
});

describe('every text', () => {
  const texts = [...textsIn(ENGLISH), ...refusals.map(sentence)];

  it('is there, on one line, and shouts at nobody', () => {
    expect(texts.length).toBeGreaterThan(100);
    for (const text of texts) expect(text).toMatch(/^\S.*\S$/u);
    for (const text of texts) expect(text).not.toMatch(/!|\p{Cc}/u);
  });

  it('blames nobody and knows no jargon of ours', () => {
    for (const text of texts) expect(text).not.toMatch(/\b(invalid|illegal|error|failed to|TOTP|cryptogram|formId|exception)\b/i);
  });
});

describe('buttons', () => {
  it('are named in a few words, no two alike', () => {
    const labels = Object.values(ENGLISH.button);
    expect(new Set(labels).size).toBe(labels.length);
    for (const label of labels) expect(label.length).toBeLessThanOrEqual(30);
  });
});
