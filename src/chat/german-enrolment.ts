// What is said about setting up authenticators and vouching for colleagues, in German.
import type { Wording } from './wording.js';

export const VOUCHING: Wording['vouching'] = {
  title: 'Für jemanden bürgen',
  intro: 'Für jemanden, der einen Authenticator einrichtet: Sie führen diese Person, oder Sie arbeiten am Helpdesk. Tun Sie es nur, solange Sie sie sehen oder ihre Stimme kennen. Sie und ihre Führungskraft erfahren davon.',
  person: { label: 'Für wen', hint: 'Wer einen Authenticator einrichtet' },
  submit: 'Bürgen',
  given: (name) => `Sagen Sie ${name} diesen Code jetzt persönlich oder am Telefon: Er gilt einmal. Eingegeben wird er unter „Authenticator einrichten“. Schreiben Sie ihn nie in einen Chat oder eine E-Mail.`,
  voucher: 'Bürgschaftscode',
  until: (time) => `Gültig bis ${time}; er wird nicht noch einmal angezeigt.`,
  qrPage: (address) => `Hier bekommen Sie einen Schlüssel zum Abtippen. Wollen Sie lieber einen QR-Code scannen, geben Sie den Code nicht hier ein, sondern auf der Seite ${address} in einem Browser.`,
};

export const ENROLMENT_REFUSALS: Pick<Wording['refusal'], 'authenticator-too-new' | 'may-not-vouch' | 'recovery-code-needed' | 'too-many-vouchers' | 'voucher-given'> = {
  'authenticator-too-new': (details) => `Ihr Authenticator ist neu: In der ersten Zeit muss der Helpdesk zustimmen, und dort kann gerade niemand. Allein genügt er in ${details.hours ?? 'einigen'} Stunden; rufen Sie bis dahin den Helpdesk an.`,
  'recovery-code-needed': () => 'Für diese Karte braucht es beide Codes: Geben Sie Ihren Einmalcode ein und dahinter im selben Feld einen Wiederherstellungscode.',
  'may-not-vouch': () => 'Für diese Person können Sie nicht bürgen. Das kann ihre Führungskraft oder der Helpdesk, und niemand für sich selbst.',
  'too-many-vouchers': () => 'Heute gab es zu viele Bürgschaften, von Ihnen oder für diese Person. Rufen Sie die Leitung des Helpdesks an.',
  'voucher-given': () => 'Sie haben schon gebürgt, und der Code wird einmal angezeigt. Wurde er noch nicht weitergesagt, bürgen Sie noch einmal mit einem neuen Code.',
};
