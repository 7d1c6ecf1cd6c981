// What is said about setting up authenticators and vouching for colleagues, in English.
import type { Wording } from './wording.js';

export const VOUCHING: Wording['vouching'] = {
  title: 'Vouch for a colleague',
  intro: 'For a colleague who sets up an authenticator: you are their manager, or at the helpdesk. Do it only while you see them or know their voice. They and their manager are told.',
  person: { label: 'Colleague', hint: 'Who sets up an authenticator' },
  submit: 'Vouch',
  given: (name) => `Tell this code to ${name} by voice, now: it works once. They type it under "Set up my authenticator". Never write it into a chat or an e-mail.`,
  voucher: 'Voucher',
  until: (time) => `Good until ${time}; it is not shown again.`,
  qrPage: (address) => `Here you get a key to type. To scan a QR code instead, do not use the code here: open ${address} in a browser and type it there.`,
};

export const ENROLMENT_REFUSALS: Pick<Wording['refusal'], 'authenticator-too-new' | 'may-not-vouch' | 'recovery-code-needed' | 'too-many-vouchers' | 'voucher-given'> = {
  'authenticator-too-new': (details) => `Your authenticator is new, and somebody at the helpdesk has to agree until it has cooled off; nobody there can. It works by itself in ${details.hours ?? 'some'} hours; until then call the helpdesk.`,
  'recovery-code-needed': () => 'This card needs both of your codes. Type your one-time code and, after it in the same field, a recovery code.',
  'may-not-vouch': () => 'You cannot vouch for this person. Ask their manager or the helpdesk to do it; nobody vouches for themselves.',
  'too-many-vouchers': () => 'There were too many vouchers today, from you or for this person. Call the helpdesk lead.',
  'voucher-given': () => 'You have vouched already, and the code is shown once. If it was not told yet, start again with a new code of yours.',
};
