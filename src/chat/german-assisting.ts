// What is said where the helpdesk asks for a caller, in German.
import type { Wording } from './wording.js';

export const ASSISTING: Wording['assisting'] = {
  refusedCodes: (count, since) => `Ungewöhnlich: Für diese Person ${count === 1 ? 'wurde ein Code' : `wurden ${count} Codes`} abgelehnt (seit ${since}).`,
  pastRequests: (ones) => `Die letzten Anfragen dieser Person: ${ones}.`,
  firstRequest: 'Das ist die erste Anfrage dieser Person.',
  shown: 'Die Response wurde Ihnen gezeigt und wird nicht noch einmal gezeigt. Hat sie funktioniert? Hat sie am Telefon nicht geholfen, drücken Sie auf „Wurde abgelehnt“: Dann geht es mit einer neuen Challenge und einem weiteren Code der anrufenden Person weiter.',
  pukShown: 'Die PUK wurde Ihnen gezeigt und wird nicht noch einmal gezeigt. Hat sie funktioniert?',
  freezeIntro: (name) => `Damit werden die Karte und der Authenticator von ${name} sofort eingefroren, und die Sicherheitsabteilung wird alarmiert. Drücken Sie darauf, wenn nicht ${name} beim Helpdesk angerufen hat. Um wieder damit zu arbeiten, braucht es dann den Helpdesk.`,
  freeze: 'Karte einfrieren',
  frozen: 'Die Karte und der Authenticator sind eingefroren, und die Sicherheitsabteilung weiß Bescheid.',
};
