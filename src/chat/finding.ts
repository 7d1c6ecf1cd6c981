// What an examination of an installation finds, one sentence each.

export interface Finding<About extends string = string> {
  readonly about: About;
  readonly state: 'ok' | 'warning' | 'problem';
  /** One sentence; for a problem it says what to do. */
  readonly text: string;
}

export function ok<About extends string>(about: About, text: string): Finding<About> {
  return { about, state: 'ok', text };
}

export function warning<About extends string>(about: About, text: string): Finding<About> {
  return { about, state: 'warning', text };
}

export function problem<About extends string>(about: About, text: string): Finding<About> {
  return { about, state: 'problem', text };
}
