// Who is spoken to in which language.
import { type Language, languageOf, LANGUAGES } from '../lib/language.js';
import { timeWords } from './clock-words.js';
import { ENGLISH } from './english.js';
import { GERMAN } from './german.js';
import type { Speech } from './speech.js';
import type { Wording } from './wording.js';

/** `formats`: the locale whose dates and times (of 24 hours) go with the words. */
const SPOKEN: { readonly [K in Language]: { readonly words: Wording; readonly formats: string } } = {
  en: { words: ENGLISH, formats: 'en-GB' },
  de: { words: GERMAN, formats: 'de-DE' },
};
/** For whoever reads a language that is not spoken here. */
const COMMON: Language = 'en';

export interface Languages {
  /** For channels. */
  readonly byDefault: Speech;
  /** In the language of this locale, English where we do not speak it; the default where nobody knows the locale. */
  speechFor(locale: string | null | undefined): Speech;
}

/** `timeZone`: an IANA name. */
export function languagesWith(ours: Language, timeZone: string, now: () => number): Languages {
  const speechIn = (language: Language): Speech => {
    const { words, formats } = SPOKEN[language];
    return { words, now, time: timeWords(timeZone, formats, now) };
  };
  const speeches = new Map(LANGUAGES.map((language) => [language, speechIn(language)]));
  const byDefault = speeches.get(ours) ?? speechIn(ours);
  return {
    byDefault,
    speechFor(locale) {
      if (locale === null || locale === undefined) return byDefault;
      return speeches.get(languageOf(locale) ?? COMMON) ?? byDefault;
    },
  };
}
