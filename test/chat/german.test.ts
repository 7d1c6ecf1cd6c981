// German says all that English says: no sentence is missing, none is left in English, and each names the same things.
import { describe, expect, it } from '@jest/globals';
import { parseChallenge } from '../../src/card/challenge.js';
import { BUILT_IN_PROFILES } from '../../src/card/profiles.js';
import { spellHex } from '../../src/card/spelling.js';
import { ENGLISH } from '../../src/chat/english.js';
import { CARD_TEXTS, GERMAN_NAMES } from '../../src/chat/german-cards.js';
import { GERMAN } from '../../src/chat/german.js';
import type { ChatRefusal } from '../../src/chat/wording.js';
import { parseNumbers } from '../../src/unblock/numbers.js';

/** The same in both languages: the product's name, and what the PC's own screen says. */
const SAME = ['field.challenge.label', 'field.challengeIfAny.label', 'label.puk', 'label.response', 'say.welcome.title'];

/** German needs more room than English, whose refusals have 200 characters. */
const LONGEST = 240;

type Sentence = (...given: readonly unknown[]) => unknown;

interface Leaf {
  readonly path: string;
  readonly value: string | Sentence;
}

function leavesOf(value: unknown, path = ''): readonly Leaf[] {
  if (typeof value === 'string') return [{ path, value }];
  if (typeof value === 'function') return [{ path, value: value as Sentence }];
  if (typeof value !== 'object' || value === null) throw new Error(`${path} is neither words nor a function`);
  return Object.entries(value).flatMap(([key, inside]) => leavesOf(inside, path === '' ? key : `${path}.${key}`));
}

/** Whatever is asked of it is there, and can be found again in a sentence. */
const DETAILS = new Proxy<Record<string, string>>({}, { get: (_, name) => `‹${String(name)}›` });
const PEOPLE = ['‹one›', '‹two›'];
const A_MONTH = parseNumbers({ month: '2026-06', requests: 12, answered: 10, firstTime: 9, medianMs: 240_000, p95Ms: 900_000 });

/** What a sentence is called with, where words alone do not do. */
function givenTo({ path, value }: Leaf): readonly (readonly unknown[])[] {
  if (/^(refusal|say\.cause)\./.test(path)) return [[DETAILS], [{}]];
  if (path.startsWith('event.')) return [true, false].map((mine) => [{ person: '‹person›', card: '‹card›', other: '‹other›', from: '‹from›', until: '‹until›', mine }]);
  if (path === 'say.anyOf') return [[PEOPLE, 1], [PEOPLE, 2]];
  if (path === 'say.allOf') return [[PEOPLE]];
  if (path.startsWith('numbers.')) return [[parseNumbers({})], [A_MONTH]];
  return [Array.from({ length: typeof value === 'string' ? 0 : value.length }, (_, at) => `‹${at}›`)];
}

/** Each text of a leaf: it itself, or all that comes of calling it. */
function textsOf(leaf: Leaf): readonly string[] {
  const { value } = leaf;
  if (typeof value === 'string') return [value];
  return givenTo(leaf).flatMap((given) => leavesOf(value(...given)).map((inside) => String(inside.value)));
}

/** Beside what it was called with. */
function hasWords(text: string): boolean {
  return /\p{L}{2}/u.test(text.replace(/‹[^›]*›/g, ''));
}

function namedIn(text: string): readonly string[] {
  return [...new Set(text.match(/‹[^›]*›/g) ?? [])].sort();
}

const german = new Map(leavesOf(GERMAN).map((leaf) => [leaf.path, leaf]));
const pairs = leavesOf(ENGLISH)
  .filter(({ path }) => path !== 'cardText')
  .map((english) => ({ path: english.path, english, german: german.get(english.path) ?? { path: english.path, value: '' } }));

