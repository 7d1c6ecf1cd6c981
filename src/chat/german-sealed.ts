// What is said about sealed codes, in German: to whoever uses them, to everybody who is told, and in the report.
import type { SealedEvents, SealedRefusals, SealedTrail } from './english-sealed.js';
import type { Wording } from './wording.js';

export const SEALED: Wording['sealed'] = {
  title: 'Versiegelte Codes',
  intro: 'Nur für den Notfall: wenn die Gefragten nicht zu erreichen sind. Die Sicherheit, die Administration, die betroffene Person und ihre Führungskraft erfahren es sofort, die Leitung am nächsten Morgen.',
  nothingWaits: 'Es wartet keine Anfrage, für die Sie einen versiegelten Code verwenden könnten. Bitten Sie die Person, zuerst eine zu stellen.',
  field: {
    request: { label: 'Anfrage', hint: 'Alle, die warten, die neueste zuerst' },
    own: { label: 'Ihr versiegelter Code', hint: 'Ein unbenutzter aus Ihrem Umschlag, 16 Zeichen' },
    other: { label: 'Versiegelter Code der anderen Person', hint: 'Einer aus dem anderen Umschlag' },
    reason: { label: 'Grund', hint: 'Warum es nicht warten kann. Alle, die davon erfahren, lesen ihn' },
    ownCode: { label: 'Ihr Einmalcode', hint: 'Sechs Ziffern aus Ihrem Authenticator oder ein Wiederherstellungscode' },
  },
  choice: (name, card, since) => `${name}, ${card}, seit ${since}`,
  submit: 'Freigeben',
  done: 'Die Anfrage wurde mit versiegelten Codes freigegeben. Streichen Sie die Codes auf den Blättern durch: Sie gelten nicht noch einmal.',
  role: 'Für diese Anfrage wurde Ihr versiegelter Code verwendet.',
  source: 'die Personen mit versiegelten Codes',
  reportTitle: 'Bericht bestätigen',
  reportIntro: (name, owners, when) => `Für ${name} (${when}) mit Codes von ${owners}. Bestätigen Sie den Bericht, sobald Sie wissen, was geschehen ist.`,
  acknowledge: 'Bestätigen',
  acknowledged: 'Sie haben den Bericht bestätigt. Danke.',
};

export const SEALED_REFUSALS: SealedRefusals = {
  'sealed-none': () => 'Es gibt keine versiegelten Codes: Zwei Personen der Administration erzeugen sie mit `countersign break-glass issue`. Rufen Sie den Helpdesk an.',
  'sealed-not-accepted': () => 'Die versiegelten Codes wurden nicht angenommen. Sehen Sie noch einmal auf die Blätter: Jeder Code gilt einmal, und ein neues Blatt beendet das alte.',
  'sealed-one-person': () => 'Es braucht Codes von zwei verschiedenen Personen. Nehmen Sie aus jedem Umschlag einen.',
  'sealed-not-entitled': () => 'Diese versiegelten Codes gelten für diese Anfrage nicht: Eine der Personen ist nicht mehr da, ist daran beteiligt oder hat sie nicht selbst eingegeben. Wenden Sie sich an den Helpdesk.',
  'sealed-own-request': () => 'Niemand verwendet eigene versiegelte Codes für die eigene Karte. Fragen Sie die, die freigeben, oder den Helpdesk.',
  'no-such-report': () => 'Diesen Bericht gibt es nicht. Sehen Sie in Ihre neueste Nachricht.',
  'not-your-report': () => 'Dieser Bericht ist für jemanden, der nicht beteiligt war. Fragen Sie die Leitung des Helpdesks oder die Administration.',
  'report-acknowledged': () => 'Dieser Bericht ist schon bestätigt. Schließen Sie diesen Dialog: Es ist nichts mehr zu tun.',
};

export const SEALED_EVENTS: SealedEvents = {
  'break-glass-issued': ({ other = '' }) => ({
    title: 'Versiegelte Codes wurden gedruckt',
    text: `Zwei Personen der Administration haben neue versiegelte Codes für ${other} drucken lassen, und die alten gelten nicht mehr. Wenn das niemand erwartet hat, rufen Sie die Sicherheit an.`,
  }),
  'break-glass-used': ({ person, card, mine, other = '', details: { reason = '' } = {} }) => ({
    title: 'Versiegelte Codes wurden verwendet',
    text: mine
      ? `Die Anfrage für Ihre Karte ${card} wurde mit versiegelten Codes von ${other} freigegeben. Grund: ${reason}. Wenn Sie das nicht wollten, rufen Sie sofort den Helpdesk an.`
      : `Die Anfrage von ${person} für die Karte ${card} wurde mit versiegelten Codes von ${other} freigegeben. Grund: ${reason}. Wenn Ihnen das falsch vorkommt, rufen Sie sofort die Sicherheit an.`,
  }),
  'break-glass-report': ({ person, card, other = '', from = '', details: { reason = '' } = {} }) => ({
    title: 'Bericht: versiegelte Codes verwendet',
    text: `${from}: Die Anfrage von ${person} für die Karte ${card} wurde mit versiegelten Codes von ${other} freigegeben. Grund: ${reason}. Klären Sie, ob das richtig war, und bestätigen Sie diesen Bericht: Bis dahin kommt er jeden Morgen wieder.`,
  }),
};

export const SEALED_TRAIL: SealedTrail = {
  'break-glass-issued': 'Versiegelte Codes wurden für zwei Personen gedruckt',
  'break-glass-ended': 'Versiegelte Codes wurden beendet',
  'break-glass-used': 'Versiegelte Codes wurden verwendet',
  'break-glass-reported': 'Die Verwendung versiegelter Codes wurde berichtet',
  'break-glass-acknowledged': 'Der Bericht über versiegelte Codes wurde bestätigt',
};
