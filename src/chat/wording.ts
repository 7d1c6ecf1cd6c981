// Every sentence that chat shows, in one place. A language is one value of the type Wording.
import type { AuditKind } from '../audit/entry.js';
import type { EventNoticeKind } from '../unblock/request-store.js';
import type { Refusal } from '../unblock/desk.js';

/** What can be refused in chat, each with one sentence that says what to do next. */
export type ChatRefusal = Refusal | 'stranger' | 'too-fast' | 'invitation-not-accepted' | 'enrolment-expired' | 'reveal-over';

type Details = Readonly<Record<string, string>>;

export interface Wording {
  readonly refusal: { readonly [K in ChatRefusal]: (details: Details) => string };
  readonly button: {
    readonly [K in
      | 'start'
      | 'show'
      | 'newChallenge'
      | 'cancel'
      | 'approve'
      | 'deny'
      | 'revoke'
      | 'worked'
      | 'refused'
      | 'notMe'
      | 'authenticator']: string;
  };
  readonly submit: { readonly [K in 'send' | 'approve' | 'deny' | 'show' | 'freeze' | 'next' | 'finish']: string };
  readonly field: {
    readonly [K in 'card' | 'challenge' | 'changedChallenge' | 'code' | 'freshCode' | 'oldCode' | 'newCode' | 'reason' | 'why' | 'invitation']: {
      readonly label: string;
      readonly hint: string;
    };
  };
  readonly label: { readonly [K in 'who' | 'card' | 'reason' | 'verified' | 'thisMonth' | 'approvedBy' | 'response' | 'seed' | 'recovery']: string };
  readonly role: { readonly manager: (name: string) => string; readonly helpdesk: string; readonly group: (name: string) => string };
  readonly source: { readonly manager: (name: string) => string; readonly helpdesk: string; readonly group: (name: string) => string };
  readonly say: Sayings;
  readonly event: { readonly [K in EventNoticeKind]: (about: EventWords) => { title: string; text: string } };
  /** What an audit entry says, for the playground's list. */
  readonly trail: { readonly [K in AuditKind]: string };
}

/** Whom and what an event is about; `mine`: it is told to the person themselves. */
export interface EventWords {
  readonly person: string;
  readonly card: string;
  readonly mine: boolean;
}

export interface Sayings {
  readonly welcome: { readonly title: string; readonly text: string };
  readonly codeInChat: string;
  readonly accepted: string;
  readonly approvedNow: string;
  readonly voted: string;
  readonly deniedNow: string;
  readonly cancelledNow: string;
  readonly frozenNow: string;
  readonly glad: string;
  readonly challengeTaken: string;
  readonly challengeWaits: string;
  readonly unblockTitle: string;
  readonly unblockIntro: string;
  readonly reading: (groups: string, changes: string) => string;
  readonly repair: (typed: string, read: string, position: number) => string;
  readonly waiting: (whom: string, since: string) => string;
  readonly anyOf: (whom: readonly string[], needs: number) => string;
  readonly allOf: (whom: readonly string[]) => string;
  readonly partly: (names: string) => string;
  readonly reminded: string;
  readonly approved: (names: string) => string;
  readonly approvedByRule: string;
  readonly nextRound: string;
  readonly answered: (until: string) => string;
  readonly refusedOnce: (until: string) => string;
  readonly done: { readonly worked: string; readonly unconfirmed: string };
  readonly denied: (who: string, why: string) => string;
  readonly deniedByDirectory: string;
  readonly cancelled: { readonly requester: string; readonly frozen: string };
  readonly expired: string;
  readonly failed: { readonly 'wrong-codes': string; readonly 'response-refused': string };
  readonly requestTitle: (card: string) => string;
  readonly askTitle: (name: string) => string;
  readonly verifiedAt: (time: string) => string;
  readonly newAuthenticator: (when: string) => string;
  readonly often: (count: number) => string;
  readonly refusedBefore: (count: number) => string;
  readonly channelAsk: string;
  readonly state: { readonly [K in 'awaiting' | 'approved' | 'nextRound' | 'answered' | 'refused' | 'worked' | 'unconfirmed' | 'expired' | 'failed' | 'cancelled' | 'frozen']: string };
  readonly approveTitle: string;
  readonly approveIntro: (name: string) => string;
  readonly denyTitle: string;
  readonly showTitle: string;
  readonly stillShows: (groups: string) => string;
  readonly staleProof: string;
  readonly responseTitle: string;
  readonly spelled: (words: string) => string;
  readonly shownUntil: (time: string) => string;
  readonly newChallengeTitle: string;
  readonly newChallengeIntro: string;
  readonly newChallengeApproved: string;
  readonly retryTitle: string;
  readonly retryIntro: string;
  readonly freezeTitle: string;
  readonly freezeIntro: string;
  readonly enrolTitle: string;
  readonly enrolIntro: string;
  readonly scan: string;
  readonly qrAlt: string;
  readonly recoveryIntro: string;
  readonly fault: (reference: string) => string;
}

