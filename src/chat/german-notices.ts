// What people are told by themselves, and what the audit entries say, in German.
import { SEALED_EVENTS, SEALED_TRAIL } from './german-sealed.js';
import { parseNumbers } from '../unblock/numbers.js';
import { NUMBERS } from './german-numbers.js';
import type { Wording } from './wording.js';

export const EVENTS: Wording['event'] = {
  ...SEALED_EVENTS,
  'card-frozen': ({ person, card, mine, other = '' }) => ({
    title: 'Eine Smartcard wurde eingefroren',
    text: mine ? frozenMine(card, other) : `${other === '' ? `${person} hat „Das war ich nicht“ gemeldet.` : `${other} hat gemeldet, dass nicht ${person} angefragt hat.`} Die Karte ${card} und der Authenticator von ${person} sind eingefroren. Klären Sie, wer angefragt hat, bevor etwas neu eingerichtet wird.`,
  }),
  enrolled: ({ person, mine }) => ({
    title: 'Ein Authenticator wurde eingerichtet',
    text: mine
      ? 'Sie haben einen neuen Authenticator. Wenn Sie das nicht waren, rufen Sie sofort den Helpdesk an.'
      : `${person} hat einen neuen Authenticator. Wenn das niemand erwartet hat, rufen Sie den Helpdesk an.`,
  }),
  vouched: ({ person, mine }) => ({
    title: 'Jemand hat gebürgt',
    text: mine
      ? 'Jemand hat sich für Sie verbürgt: In den nächsten zehn Minuten können Sie einen Authenticator einrichten. Haben Sie nicht darum gebeten, rufen Sie sofort den Helpdesk an.'
      : `Jemand hat sich für ${person} verbürgt: In den nächsten zehn Minuten kann dort ein Authenticator eingerichtet werden. Wenn das niemand erwartet hat, rufen Sie den Helpdesk an.`,
  }),
  'authenticator-locked': ({ person, mine }) => ({
    title: 'Ein Authenticator wurde gesperrt',
    text: mine
      ? 'Für Sie wurden zehn falsche Codes nacheinander eingegeben, deshalb ist Ihr Authenticator gesperrt. Bitten Sie den Helpdesk um eine Einladung, um ihn neu einzurichten.'
      : `Für ${person} wurden zehn falsche Codes nacheinander eingegeben. Der Authenticator ist gesperrt, bis er neu eingerichtet wird.`,
  }),
  'card-frozen-by-administrator': ({ person, card, mine }) => ({
    title: 'Eine Smartcard wurde eingefroren',
    text: mine
      ? `Die Administration hat Ihre Karte ${card} eingefroren. Sie nimmt keine Anfrage mehr an, bis zwei Personen der Administration sie freigeben. Wenn Sie den Grund nicht kennen, rufen Sie den Helpdesk an.`
      : `Die Administration hat die Karte ${card} von ${person} eingefroren. Sie nimmt keine Anfrage mehr an, bis zwei Personen der Administration sie freigeben.`,
  }),
  'card-released': ({ person, card, mine }) => ({
    title: 'Eine Smartcard ist wieder frei',
    text: mine
      ? `Zwei Personen der Administration haben Ihre Karte ${card} wieder freigegeben, Sie können also wieder anfragen. War auch Ihr Authenticator eingefroren, bitten Sie zuerst den Helpdesk, für Sie zu bürgen. Wenn Sie das nicht erwartet haben, rufen Sie sofort den Helpdesk an.`
      : `Zwei Personen der Administration haben die Karte ${card} von ${person} wieder freigegeben. Wenn das niemand erwartet hat, rufen Sie den Helpdesk an.`,
  }),
  'card-returned': ({ person, card, mine }) => ({
    title: 'Eine Smartcard wurde zurückgenommen',
    text: mine
      ? `Die Karte ${card} gehört Ihnen nicht mehr, und was für sie angefragt war, ist beendet. Haben Sie sie noch, bringen Sie sie zum Helpdesk.`
      : `Die Karte ${card} wurde von ${person} zurückgenommen, und was für sie angefragt war, ist beendet.`,
  }),
  'card-assigned': ({ person, card, mine }) => ({
    title: 'Eine Smartcard wurde ausgegeben',
    text: mine ? `Die Karte ${card} gehört jetzt Ihnen. Wenn Sie sie nicht bekommen haben, rufen Sie den Helpdesk an.` : `Die Karte ${card} gehört jetzt ${person}. Wenn das niemand erwartet hat, rufen Sie den Helpdesk an.`,
  }),
  'monthly-numbers': ({ details = {} }) => {
    const numbers = parseNumbers(JSON.parse(details.numbers ?? '{}'));
    return { title: NUMBERS.title(numbers), text: NUMBERS.lines(numbers).join('\n') };
  },
  'puk-shown': ({ person, card }) => ({
    title: 'Eine PUK wurde angezeigt',
    text: `${person} hat die PUK der Karte ${card} gesehen. Bis auf der Karte eine neue PUK gesetzt und hier importiert ist, nimmt die Karte keine Anfrage mehr an.`,
  }),
  assisted: ({ person, card, mine }) => ({
    title: 'Der Helpdesk hat für jemanden angefragt',
    text: mine
      ? `Der Helpdesk hat angefragt, Ihre Karte ${card} zu entsperren, mit einem Code, den Sie vorgelesen haben. Wenn Sie das nicht waren, drücken Sie im Chat mit dem Bot auf „Das war ich nicht“, oder rufen Sie sofort den Helpdesk an.`
      : `Der Helpdesk hat angefragt, die Karte ${card} für ${person} zu entsperren, nach einem Anruf und mit einem vorgelesenen Code. Wenn Ihnen das falsch vorkommt, rufen Sie ${person} an; war es jemand anderes, drücken Sie im Chat mit dem Bot auf „Das war die Person nicht“.`,
  }),
  'breaker-opened': () => ({
    title: 'Der Bot macht eine Pause',
    text: 'Es wurden mehr Karten entsperrt, als die Richtlinie in einer Stunde oder einer Nacht erlaubt. Bis auf Weiteres wird keine mehr entsperrt. Klären Sie, wer gefragt hat und warum; dann führen zwei Personen der Administration aus: countersign breaker release',
  }),
  'breaker-released': () => ({
    title: 'Der Bot arbeitet wieder',
    text: 'Zwei Personen der Administration haben die Notbremse gelöst: Karten werden wieder entsperrt.',
  }),
  'many-wrong-codes': () => ({
    title: 'Viele falsche Codes',
    text: 'In der letzten Stunde wurden so viele falsche Einmalcodes eingegeben, dass die Richtlinie es ungewöhnlich nennt. Vielleicht rät jemand: Suchen Sie im Audit nach code-refused.',
  }),
  'account-linked': ({ person, mine }) => ({
    title: 'Ein Chat-Konto wurde verknüpft',
    text: mine
      ? 'Mit einem Ihrer Codes wurde ein Chat-Konto mit Ihnen verknüpft. Wenn Sie das nicht waren, rufen Sie sofort den Helpdesk an.'
      : `Mit einem Einmalcode wurde ein Chat-Konto mit ${person} verknüpft. Wenn das niemand erwartet hat, rufen Sie den Helpdesk an.`,
  }),
  'recovery-codes-renewed': ({ person, mine }) => ({
    title: 'Es gibt neue Wiederherstellungscodes',
    text: mine
      ? 'Sie haben neue Wiederherstellungscodes, und die alten gelten nicht mehr. Wenn Sie das nicht waren, rufen Sie sofort den Helpdesk an.'
      : `${person} hat neue Wiederherstellungscodes erzeugt. Wenn Ihnen das falsch vorkommt, rufen Sie ${person} an.`,
  }),
  'recovery-code-used': ({ person, mine }) => ({
    title: 'Ein Wiederherstellungscode wurde benutzt',
    text: mine
      ? 'Einer Ihrer Wiederherstellungscodes wurde benutzt. Wenn Sie das nicht waren, rufen Sie sofort den Helpdesk an. Haben Sie ihn benutzt, weil Ihr Authenticator nicht zur Hand war, richten Sie vor Ihrer nächsten Anfrage einen neuen ein: Bitten Sie Ihre Führungskraft oder den Helpdesk, für Sie zu bürgen.'
      : `${person} hat einen Wiederherstellungscode benutzt. Wenn das niemand erwartet hat, rufen Sie den Helpdesk an.`,
  }),
  'approver-missing': ({ person }) => ({
    title: 'Zuerst Gefragte fehlen',
    text: `Für eine Anfrage von ${person} sind eine Führungskraft oder andere, die die Regeln zuerst fragen, nicht mehr da oder nicht zu finden. Sie ging an die anderen, die entscheiden dürfen. Berichtigen Sie das Verzeichnis oder den Bereitschaftsplan.`,
  }),
  delegated: ({ person, mine, other = '', from = '', until = '' }) => ({
    title: 'Freigaben wurden übertragen',
    text: mine
      ? `${other} entscheidet an Ihrer Stelle (von ${from} bis ${until}). Wenn Sie das nicht waren, rufen Sie jetzt den Helpdesk an.`
      : `Sie entscheiden an der Stelle von ${person} (von ${from} bis ${until}). Was dort freizugeben ist, kommt dann zu Ihnen.`,
  }),
  'delegation-ended': ({ person, mine, other = '' }) => ({
    title: 'Freigaben sind zurück',
    text: mine ? `Sie entscheiden wieder selbst, und ${other} nicht mehr an Ihrer Stelle. Wenn Sie das nicht waren, rufen Sie jetzt den Helpdesk an.` : `Sie entscheiden nicht mehr an der Stelle von ${person}.`,
  }),
  'not-my-report': ({ person }) => ({
    title: 'Eine Führungskraft stimmt nicht mehr',
    text: `Wer im Verzeichnis als Führungskraft von ${person} steht, sagt, dass ${person} nicht zum Team gehört. Berichtigen Sie das Verzeichnis; bis dahin geschieht das bei jeder Anfrage von ${person} wieder.`,
  }),
};

