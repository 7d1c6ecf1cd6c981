// A month in numbers, in German.
import { minutesOf, percentOf } from './quantities.js';
import type { Wording } from './wording.js';

const MONTH = new Intl.DateTimeFormat('de-DE', { month: 'long', year: 'numeric', timeZone: 'UTC' });

export const NUMBERS: Wording['numbers'] = {
  title: ({ month }) => (month === '' ? 'Entsperrte Karten eines Monats' : `Entsperrte Karten: ${MONTH.format(new Date(`${month}-01T00:00Z`))}`),
  lines: (numbers) => {
    const { requests, answered, firstTime, medianMs, p95Ms, refused, retries, denied, expired, cancelled, failed, afterHours, assisted } = numbers;
    if (requests === 0) return ['Niemand hat für eine Karte angefragt.'];
    return [
      `Anfragen: ${requests}. Vom Helpdesk nach einem Anruf gestellt: ${percentOf(assisted, requests, ' %')}. Außerhalb der Öffnungszeiten: ${percentOf(afterHours, requests, ' %')}.`,
      `Angezeigte Responses: ${answered}. Beim ersten Mal funktioniert: ${percentOf(firstTime, answered, ' %')}. Von der Karte abgelehnt: ${refused}; eine weitere Challenge folgte: ${retries}.`,
      ...(medianMs === null || p95Ms === null ? [] : [`Von der Anfrage bis zur Response: in der Mitte ${minutesOf(medianMs)} min, für 95 % höchstens ${minutesOf(p95Ms)} min.`]),
      `Abgelehnt: ${denied}. Abgelaufen: ${expired}. Abgebrochen: ${cancelled}. Fehlgeschlagen: ${failed}.`,
    ];
  },
};