const NOT_ACCEPTED =
  'That code was not accepted. Wait for the next one (each works once). After several tries it locks; the helpdesk can help.';

function wrongLength({ digits = '', expected = '', group, groupDigits = '', groupSize = '' }: Details): string {
  const where = group === undefined ? '' : ` Look at group ${group}: it has ${groupDigits} instead of ${groupSize}.`;
  return `That has ${digits} digits; your screen shows ${expected}.${where} Type it again as it stands there.`;
}

export const ENGLISH: Wording = {
  refusal: {
    'already-approved': () => 'You have approved this already. Nothing more to do.',
    'audit-unavailable': () => 'The audit log cannot be written, so nothing can be decided now. Your administrator has been alerted; try again later.',
    'breaker-open': () => 'Too many cards were unblocked in the last hour, so the bot has paused. Call the helpdesk.',
    'card-busy': () => 'There is an open request for this card already. Look for its message here, or cancel it first.',
    'card-changed': () => 'This dialog was begun for another card. Close it, and start again for this one.',
    'card-frozen': () => 'This card is frozen. Call the helpdesk.',
    'card-limit': () => 'This card has reached its limit for 24 hours. Call the helpdesk.',
    'card-near-limit': () => 'This card has refused too many responses and could lock for good. Bring it to the helpdesk.',
    'challenge-answered': () => 'This challenge was answered before. Get a new one on the locked PC and give that.',
    'challenge-empty': ({ expected = '16' }) => `Type the ${expected} digits and letters that the locked PC shows.`,
    'challenge-length': wrongLength,
    'challenge-not-hex': ({ character = '' }) => `"${character}" cannot be in a challenge: it has only the digits 0 to 9 and the letters A to F.`,
    'challenge-not-random': () => 'No card shows a challenge like this. Type the one on the locked PC.',
    'code-needed': () => 'Type a fresh code from your authenticator as well.',
    'code-not-accepted': () => NOT_ACCEPTED,
    'codes-spent': () => 'That was the third wrong code, so the request has ended. Wait for a new code and start again, or call the helpdesk.',
    'enrolment-expired': () => 'This set-up is over. Ask the helpdesk for a new invitation.',
    'invitation-not-accepted': () => 'This invitation was not accepted. It works once, for ten minutes; ask the helpdesk for a new one.',
    'no-approver': ({ missing = '' }) => `Nobody can approve this request: it needs ${missing.replaceAll('group:', 'the group ').replace('helpdesk', 'the helpdesk').replace('manager', 'your manager')}, and there is nobody. Call the helpdesk.`,
    'no-card': () => 'You have no smart card here. Call the helpdesk.',
    'no-challenge-response': () => 'This kind of card cannot be unblocked with a challenge. Call the helpdesk.',
    'no-reason': () => 'Say in a few words why.',
    'no-rule': () => 'The policy has no rule for you and this card. Call the helpdesk.',
    'no-such-request': () => 'This request is gone. Start a new one.',
    'not-now': () => 'That cannot be done any more: the request has moved on. Look at its latest message.',
    'not-your-card': () => 'This card is not yours any more. Call the helpdesk.',
    'not-your-decision': () => 'You cannot decide this request: it is your own, or you are not among those who were asked.',
    'not-your-request': () => 'Only the person who asked can do this.',
    'person-inactive': () => 'Your account is not active. Call the helpdesk.',
    'request-closed': () => 'This request has ended. Start a new one if the card is still blocked.',
    'request-ended': () => 'This request was ended, because the card or an approver changed meanwhile. Look at its message.',
    'request-expired': () => 'This request has expired. Start a new one.',
    'reveal-over': () => 'The time to look at this response is over. If it did not work, press "It was refused".',
    'vote-ended': () => 'That was the third wrong code, so you cannot decide this request any more. The others who were asked still can.',
    stranger: () => 'I do not know this account. Ask your helpdesk to add you.',
    'too-fast': () => 'That was a lot at once. Wait a minute and try again.',
    'too-many-requests': () => 'You have asked as often today as the policy allows. Call the helpdesk.',
  },
  button: {
    start: 'Unblock my card',
    show: 'Show response',
    newChallenge: 'My PC shows a new challenge',
    cancel: 'Cancel request',
    approve: 'Approve',
    deny: 'Deny',
    revoke: 'Take back my approval',
    worked: 'It worked',
    refused: 'It was refused',
    notMe: 'This was not me',
    authenticator: 'Set up my authenticator',
  },
  submit: {
    send: 'Send request',
    approve: 'Approve',
    deny: 'Deny request',
    show: 'Show response',
    freeze: 'Freeze my card',
    next: 'Continue',
    finish: 'Finish',
  },
  field: {
    card: { label: 'Card', hint: 'Which of your cards is blocked' },
    challenge: { label: 'Challenge', hint: 'The groups of digits and letters on the locked PC' },
    changedChallenge: { label: 'New challenge', hint: 'Only if your PC shows another one by now' },
    code: { label: 'Your one-time code', hint: 'Six digits from your authenticator, or a recovery code' },
    freshCode: { label: 'Your one-time code', hint: 'Only needed with a new challenge' },
    oldCode: { label: 'Code of your present authenticator', hint: 'Or a recovery code' },
    newCode: { label: 'Code of the new authenticator', hint: 'The six digits it shows after scanning' },
    reason: { label: 'Reason', hint: 'For the person who approves, for example: PIN forgotten after holidays' },
    why: { label: 'Reason', hint: 'The person who asked will read it' },
    invitation: { label: 'Invitation code', hint: 'Ten characters that the helpdesk gave you' },
  },
  label: {
    who: 'Who',
    card: 'Card',
    reason: 'Reason',
    verified: 'Verified',
    thisMonth: 'Requests in 30 days',
    approvedBy: 'Approved by',
    response: 'Response',
    seed: 'Key',
    recovery: 'Recovery codes',
  },
  role: {
    manager: (name) => `You are the manager of ${name}.`,
    helpdesk: 'You are at the helpdesk.',
    group: (name) => `You are in the group ${name}.`,
  },
  source: {
    manager: (name) => `${name} (your manager)`,
    helpdesk: 'the helpdesk',
    group: (name) => `the group ${name}`,
  },
  say: {
    welcome: {
      title: 'Countersign',
      text: 'I unblock the PIN of your smart card. You need the challenge on the locked PC and a code from your authenticator.',
    },
    codeInChat: 'That looks like a one-time code. Never type one into a chat: I did not use it. Delete your message and wait for the next code.',
    accepted: 'Your code was accepted. Watch the message in this chat: it shows how your request stands.',
    approvedNow: 'Your code was accepted. Press "Show response" in this chat.',
    voted: 'Your approval was recorded.',
    deniedNow: 'The request was denied.',
    cancelledNow: 'The request was cancelled.',
    frozenNow: 'Your card and your authenticator are frozen, and security was told. Call the helpdesk.',
    glad: 'Good. The request is closed.',
    challengeTaken: 'The new challenge was taken. Press "Show response" in this chat.',
    challengeWaits: 'The new challenge was taken. It is answered once your request is approved.',
    unblockTitle: 'Unblock my card',
    unblockIntro: 'Keep the unblock screen open and the card in the reader until you are done.',
    reading: (groups, changes) => `I read this as ${groups} (${changes}). Compare it with your screen. If it is right, type a code and send again.`,
    repair: (typed, read, position) => `"${typed}" as ${read}, digit ${position}`,
    waiting: (whom, since) => `Your code was accepted. Waiting for ${whom} since ${since}.`,
    anyOf: (whom, needs) => `${needs > 1 ? `${needs} of: ` : ''}${whom.join(' or ')}`,
    allOf: (whom) => whom.join(' and '),
    partly: (names) => `Approved so far by ${names}.`,
    reminded: 'They were reminded.',
    approved: (names) => `Approved by ${names}. Show the response when you are at the locked PC.`,
    approvedByRule: 'Your policy asks nobody else. Show the response when you are at the locked PC.',
    nextRound: 'A new challenge was taken after the card refused a response.',
    answered: (until) => `The response can be shown until ${until}. Did it work?`,
    refusedOnce: (until) => `The card refused the response. Get a new challenge on the locked PC and give it before ${until}.`,
    done: {
      worked: 'Your card works again. This request is closed.',
      unconfirmed: 'The response was shown, and you did not say whether it worked. If the card is still blocked, start again.',
    },
    denied: (who, why) => `Denied by ${who}: ${why}`,
    deniedByDirectory: 'Ended, because the card, its holder or an approver changed. Start again, or call the helpdesk.',
    cancelled: { requester: 'Cancelled by the person who asked.', frozen: 'Ended, because the card was frozen.' },
    expired: 'Expired: nobody decided in time, or the response was not shown. Start again if the card is still blocked.',
    failed: {
      'wrong-codes': 'Ended after three wrong codes. If that was not you, press the button below.',
      'response-refused': 'The card refused the response. Do not try again and again: the card could lock for good. Call the helpdesk.',
    },
    requestTitle: (card) => `Unblock ${card}`,
    askTitle: (name) => `${name} asks to unblock a smart card`,
    verifiedAt: (time) => `With their own one-time code at ${time}`,
    newAuthenticator: (when) => `Unusual: the authenticator is new (${when}).`,
    often: (count) => `Unusual: request number ${count} in 30 days.`,
    refusedBefore: (count) => `Unusual: responses that the card refused since it last worked: ${count}.`,
    channelAsk: 'Anyone at the helpdesk may decide, but not on their own request.',
    state: {
      awaiting: 'Waiting for a decision.',
      approved: 'Approved. The response was not shown yet.',
      nextRound: 'Approved. The card refused one response, and another one will be shown. You can still take your approval back.',
      answered: 'Approved. The response was shown.',
      refused: 'The card refused the response. Another challenge is needed.',
      worked: 'Closed: the card works again.',
      unconfirmed: 'Closed: the response was shown, the outcome is not known.',
      expired: 'Expired. Nothing to do.',
      failed: 'Ended without success. Nothing to do.',
      cancelled: 'Cancelled by the person who asked. Nothing to do.',
      frozen: 'Ended: the card was frozen. Security was told.',
    },
    approveTitle: 'Approve this request',
    approveIntro: (name) => `Approve only if you are sure that ${name} asked for this. When in doubt, call them.`,
    denyTitle: 'Deny this request',
    showTitle: 'Show the response',
    stillShows: (groups) => `Does your PC still show ${groups}? If yes, go on. If not, type the new challenge and a fresh code.`,
    staleProof: 'It is a while since you gave a code, so a fresh one is needed.',
    responseTitle: 'Response for your card',
    spelled: (words) => `Read aloud: ${words}`,
    shownUntil: (time) => `Shown until ${time}. It fits only the challenge above and works once.`,
    newChallengeTitle: 'New challenge',
    newChallengeIntro: 'Your request goes on as it is. Type the challenge that the PC shows now, and a fresh code.',
    newChallengeApproved: 'Your approval stays valid. Type the challenge that the PC shows now, and a fresh code.',
    retryTitle: 'The response was refused',
    retryIntro: 'Do not type the same response again. Go back on the locked PC to get a new challenge, and give it here with a fresh code.',
    freezeTitle: 'This was not me',
    freezeIntro: 'This freezes your card and your authenticator at once and alerts security. You will need the helpdesk to work with them again.',
    enrolTitle: 'Set up my authenticator',
    enrolIntro: 'Type the invitation code that the helpdesk gave you. It works once, for ten minutes.',
    scan: 'Scan this with your authenticator app, or type the key into it. It is shown only now.',
    qrAlt: 'QR code for your authenticator app',
    recoveryIntro: 'Your authenticator works. Keep these codes in a safe place, not on your phone: each works once, and they are shown only now.',
    fault: (reference) => `Something went wrong, and nothing was changed. Try again; if it stays, give the helpdesk this reference: ${reference}.`,
  },
  event: {
    'card-frozen': ({ person, card, mine }) => ({
      title: 'A smart card was frozen',
      text: mine
        ? `You said "this was not me". Your card ${card} and your authenticator are frozen. Call the helpdesk: somebody may have your chat account.`
        : `${person} said "this was not me". The card ${card} and the authenticator of ${person} are frozen. Find out who asked before anything is set up again.`,
    }),
    enrolled: ({ person, mine }) => ({
      title: 'An authenticator was set up',
      text: mine
        ? 'You have a new authenticator. If this was not you, call the helpdesk now.'
        : `${person} has a new authenticator. If nobody expected this, call the helpdesk.`,
    }),
    'authenticator-locked': ({ person, mine }) => ({
      title: 'An authenticator locked',
      text: mine
        ? 'Ten wrong codes in a row were typed for you, so your authenticator stopped. Ask the helpdesk for an invitation to set it up again.'
        : `Ten wrong codes in a row were typed for ${person}. The authenticator stopped until it is set up again.`,
    }),
    'recovery-code-used': ({ person, mine }) => ({
      title: 'A recovery code was used',
      text: mine
        ? 'One of your recovery codes was used. If this was not you, call the helpdesk now. If your phone is gone, ask for an invitation to set up a new authenticator.'
        : `${person} used a recovery code. If nobody expected this, call the helpdesk.`,
    }),
  },
  trail: {
    'request-opened': 'A request was opened',
    'identity-proved': 'The one-time code was right',
    'code-refused': 'A code was refused',
    vote: 'An approval was given',
    'approval-complete': 'Everybody who must agree has agreed',
    'challenge-replaced': 'A new challenge was taken',
    released: 'The response was released',
    'shown-again': 'The response was shown again',
    outcome: 'The employee said whether it worked, or time ended it',
    cancelled: 'The request was cancelled',
    expired: 'The request expired',
    reminded: 'Approvers were reminded',
    failed: 'The request failed',
    denied: 'The request was denied',
    frozen: 'A card was frozen',
    'enrolment-invited': 'An invitation was made',
    enrolled: 'An authenticator was set up',
    'authenticator-replaced': 'An authenticator was replaced',
    'people-imported': 'People were imported',
    'cards-imported': 'Cards were imported',
    'installation-marked': 'This database was marked',
    'policy-loaded': 'A policy was loaded',
    started: 'Countersign started',
  },
};
