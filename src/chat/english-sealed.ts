// What is said about sealed codes, in English: to whoever uses them, to everybody who is told, and in the report.
import type { GlassRefusal } from '../unblock/glass-desk.js';
import type { Wording } from './wording.js';

export type SealedRefusals = Pick<Wording['refusal'], Extract<GlassRefusal, `sealed-${string}` | 'no-such-report' | 'not-your-report' | 'report-acknowledged'>>;
export type SealedEvents = Pick<Wording['event'], 'break-glass-issued' | 'break-glass-used' | 'break-glass-report'>;
export type SealedTrail = Pick<Wording['trail'], 'break-glass-issued' | 'break-glass-ended' | 'break-glass-used' | 'break-glass-reported' | 'break-glass-acknowledged'>;

export const SEALED: Wording['sealed'] = {
  title: 'Use sealed codes',
  intro: 'For an emergency alone: when those who were asked cannot be reached. Security, the administrators, the person and their manager are told at once, and the lead tomorrow.',
  nothingWaits: 'No request waits for approval that you could use a sealed code for. Ask the person to start one first.',
  field: {
    request: { label: 'Request', hint: 'Those that wait, the latest first' },
    own: { label: 'Your sealed code', hint: 'One from your envelope that was not used yet, 16 characters' },
    other: { label: 'Sealed code of the other person', hint: 'One from the other envelope' },
    reason: { label: 'Reason', hint: 'Why it cannot wait. Everybody who is told reads it' },
    ownCode: { label: 'Your one-time code', hint: 'Six digits from your authenticator, or a recovery code' },
  },
  choice: (name, card, since) => `${name}, ${card}, since ${since}`,
  submit: 'Approve',
  done: 'The request was approved with sealed codes. Cross the codes out on the sheets: they do not work again.',
  role: 'Your sealed code was used for this request.',
  source: 'the people with sealed codes',
  reportTitle: 'Sealed codes were used',
  reportIntro: (name, owners, when) => `For ${name}, at ${when}, with codes of ${owners}. Acknowledge it once you know what happened.`,
  acknowledge: 'Acknowledge',
  acknowledged: 'You have acknowledged it. Thank you.',
};

export const SEALED_REFUSALS: SealedRefusals = {
  'sealed-none': () => 'There are no sealed codes: two administrators make them with `countersign break-glass issue`. Call the helpdesk.',
  'sealed-not-accepted': () => 'The sealed codes were not accepted. Look at the sheets again: each code works once, and a new sheet ends the old one.',
  'sealed-one-person': () => 'Codes of two different people are needed. Type one from each envelope.',
  'sealed-not-entitled': () => 'These sealed codes do not count for this request: one of the people has left, has a part in it, or is not the one who typed. Call the helpdesk.',
  'sealed-own-request': () => 'Nobody uses their own sealed codes for their own card. Ask those who approve, or the helpdesk.',
  'no-such-report': () => 'There is no such report. Look at your latest message.',
  'not-your-report': () => 'This report is for somebody who had no part in it. Ask the lead of the helpdesk, or an administrator.',
  'report-acknowledged': () => 'This report was acknowledged already. Close this dialog: there is nothing more to do.',
};

export const SEALED_EVENTS: SealedEvents = {
  'break-glass-issued': ({ other = '' }) => ({
    title: 'Sealed codes were printed',
    text: `Two administrators had new sealed codes printed for ${other}, and the old ones do not work any more. If nobody expected this, call security.`,
  }),
  'break-glass-used': ({ person, card, mine, other = '', details: { reason = '' } = {} }) => ({
    title: 'Sealed codes were used',
    text: mine
      ? `The request for your card ${card} was approved with the sealed codes of ${other}. Reason: ${reason}. If you did not ask for that, call the helpdesk now.`
      : `The request of ${person} for the card ${card} was approved with the sealed codes of ${other}. Reason: ${reason}. If this seems wrong, call security now.`,
  }),
  'break-glass-report': ({ person, card, other = '', from = '', details: { reason = '' } = {} }) => ({
    title: 'Report: sealed codes were used',
    text: `${from}: the request of ${person} for the card ${card} was approved with the sealed codes of ${other}. Reason: ${reason}. Find out whether that was right, and acknowledge this report: until then it comes again each morning.`,
  }),
};

export const SEALED_TRAIL: SealedTrail = {
  'break-glass-issued': 'Sealed codes were printed for two people',
  'break-glass-ended': 'Sealed codes were ended',
  'break-glass-used': 'Sealed codes were used',
  'break-glass-reported': 'The use of sealed codes was reported',
  'break-glass-acknowledged': 'The report about sealed codes was acknowledged',
};
