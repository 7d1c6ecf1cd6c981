// Who is spoken to in which language, and how times are written in it.
import { describe, expect, it } from '@jest/globals';
import { ENGLISH } from '../../src/chat/english.js';
import { GERMAN } from '../../src/chat/german.js';
import { languagesWith } from '../../src/chat/languages.js';
import { LANGUAGES } from '../../src/lib/language.js';

const NOW = Date.UTC(2026, 10, 23, 14, 5);
const now = () => NOW;

describe('a locale', () => {
  const inEnglish = languagesWith('en', 'UTC', now);
  const inGerman = languagesWith('de', 'UTC', now);

  it.each(['de', 'de-DE', 'de-AT', 'DE_ch', 'de-Latn-DE'])('%s is answered in German', (locale) => {
    expect(inEnglish.speechFor(locale).words).toBe(GERMAN);
  });

  it.each(['en', 'en-US', 'en-GB', 'fr-FR', 'den', 'x', ''])('%p is answered in English, also where German is the default', (locale) => {
    expect(inGerman.speechFor(locale).words).toBe(ENGLISH);
  });

  it('that nobody knows is answered in the default', () => {
    for (const unknown of [null, undefined]) {
      expect(inEnglish.speechFor(unknown).words).toBe(ENGLISH);
      expect(inGerman.speechFor(unknown).words).toBe(GERMAN);
    }
    expect(inGerman.byDefault.words).toBe(GERMAN);
  });
});

describe('a time', () => {
  const at = (locale: string) => languagesWith('en', 'Europe/Berlin', now).speechFor(locale).time;

  it('of today is the hour of twenty-four and the minute, in the time zone of the installation', () => {
    expect(at('en-US')(NOW)).toBe('15:05 CET');
    expect(at('de')(NOW)).toBe('15:05 MEZ');
  });

  it('of another day has the date before it', () => {
    const then = Date.UTC(2026, 4, 30, 22, 30);
    expect(at('en-US')(then)).toBe('31 May, 00:30 CEST');
    expect(at('de')(then)).toBe('31. Mai, 00:30 MESZ');
  });
});

it('every language names itself as it is named', () => {
  for (const language of LANGUAGES) expect(languagesWith(language, 'UTC', now).byDefault.words.frame.language).toBe(language);
});
