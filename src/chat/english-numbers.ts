// A month in numbers, in English.
import { minutesOf, percentOf } from './quantities.js';
import type { Wording } from './wording.js';

const MONTH = new Intl.DateTimeFormat('en-GB', { month: 'long', year: 'numeric', timeZone: 'UTC' });

export const NUMBERS: Wording['numbers'] = {
  title: ({ month }) => (month === '' ? 'Unblocked cards in a month' : `Unblocked cards: ${MONTH.format(new Date(`${month}-01T00:00Z`))}`),
  lines: (numbers) => {
    const { requests, answered, firstTime, medianMs, p95Ms, refused, retries, denied, expired, cancelled, failed, afterHours, assisted } = numbers;
    if (requests === 0) return ['Nobody asked for a card.'];
    return [
      `Requests: ${requests}. Asked for by the helpdesk for a caller: ${percentOf(assisted, requests)}. Outside of opening hours: ${percentOf(afterHours, requests)}.`,
      `Responses shown: ${answered}. Worked at the first try: ${percentOf(firstTime, answered)}. Refused by the card: ${refused}; another challenge followed: ${retries}.`,
      ...(medianMs === null || p95Ms === null ? [] : [`From the request to the response: ${minutesOf(medianMs)} min in the middle, ${minutesOf(p95Ms)} min for 95%.`]),
      `Denied: ${denied}. Expired: ${expired}. Cancelled: ${cancelled}. Failed: ${failed}.`,
    ];
  },
};
