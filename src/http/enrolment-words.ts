// What the enrolment page has to say, in one language.

export interface EnrolmentWords {
  /** Of the page's language (BCP 47). */
  readonly language: string;
  readonly title: string;
  readonly intro: string;
  readonly invitation: string;
  readonly next: string;
  readonly scan: string;
  readonly qrAlt: string;
  readonly key: string;
  readonly newCode: string;
  readonly oldCode: string;
  readonly finish: string;
  readonly recovery: string;
  readonly refused: { readonly [K in 'invitation' | 'code' | 'over' | 'tooFast']: string };
  readonly fault: (reference: string) => string;
}

/** The words for the locales that a reader's browser names, the best first. */
export type WordsFor = (locales: readonly string[]) => EnrolmentWords;
