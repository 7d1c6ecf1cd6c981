// What is said while people decide, in English: the number, reminders, the wider circle, the last word.
import type { Wording } from './wording.js';

export const VOTING: Wording['voting'] = {
  numberTitle: 'Number for your approval',
  numberIntro: 'Tell it only to the person named here, and only if you are talking to them. After a mistake there is another number: open this again.',
  noNumber: 'Nobody needs a number from you now.',
  numberWaits: (names) => `${names} is about to approve and needs a number from you. Press "Show the number" when you talk to them.`,
  askNumber: (name) => `Call ${name} or go to them, and ask for the number on their screen. Nobody else can see it.`,
  numberAtCaller: (names, caller) => `${names} is about to approve and needs a number, which only ${caller} sees: in their own chat, behind "Show the number".`,
  reminder: (count, when) => (count === 1 ? `Reminder at ${when}: this still waits for a decision.` : `Reminder ${count} at ${when}: this still waits for a decision.`),
  warned: (until) => `Nobody has decided yet, and the request ends at ${until}. If it is urgent, call those who were asked, or the helpdesk.`,
  escalated: {
    late: (whom, when) => `Nobody decided in time, so ${whom} was asked as well at ${when}.`,
    nobody: (whom, when) => `Of those who are asked first nobody is there, so ${whom} was asked at ${when}.`,
  },
  asWiderCircle: 'You belong to the wider circle of this request.',
  onCallFrom: (when) => `Nobody is on call before ${when}.`,
  opensAt: (when) => `Your site opens at ${when}.`,
  desk: (where) => `The desk: ${where}.`,
  nobodyLeft: 'Ended, because nobody is left who could decide. Call the helpdesk: the directory has to be put right first.',
  steppedDown: 'You said that this is not your report. Nothing more to do.',
  steppedDownNow: 'You were taken off this request, and an administrator was told.',
  outsideHours: 'Unusual: asked for outside of opening hours.',
  inPlaceOf: (name) => `You decide in the place of ${name}, who is away.`,
  decidesForYou: (standIn) => `You are away, and ${standIn} decides in your place. To decide yourself again, press "While I am away" or give the command delegate.`,
  throughStandIn: (standIn, name) => `${standIn}, in the place of ${name}`,
  tagged: (tags) => `This card has the tags: ${tags}.`,
};
