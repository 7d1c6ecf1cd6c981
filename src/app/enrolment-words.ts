// The enrolment page says what the bot's own dialogs say.
import type { Languages } from '../chat/languages.js';
import type { EnrolmentWords, WordsFor } from '../http/enrolment-words.js';
import { languageOf } from '../lib/language.js';
import type { Wording } from '../chat/wording.js';

/** In the first of the reader's languages that we speak. */
export function enrolmentWords(languages: Languages): WordsFor {
  return (locales) => wordsIn(languages.speechFor(locales.find((locale) => languageOf(locale) !== null) ?? named(locales)).words);
}

/** What a client sends that has no wish is `*`. */
function named(locales: readonly string[]): string | undefined {
  return locales.find((locale) => locale !== '*');
}

function wordsIn({ say, field, label, submit, refusal, frame }: Wording): EnrolmentWords {
  return {
    language: frame.language,
    title: say.enrolTitle,
    intro: say.enrolIntro,
    invitation: field.invitation.label,
    next: submit.next,
    scan: say.scan,
    qrAlt: say.qrAlt,
    key: label.seed,
    newCode: field.newCode.label,
    oldCode: `${field.oldCode.label} (${field.oldCode.hint})`,
    finish: submit.finish,
    recovery: say.recoveryIntro,
    refused: {
      invitation: refusal['invitation-not-accepted']({}),
      code: refusal['code-not-accepted']({}),
      over: refusal['enrolment-expired']({}),
      tooFast: refusal['too-fast']({}),
    },
    fault: say.fault,
  };
}
