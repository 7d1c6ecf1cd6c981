// Cuts what a person typed or pasted into groups, without what surrounds them.
import { toUsualWidth } from './misreadings.js';

// Blanks of every width, marks that cannot be seen, and what people and chat programs put between or around groups.
const SEPARATOR =
  '[' +
  String.raw`\s\u00AD\u200B-\u200F\u202A\u202C\u2060\u2066\u2068\u2069\uFE0E\uFE0F\u20E3` +
  String.raw`\u2010-\u2015\u2043\u2212\-_~` +
  String.raw`:;,.\u2026·•\u2027\u2219\u22C5\u3001\u3002\u30FB\uFF61\uFF64\uFF65/\\\u2044\u2215` +
  String.raw`'"\x60´‘’‚‛“”„‟′″«»‹›()[\]{}<>*#` +
  ']';
const SEPARATORS = new RegExp(`${SEPARATOR}+`, 'u');

const ARTICLE = String.raw`(?:the|my|der|die|das|mein|meine|le|la|mon)\s+`;
const VERB = String.raw`(?:is|reads|ist|lautet|est)(?=[\s:])`;
const SIGN = String.raw`[\s*_~'"\x60]*[:=]`;
const ANNOUNCED = String.raw`(?:${SIGN}|\s+${VERB})`;

// Some words may be groups of hex, so they count only as announced: CODE may be C0DE, and DEFI may be DEF1.
const INTRODUCTIONS: readonly string[] = [
  String.raw`(?:${ARTICLE})?(?:device[\s-]+)?(?:challenge|herausforderung)(?:(?:[\s-]?code)?${ANNOUNCED}|(?=${SEPARATOR}|$))`,
  String.raw`(?:${ARTICLE})?(?:code\s+(?:de\s+d[ée]fi|du\s+d[ée]fi)|défi)${ANNOUNCED}`,
  String.raw`${ARTICLE}(?:d[ée]fi|code)${ANNOUNCED}`,
];

/** "Challenge:", "The challenge code is", "Der Challenge-Code lautet", "Herausforderung:", "Le code de défi est". */
const INTRODUCTION = new RegExp(String.raw`^${SEPARATOR}*(?:${INTRODUCTIONS.join('|')})`, 'iu');

/** The groups of what was typed, without a heading, separators, quotes, brackets and marks. */
export function splitTyped(text: string): readonly string[] {
  const usual = toUsualWidth(text).normalize('NFC').replace(INTRODUCTION, ' ');
  const groups = usual.split(SEPARATORS).filter((group) => group !== '');
  const first = /^[0o]?x$/iu.test(groups[0] ?? '') ? 1 : 0;
  const behindLast = groups.length - first > 1 && /^h$/iu.test(groups.at(-1) ?? '') ? -1 : groups.length;
  return groups.slice(first, behindLast);
}

/** A group without the 0x before it or the h after it. */
export function withoutNotation(group: string): string {
  return group.replace(/^[0o]?x(?=.)/iu, '').replace(/(?<=.)h$/iu, '');
}
