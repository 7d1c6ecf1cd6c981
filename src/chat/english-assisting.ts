// What is said where the helpdesk asks for a caller, in English.
import type { Wording } from './wording.js';

export const ASSISTING: Wording['assisting'] = {
  refusedCodes: (count, since) => `Unusual: ${count === 1 ? 'one code was' : `${count} codes were`} refused for this person since ${since}.`,
  pastRequests: (ones) => `The last requests of this person: ${ones}.`,
  firstRequest: 'This is the first request of this person.',
  shown: 'The response was shown to you and is not shown again. Did it work? If the caller could not use it, press "It was refused": then a new challenge and another code of theirs go on with the request.',
  pukShown: 'The PUK was shown to you and is not shown again. Did it work?',
  freezeIntro: (name) => `This freezes the card and the authenticator of ${name} at once, and alerts security. Press it if it was not ${name} who called the helpdesk. To work again, ${name} needs the helpdesk.`,
  freeze: 'Freeze the card',
  frozen: 'The card and the authenticator are frozen, and security was told.',
};
