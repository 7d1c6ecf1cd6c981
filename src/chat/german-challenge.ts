// German sentences about challenges that cannot be, and responses that a card refused.
import type { Details, Sayings } from './wording.js';

export function wrongLength({ digits = '', expected = '', group, groupDigits = '', groupSize = '', suggests }: Details): string {
  const where = group === undefined ? '' : ` Prüfen Sie Gruppe ${group}: Sie hat ${groupDigits} statt ${groupSize}.`;
  const hint = suggests === undefined ? undefined : LENGTH_HINTS[suggests];
  const next = hint ?? 'Geben Sie sie noch einmal so ein, wie sie dort steht.';
  return `Das sind ${digits} Zeichen; die Challenge Ihrer Karte hat ${expected}.${where} ${next}`;
}

// By what the length suggests; where a slip of one digit or group is likely, the plain sentence does.
const LENGTH_HINTS: Readonly<Record<string, string>> = {
  twice: 'Sie steht offenbar doppelt da: Geben Sie sie einmal ein.',
  aes: 'Das sieht nach der Challenge einer AES-Karte aus, Ihre ist aber als 3DES eingetragen. Prüfen Sie, ob es die richtige Karte ist; wenn ja, rufen Sie den Helpdesk an.',
  '3des': 'Das sieht nach der Challenge einer 3DES-Karte aus, Ihre ist aber als AES eingetragen. Prüfen Sie, ob es die richtige Karte ist; wenn ja, rufen Sie den Helpdesk an.',
  key: 'Das sieht nach dem Schlüssel einer Karte aus. Geben Sie ihn niemals hier ein: Rufen Sie den Helpdesk an, und sagen Sie, dass Sie ihn gesehen haben.',
  code: 'Das sieht nach einem Einmalcode oder einer PIN aus. Geben Sie die Gruppen aus Ziffern und Buchstaben ein, die der gesperrte PC zeigt.',
};

// Nothing of these is certain, so each says where to look.
export const CAUSES: Sayings['cause'] = {
  'other-length': ({ digits = '', expected = '' }) => `Ihr PC zeigt ${digits} Zeichen, die Challenges dieser Karte haben ${expected}: Vielleicht steckt eine andere Karte im Leser.`,
  'screen-unreadable': () => 'Was Ihr PC zeigt, ist keine Challenge: Öffnen Sie dort die Ansicht zum Entsperren noch einmal.',
  'challenge-misread': ({ answered = '', shown = '', positions = '' }) =>
    `Die Challenge wurde vielleicht falsch abgelesen: Beantwortet wurde ${answered}, jetzt steht dort ${shown}. Vergleichen Sie Stelle ${positions}.`,
  'same-challenge': () => 'Ihr PC zeigt noch die Challenge, die beantwortet wurde: Vielleicht war die Response vertippt.',
  'challenge-changed': ({ answered = '' }) =>
    `Die Response passte nur zu ${answered}. Wurde die Karte inzwischen gezogen oder die Ansicht geschlossen, musste sie abgelehnt werden.`,
  'wrong-card-or-key': () => 'Das ist schon mehr als einmal passiert: Prüfen Sie, ob die Karte im Leser die ist, die Sie hier gewählt haben.',
  'kind-not-confirmed': () => 'Ob diese Kartenart eine Response annimmt, hat noch niemand bestätigt: Sagen Sie dem Helpdesk, wie es ausging.',
  'near-limit': ({ left = '' }) =>
    left === '0'
      ? 'Sie hat so viele abgelehnt, wie sie darf, und kann jetzt endgültig gesperrt sein.'
      : `Nach ${left} weiteren kann die Karte endgültig gesperrt sein: Tippen Sie langsam, und rufen Sie im Zweifel den Helpdesk an.`,
};
