// What is said while people decide, in German: the number, reminders, the wider circle, the last word.
import type { Wording } from './wording.js';

export const VOTING: Wording['voting'] = {
  numberTitle: 'Zahl für Ihre Freigabe',
  numberIntro: 'Sagen Sie sie nur der hier genannten Person, und nur, wenn Sie mit ihr sprechen. Nach einem Fehler gibt es eine andere Zahl: Öffnen Sie dies dann noch einmal.',
  noNumber: 'Im Augenblick braucht niemand eine Zahl von Ihnen.',
  numberWaits: (names) => `${names} möchte freigeben und braucht dazu eine Zahl von Ihnen. Drücken Sie „Zahl zeigen“, wenn Sie miteinander sprechen.`,
  askNumber: (name) => `Rufen Sie ${name} an oder gehen Sie hin, und fragen Sie nach der Zahl auf dem Bildschirm dort. Sonst sieht sie niemand.`,
  numberAtCaller: (names, caller) => `${names} möchte freigeben und braucht dazu eine Zahl, die nur ${caller} sieht: im eigenen Chat hinter „Zahl zeigen“.`,
  reminder: (count, when) => (count === 1 ? `Erinnerung (${when}): Dies wartet noch auf eine Entscheidung.` : `${count}. Erinnerung (${when}): Dies wartet noch auf eine Entscheidung.`),
  warned: (until) => `Noch hat niemand entschieden, und die Anfrage gilt nur bis ${until}. Wenn es eilt, rufen Sie die Gefragten oder den Helpdesk an.`,
  escalated: {
    late: (whom, when) => `Niemand hat rechtzeitig entschieden, deshalb wurde auch gefragt (${when}): ${whom}.`,
    nobody: (whom, when) => `Von denen, die zuerst gefragt werden, ist niemand da, deshalb wurde gefragt (${when}): ${whom}.`,
  },
  asWiderCircle: 'Sie gehören zum weiteren Kreis dieser Anfrage.',
  onCallFrom: (when) => `Bereitschaft hat erst wieder jemand ab ${when}.`,
  opensAt: (when) => `Ihr Standort ist wieder geöffnet ab ${when}.`,
  desk: (where) => `Hilfe vor Ort: ${where}.`,
  nobodyLeft: 'Beendet, weil niemand mehr da ist, der entscheiden könnte. Rufen Sie den Helpdesk an: Erst muss das Verzeichnis berichtigt werden.',
  steppedDown: 'Sie haben gesagt, dass die Person nicht in Ihrem Team ist. Es ist nichts mehr zu tun.',
  steppedDownNow: 'Sie wurden von dieser Anfrage genommen, und die Administration weiß Bescheid.',
  outsideHours: 'Ungewöhnlich: außerhalb der Öffnungszeiten gefragt.',
  inPlaceOf: (name) => `Sie entscheiden an der Stelle von ${name}, solange ${name} weg ist.`,
  decidesForYou: (standIn) => `Sie sind weg, und ${standIn} entscheidet an Ihrer Stelle. Um wieder selbst zu entscheiden, drücken Sie „Meine Vertretung“ oder geben Sie den Befehl delegate.`,
  throughStandIn: (standIn, name) => `${standIn} an der Stelle von ${name}`,
  tagged: (tags) => `Die Karte hat die Kennzeichen: ${tags}.`,
};