describe('German', () => {
  it('has every sentence, and none beside', () => {
    expect([...german.keys()].sort()).toEqual(leavesOf(ENGLISH).map(({ path }) => path).sort());
    expect(pairs.length).toBeGreaterThan(300);
  });

  it('is a text where English is one, and asks for as much where it is a function', () => {
    const kind = ({ value }: Leaf) => (typeof value === 'string' ? 'text' : `function of ${value.length}`);
    expect(pairs.filter((pair) => kind(pair.english) !== kind(pair.german)).map(({ path }) => path)).toEqual([]);
  });

  it('names in each sentence what English names', () => {
    const named = (leaf: Leaf) => textsOf(leaf).map(namedIn);
    for (const pair of pairs) expect([pair.path, named(pair.german)]).toEqual([pair.path, named(pair.english)]);
  });

  it('leaves nothing in English', () => {
    const inBoth = (pair: (typeof pairs)[number]) => textsOf(pair.english).some((text, at) => text === textsOf(pair.german)[at] && hasWords(text));
    expect(pairs.filter(inBoth).map(({ path }) => path).sort()).toEqual(SAME);
  });

  it('is whole sentences of one line, which shout at nobody', () => {
    for (const { path, german: leaf } of pairs) {
      for (const text of textsOf(leaf)) {
        expect([path, text]).toEqual([path, expect.stringMatching(/^\S(.*\S)?$/u)]);
        expect([path, text]).not.toEqual([path, expect.stringMatching(/undefined|NaN|\[object|!|\p{Cc}/u)]);
      }
    }
  });

  it('addresses people with Sie, in German quotation marks', () => {
    const texts = pairs.filter(({ path }) => !path.startsWith('spoken.')).flatMap((pair) => textsOf(pair.german));
    for (const text of texts) expect(text).not.toMatch(/\b(du|dich|dir|dein|deine[nmrs]?|euch|euer)\b|["']/i);
  });
});

describe('a German refusal', () => {
  const refusals = Object.keys(GERMAN.refusal) as ChatRefusal[];

  it.each(refusals)('%s is short, and a sentence without any detail too', (refusal) => {
    const text = GERMAN.refusal[refusal]({});
    expect(text).toMatch(/^[„\p{Lu}].*[.]$/u);
    expect(text.length).toBeLessThanOrEqual(LONGEST);
  });

  it('has a sentence of its own for each reason', () => {
    expect(new Set(refusals.map((refusal) => GERMAN.refusal[refusal]({}))).size).toBe(refusals.length);
  });

  it('names whose approval is missing', () => {
    const missing = 'manager, manager-of-manager, helpdesk, group:security, on-call:nights';
    expect(GERMAN.refusal['no-approver']({ missing })).toContain(
      'Ihre Führungskraft, die Führungskraft Ihrer Führungskraft, den Helpdesk, die Gruppe security, den Bereitschaftsdienst nights',
    );
  });
});

describe('German buttons', () => {
  it('are named in a few words, no two alike', () => {
    const labels = Object.values(GERMAN.button);
    expect(new Set(labels).size).toBe(labels.length);
    for (const label of labels) expect(label.length).toBeLessThanOrEqual(30);
  });

  it('are called by the names that sentences give them', () => {
    const names = new Set([...Object.values(GERMAN.button), ...Object.values(GERMAN.submit)]);
    const quoted = pairs.flatMap((pair) => textsOf(pair.german)).flatMap((text) => text.match(/(?<=(drücken Sie|Drücken Sie in diesem Chat auf) „)[^“]+/g) ?? []);
    expect(quoted.length).toBeGreaterThan(2);
    for (const name of quoted) expect(names).toContain(name);
  });
});

describe('what is said about a kind of card', () => {
  it.each(BUILT_IN_PROFILES.all.map((profile) => [profile.id, profile] as const))('%s is in German', (_, { challengeOnScreen, afterResponse, instead }) => {
    for (const text of [challengeOnScreen, ...afterResponse, ...(instead === null ? [] : [instead])]) expect(GERMAN.cardText(text)).not.toBe(text);
  });

  it('is said about a kind that there is', () => {
    const said = BUILT_IN_PROFILES.all.flatMap(({ name, challengeOnScreen, afterResponse, instead }) => [name, challengeOnScreen, ...afterResponse, instead]);
    expect(Object.keys(CARD_TEXTS).filter((text) => !said.includes(text))).toEqual([]);
  });

  it('has a German name unless the name is a product', () => {
    const english = BUILT_IN_PROFILES.all.map(({ name }) => name).filter((name) => GERMAN.cardText(name) === name);
    expect(english.filter((name) => /\b(with|without|whose|card|key|other|and)\b/i.test(name))).toEqual([]);
  });

  it('is left as it is where a site wrote it', () => {
    expect(GERMAN.cardText('Bring the badge to the gate.')).toBe('Bring the badge to the gate.');
  });
});

describe('a response read aloud in German', () => {
  it('is understood where a challenge is dictated', () => {
    const groups = '0123 4567 89AB CDEF';
    expect(spellHex('04A8', GERMAN_NAMES)).toBe('null vier Alfa acht');
    expect(parseChallenge(spellHex(groups, GERMAN_NAMES), 8)).toMatchObject({ groups });
  });

  it('has a name for every sign that English names', () => {
    expect(Object.keys(GERMAN_NAMES.signs).sort()).toEqual(Object.keys(ENGLISH.spoken.signs).sort());
    expect(new Set(Object.values(GERMAN_NAMES.signs)).size).toBe(Object.keys(GERMAN_NAMES.signs).length);
  });
});
