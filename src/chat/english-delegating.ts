// What is said about passing one's say on while away, in English.
import type { Wording } from './wording.js';

export const DELEGATING: Wording['delegating'] = {
  title: 'While I am away',
  intro: 'A colleague decides in your place what you are asked to approve. Both of you are told. For what that colleague asks for, you still decide yourself, and they cannot pass it on.',
  zone: (name) => `The days are those of your site (${name}). If the first one is today, it begins now.`,
  field: {
    person: { label: 'Colleague', hint: 'Who decides in your place' },
    first: { label: 'First day', hint: 'Such as 2026-12-24' },
    last: { label: 'Last day', hint: 'The whole of it, at most 92 days from now' },
    reason: { label: 'Reason', hint: 'For the audit, for example: holidays' },
  },
  submit: 'Pass it on',
  end: 'I decide again',
  own: (standIn, from, until) => `${standIn} decides in your place from ${from} until ${until}.`,
  standsInFor: (name, from, until) => `You decide in the place of ${name} from ${from} until ${until}.`,
  none: 'Nobody decides in your place.',
  replaces: 'What you send here takes the place of that.',
  given: (standIn, from, until) => `${standIn} decides in your place from ${from} until ${until}. You both are told.`,
  ended: 'You decide for yourself again. You both are told.',
  notAway: 'Nobody decides in your place, so there is nothing to end.',
};

export const DELEGATING_REFUSALS: Pick<Wording['refusal'], 'delegate-away' | 'delegate-first' | 'delegate-last' | 'delegate-self' | 'delegate-too-long' | 'delegate-unknown'> = {
  'delegate-away': () => 'This colleague has passed their own decisions on for some of that time. Choose somebody else.',
  'delegate-first': () => 'Give the first day as a date, such as 2026-12-24.',
  'delegate-last': () => 'Give the last day as a date, such as 2027-01-06: not before the first day, and not in the past.',
  'delegate-self': () => 'Choose somebody else: nobody stands in for themselves.',
  'delegate-too-long': ({ days = '92' }) => `That is too long: at most ${days} days from now. For longer, ask for a change in the directory.`,
  'delegate-unknown': () => 'Nobody who works here has this account or e-mail address; guests and people who left decide nothing. Choose a colleague.',
};
