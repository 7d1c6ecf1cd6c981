// What is said about passing one's say on while away, in German.
import type { Wording } from './wording.js';

export const DELEGATING: Wording['delegating'] = {
  title: 'Meine Vertretung',
  intro: 'Jemand aus dem Kollegium entscheidet an Ihrer Stelle, was Sie freigeben sollen. Sie beide erfahren davon. Was die Vertretung für sich selbst anfragt, entscheiden weiter Sie, und weitergeben kann sie es nicht.',
  zone: (name) => `Die Tage sind die Ihres Standorts (${name}). Ist der erste heute, beginnt es sofort.`,
  field: {
    person: { label: 'Vertretung', hint: 'Wer an Ihrer Stelle entscheidet' },
    first: { label: 'Erster Tag', hint: 'Zum Beispiel 2026-12-24' },
    last: { label: 'Letzter Tag', hint: 'Zählt ganz, höchstens 92 Tage von jetzt an' },
    reason: { label: 'Grund', hint: 'Für das Protokoll, zum Beispiel: Urlaub' },
  },
  submit: 'Übertragen',
  end: 'Ich entscheide wieder',
  own: (standIn, from, until) => `${standIn} entscheidet an Ihrer Stelle (von ${from} bis ${until}).`,
  standsInFor: (name, from, until) => `Sie entscheiden an der Stelle von ${name} (von ${from} bis ${until}).`,
  none: 'Niemand entscheidet an Ihrer Stelle.',
  replaces: 'Was Sie hier absenden, tritt an die Stelle davon.',
  given: (standIn, from, until) => `${standIn} entscheidet an Ihrer Stelle (von ${from} bis ${until}). Sie beide erfahren davon.`,
  ended: 'Sie entscheiden wieder selbst. Sie beide erfahren davon.',
  notAway: 'Niemand entscheidet an Ihrer Stelle, es gibt also nichts zu beenden.',
};

export const DELEGATING_REFUSALS: Pick<Wording['refusal'], 'delegate-away' | 'delegate-first' | 'delegate-last' | 'delegate-self' | 'delegate-too-long' | 'delegate-unknown'> = {
  'delegate-away': () => 'Diese Person hat für einen Teil der Zeit ihre eigenen Entscheidungen übertragen. Wählen Sie jemand anderen.',
  'delegate-first': () => 'Geben Sie den ersten Tag als Datum an, zum Beispiel 2026-12-24.',
  'delegate-last': () => 'Geben Sie den letzten Tag als Datum an, zum Beispiel 2027-01-06: nicht vor dem ersten Tag und nicht in der Vergangenheit.',
  'delegate-self': () => 'Wählen Sie jemand anderen: Niemand vertritt sich selbst.',
  'delegate-too-long': ({ days = '92' }) => `Das ist zu lang: höchstens ${days} Tage von jetzt an. Für länger muss das Verzeichnis geändert werden.`,
  'delegate-unknown': () => 'Dieses Konto oder diese E-Mail-Adresse gehört niemandem, der hier arbeitet; Gäste und Ausgeschiedene entscheiden nichts. Wählen Sie jemanden aus dem Kollegium.',
};