function frozenMine(card: string, other: string): string {
  if (other === '') return `Sie haben „Das war ich nicht“ gemeldet. Ihre Karte ${card} und Ihr Authenticator sind eingefroren. Rufen Sie den Helpdesk an: Vielleicht hat jemand Ihr Chat-Konto.`;
  return `${other} hat gemeldet, dass nicht Sie angefragt haben. Ihre Karte ${card} und Ihr Authenticator sind eingefroren. Rufen Sie den Helpdesk an: Vielleicht hat dort jemand in Ihrem Namen angerufen.`;
}

export const TRAIL: Wording['trail'] = {
  ...SEALED_TRAIL,
  'request-opened': 'Eine Anfrage wurde gestellt',
  'identity-proved': 'Der Einmalcode war richtig',
  'code-refused': 'Ein Code wurde abgelehnt',
  'number-drawn': 'Eine Zahl wurde für eine freigebende Person gezogen',
  vote: 'Eine Freigabe wurde erteilt',
  'approval-complete': 'Alle, die zustimmen müssen, haben zugestimmt',
  'challenge-replaced': 'Eine neue Challenge wurde übernommen',
  released: 'Die Response wurde herausgegeben',
  'shown-again': 'Die Response wurde noch einmal angezeigt',
  outcome: 'Es wurde gesagt, ob es funktioniert hat, oder die Zeit war um',
  cancelled: 'Die Anfrage wurde abgebrochen',
  expired: 'Die Anfrage ist abgelaufen',
  reminded: 'An die Freigabe wurde erinnert',
  warned: 'Der anfragenden Person wurde gesagt, dass die Zeit knapp wird',
  escalated: 'Ein weiterer Kreis wurde gefragt',
  'stepped-down': 'Eine Führungskraft hat gesagt, dass die Person nicht zu ihrem Team gehört',
  failed: 'Die Anfrage ist fehlgeschlagen',
  denied: 'Die Anfrage wurde abgelehnt',
  frozen: 'Eine Karte wurde eingefroren',
  'enrolment-invited': 'Eine Einladung wurde ausgestellt',
  'enrolment-vouched': 'Jemand hat sich für eine Einrichtung verbürgt',
  enrolled: 'Ein Authenticator wurde eingerichtet',
  'authenticator-replaced': 'Ein Authenticator wurde ersetzt',
  'authenticators-imported': 'Authenticatoren wurden importiert',
  'recovery-codes-renewed': 'Neue Wiederherstellungscodes wurden erzeugt',
  'account-linked': 'Ein Chat-Konto wurde verknüpft',
  delegated: 'Freigaben wurden an eine andere Person übertragen',
  'delegation-ended': 'Freigaben kamen von einer anderen Person zurück',
  'account-unlinked': 'Ein Chat-Konto wurde von einer Person gelöst',
  'code-burnt': 'Ein Code wurde in einen Chat geschrieben und gilt deshalb als verbraucht',
  'slack-installed': 'Die App wurde in einem Slack-Workspace installiert',
  'slack-removed': 'Die App wurde aus einem Slack-Workspace entfernt',
  'people-imported': 'Personen wurden importiert',
  'person-deactivated': 'Eine Person wurde deaktiviert',
  'person-activated': 'Eine Person wurde wieder aktiviert',
  'cards-imported': 'Karten wurden importiert',
  'cards-import-waits': 'Karten wurden importiert und warten auf eine zweite Person der Administration',
  'cards-import-committed': 'Eine zweite Person der Administration hat den Kartenimport übernommen',
  'cards-import-dropped': 'Die Administration hat einen Kartenimport verworfen',
  'cards-renewed': 'Eine Datei mit neuen Geheimnissen für Karten wurde importiert',
  'card-renewed': 'Eine Karte bekam ein neues Geheimnis',
  'card-released': 'Zwei Personen der Administration haben eine Karte wieder freigegeben',
  'card-returned': 'Eine Karte wurde zurückgenommen',
  'card-assigned': 'Eine Karte wurde ausgegeben',
  'numbers-told': 'Die Zahlen eines Monats wurden verschickt',
  'master-key-imported': 'Ein Hauptschlüssel wurde importiert',
  'keys-rotation-began': 'Der Wechsel des Schlüssels, der die anderen verschlüsselt, hat begonnen',
  'keys-rotation-ended': 'Der Wechsel des Schlüssels, der die anderen verschlüsselt, ist beendet',
  'keys-backed-up': 'Die Schlüssel wurden gesichert',
  'installation-marked': 'Diese Datenbank wurde gekennzeichnet',
  'policy-loaded': 'Eine Richtlinie wurde geladen',
  'policy-applied': 'Eine Richtlinie ist in Kraft getreten',
  'calendar-loaded': 'Ein Kalender neben der Richtlinie wurde neu gelesen',
  'breaker-opened': 'Die Notbremse wurde ausgelöst: Keine Karte wird entsperrt',
  'breaker-released': 'Zwei Personen der Administration haben die Notbremse gelöst',
  'wrong-codes-alarm': 'Die Sicherheitsabteilung wurde über viele falsche Codes informiert',
  started: 'Countersign wurde gestartet',
};
