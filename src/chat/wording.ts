// Every sentence that chat shows, in one place. A language is one value of the type Wording.
import type { AuditKind } from '../audit/entry.js';
import type { RefusalCause } from '../card/diagnosis.js';
import type { EventNoticeKind } from '../unblock/request-store.js';
import type { Refusal } from '../unblock/desk.js';
import type { RequestState } from '../unblock/request.js';

/** What can be refused in chat, each with one sentence that says what to do next. */
export type ChatRefusal = Refusal | 'stranger' | 'not-a-member' | 'not-linked' | 'no-such-person' | 'too-fast' | 'invitation-not-accepted' | 'enrolment-expired' | 'reveal-over';

type Details = Readonly<Record<string, string>>;

export interface Wording {
  readonly refusal: { readonly [K in ChatRefusal]: (details: Details) => string };
  readonly button: {
    readonly [K in
      | 'start'
      | 'show'
      | 'showPuk'
      | 'newChallenge'
      | 'cancel'
      | 'approve'
      | 'deny'
      | 'revoke'
      | 'worked'
      | 'refused'
      | 'notMe'
      | 'authenticator'
      | 'link'
      | 'close'
      | 'helpCaller']: string;
  };
  readonly submit: { readonly [K in 'send' | 'approve' | 'deny' | 'show' | 'freeze' | 'next' | 'finish' | 'link']: string };
  readonly field: {
    readonly [K in 'person' | 'callerCode' | 'card' | 'challenge' | 'challengeIfAny' | 'changedChallenge' | 'code' | 'freshCode' | 'oldCode' | 'newCode' | 'reason' | 'why' | 'invitation']: {
      readonly label: string;
      readonly hint: string;
    };
  };
  readonly label: { readonly [K in 'who' | 'card' | 'reason' | 'verified' | 'thisMonth' | 'approvedBy' | 'response' | 'withoutBlanks' | 'askedBy' | 'past' | 'puk' | 'seed' | 'recovery']: string };
  readonly role: {
    readonly manager: (name: string) => string;
    readonly managersManager: (name: string) => string;
    readonly helpdesk: string;
    readonly group: (name: string) => string;
    readonly onCall: (rota: string) => string;
  };
  readonly source: {
    readonly manager: (name: string) => string;
    readonly managersManager: (name: string) => string;
    readonly helpdesk: string;
    readonly group: (name: string) => string;
    readonly onCall: (rota: string) => string;
  };
  /** How a request of before stands, in one or two words. */
  readonly pastState: { readonly [K in RequestState]: string };
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
  readonly cause: { readonly [K in RefusalCause['cause']]: (details: Details) => string };
  readonly failed: { readonly 'wrong-codes': string; readonly 'response-refused': string };
  readonly requestTitle: (card: string) => string;
  readonly askTitle: (name: string) => string;
  readonly verifiedAt: (time: string) => string;
  readonly newAuthenticator: (when: string) => string;
  readonly often: (count: number) => string;
  readonly refusedBefore: (count: number) => string;
  readonly nearLimit: (triesLeft: number) => string;
  readonly pukAsk: string;
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
  /** What differs for a card that asks for its PUK instead of a response. */
  readonly puk: {
    readonly approved: (names: string) => string;
    readonly approvedByRule: string;
    readonly approvedNow: string;
    readonly answered: (until: string) => string;
    readonly refused: string;
    readonly unconfirmed: string;
    readonly over: string;
    readonly showTitle: string;
    readonly showIntro: string;
    readonly title: string;
    readonly shownUntil: (time: string) => string;
  };
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
  readonly homeTitle: (name: string) => string;
  readonly callerTitle: string;
  readonly callerIntro: string;
  readonly assistIntro: (name: string) => string;
  readonly forTitle: (name: string, title: string) => string;
  readonly askedByAgent: (name: string) => string;
  readonly newcomer: string;
  readonly linkTitle: string;
  readonly linkIntro: (name: string, email: string) => string;
  readonly linked: string;
  /** In a dialog whose content takes its time. */
  readonly wait: string;
  /** Where a dialog could not be opened in time. */
  readonly tooSlow: string;
  readonly personalOnly: string;
  /** In place of a response whose time is over. */
  readonly windowOver: string;
  /** In place of a QR code, where the platform cannot draw one. */
  readonly noQr: string;
  readonly fault: (reference: string) => string;
}

const NOT_ACCEPTED =
  'That code was not accepted. Wait for the next one (each works once). After several tries it locks; the helpdesk can help.';

function wrongLength({ digits = '', expected = '', group, groupDigits = '', groupSize = '', suggests }: Details): string {
  const where = group === undefined ? '' : ` Look at group ${group}: it has ${groupDigits} instead of ${groupSize}.`;
  const hint = suggests === undefined ? undefined : LENGTH_HINTS[suggests];
  const next = hint ?? 'Type it again as it stands there.';
  return `That has ${digits} digits; a challenge of your card has ${expected}.${where} ${next}`;
}

// By what the length suggests; where a slip of one digit or group is likely, the plain sentence does.
const LENGTH_HINTS: Readonly<Record<string, string>> = {
  twice: 'It seems to stand there twice: type it once.',
  aes: 'This looks like the challenge of an AES card, but yours is registered as 3DES. Look whether it is the right card; if it is, call the helpdesk.',
  '3des': 'This looks like the challenge of a 3DES card, but yours is registered as AES. Look whether it is the right card; if it is, call the helpdesk.',
  key: 'That looks like the key of a card. Never type one here: call the helpdesk and say that you have seen it.',
  code: 'That looks like a one-time code or a PIN. Type the groups of digits and letters that the locked PC shows.',
};

// Nothing of these is certain, so each says where to look.
const CAUSES: Sayings['cause'] = {
  'other-length': ({ digits = '', expected = '' }) => `Your PC shows ${digits} digits, and this card's challenges have ${expected}: another card may be in the reader.`,
  'screen-unreadable': () => 'What your PC shows is no challenge: open its unblock screen again.',
  'challenge-misread': ({ answered = '', shown = '', positions = '' }) =>
    `The challenge was perhaps misread: ${answered} was answered, and now it is ${shown}. Look at digit ${positions}.`,
  'same-challenge': () => 'Your PC still shows the challenge that was answered: the response was perhaps mistyped.',
  'challenge-changed': ({ answered = '' }) =>
    `The response fitted ${answered} only. If the card was pulled or the screen was closed meanwhile, it had to be refused.`,
  'wrong-card-or-key': () => 'It was refused more than once: look whether the card in the reader is the one that you chose here.',
  'kind-not-confirmed': () => 'Nobody has confirmed yet that this kind of card takes a response: tell the helpdesk how it went.',
  'near-limit': ({ left = '' }) => left === '0' ? 'It has refused as many as it may, so it may be locked for good by now.' : `The card may lock for good after ${left} more: type slowly, and call the helpdesk when in doubt.`,
};

export const ENGLISH: Wording = {
  refusal: {
    'already-approved': () => 'You have approved this already. Nothing more to do.',
    'audit-unavailable': () => 'The audit log cannot be written, so nothing can be decided now. Your administrator has been alerted; try again later.',
    'breaker-open': () => 'Too many cards were unblocked in the last hour, so the bot has paused. Call the helpdesk.',
    'card-busy': () => 'There is an open request for this card already. Look for its message here, or cancel it first.',
    'card-changed': () => 'This dialog was begun for another card. Close it, and start again for this one.',
    'card-frozen': () => 'This card is frozen. Call the helpdesk.',
    'card-limit': () => 'This card has reached its limit for 24 hours. Call the helpdesk.',
    'card-near-limit': () => 'This card has refused so many responses that it could lock for good. Start again when this request has ended, or cancel it: then the helpdesk is asked as well.',
    'card-stopped': () => 'This card has refused as many responses as such a card allows, or is assumed to allow. Bring it to the helpdesk.',
    'card-waiting': () => 'This card was imported, and a second administrator has not released it yet. Call the helpdesk.',
    'challenge-answered': () => 'This challenge was answered before. Get a new one on the locked PC and give that.',
    'challenge-empty': ({ expected = '16' }) => `Type the ${expected} digits and letters that the locked PC shows.`,
    'challenge-length': wrongLength,
    'challenge-not-hex': ({ character = '', word = character }) =>
      `"${word}" cannot be in a challenge: it has only the digits 0 to 9 and the letters A to F.`,
    'challenge-not-random': () => 'No card shows a challenge like this. Type the one on the locked PC.',
    'code-needed': () => 'Type a fresh code from your authenticator as well.',
    'code-not-accepted': () => NOT_ACCEPTED,
    'codes-spent': () => 'That was the third wrong code, so the request has ended. Wait for a new code and start again, or call the helpdesk.',
    'enrolment-expired': () => 'This set-up is over. Ask the helpdesk for a new invitation.',
    'invitation-not-accepted': () => 'This invitation was not accepted. It works once, for ten minutes; ask the helpdesk for a new one.',
    'no-approver': ({ missing = '' }) => `Nobody can approve this request: it needs ${missing.replaceAll('group:', 'the group ').replaceAll('on-call:', 'whoever is on call for ').replace('helpdesk', 'the helpdesk').replace('manager', 'your manager').replace('your manager-of-manager', "your manager's manager")}, and there is nobody. Call the helpdesk.`,
    'no-card': () => 'You have no smart card here. Call the helpdesk.',
    'no-challenge-response': () => 'This kind of card cannot be unblocked with a challenge. Call the helpdesk.',
    'not-recoverable': ({ instead = 'Call the helpdesk.' }) => `This card cannot be unblocked. ${instead}`,
    'puk-shown': () => 'The PUK of this card was shown before and is not shown again. Call the helpdesk: the card needs a new one first.',
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
    'not-a-member': () => 'Only full members of this organisation can work with me: guests, people of other organisations and apps cannot. Call the helpdesk.',
    'not-an-agent': () => 'Only an agent of the helpdesk can ask for somebody else, and not for themselves.',
    'no-such-person': () => 'Nobody in the directory has this account or e-mail address. Ask the caller for it again.',
    'not-linked': () => 'This account could not be linked. Wait for a new code and try again, or call the helpdesk.',
    stranger: () => 'I do not know this account. Ask your helpdesk to add you.',
    'too-fast': () => 'That was a lot at once. Wait a minute and try again.',
    'too-many-requests': () => 'You have asked as often today as the policy allows. Call the helpdesk.',
  },
  button: {
    start: 'Unblock my card',
    show: 'Show response',
    showPuk: 'Show PUK',
    newChallenge: 'My PC shows a new challenge',
    cancel: 'Cancel request',
    approve: 'Approve',
    deny: 'Deny',
    revoke: 'Take back my approval',
    worked: 'It worked',
    refused: 'It was refused',
    notMe: 'This was not me',
    authenticator: 'Set up my authenticator',
    link: 'Link my account',
    close: 'Close',
    helpCaller: 'Help a caller',
  },
  submit: {
    send: 'Send request',
    approve: 'Approve',
    deny: 'Deny request',
    show: 'Show response',
    freeze: 'Freeze my card',
    next: 'Continue',
    finish: 'Finish',
    link: 'Link my account',
  },
  field: {
    person: { label: 'Caller', hint: 'Whose card is blocked' },
    callerCode: { label: "The caller's one-time code", hint: 'Six digits from their authenticator, or a recovery code' },
    card: { label: 'Card', hint: 'Which of your cards is blocked' },
    challenge: { label: 'Challenge', hint: 'The groups of digits and letters on the locked PC' },
    challengeIfAny: { label: 'Challenge', hint: 'The groups of digits and letters on the locked PC. Leave it empty if your card has none' },
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
    withoutBlanks: 'Without blanks',
    askedBy: 'Asked by',
    past: 'Your requests before',
    puk: 'PUK',
    seed: 'Key',
    recovery: 'Recovery codes',
  },
  role: {
    manager: (name) => `You are the manager of ${name}.`,
    managersManager: (name) => `You are the manager of the manager of ${name}.`,
    helpdesk: 'You are at the helpdesk.',
    group: (name) => `You are in the group ${name}.`,
    onCall: (rota) => `You were on call (${rota}) when this was asked.`,
  },
  source: {
    manager: (name) => `${name} (your manager)`,
    managersManager: (name) => `${name} (your manager's manager)`,
    helpdesk: 'the helpdesk',
    group: (name) => `the group ${name}`,
    onCall: (rota) => `whoever is on call (${rota})`,
  },
  pastState: {
    opened: 'begun',
    'awaiting-approval': 'waiting',
    approved: 'approved',
    answered: 'shown',
    done: 'done',
    denied: 'denied',
    cancelled: 'cancelled',
    expired: 'expired',
    failed: 'failed',
  },
  say: {
    welcome: {
      title: 'Countersign',
      text: 'I unblock the PIN of your smart card. You need the challenge on the locked PC and a code from your authenticator.',
    },
    codeInChat: 'That looks like a one-time code. Never type one into a chat: if it was one, it does not work any more. Delete your message and wait for the next code.',
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
    cause: CAUSES,
    failed: {
      'wrong-codes': 'Ended after three wrong codes. If that was not you, press the button below.',
      'response-refused': 'The card refused the response. Do not try again and again: the card could lock for good. Call the helpdesk.',
    },
    requestTitle: (card) => `Unblock ${card}`,
    askTitle: (name) => `${name} asks to unblock a smart card`,
    verifiedAt: (time) => `With their own one-time code at ${time}`,
    newAuthenticator: (when) => `Unusual: the authenticator is new (${when}).`,
    often: (count) => `Unusual: request number ${count} in 30 days.`,
    refusedBefore: (count) => `Unusual: responses since the card last worked that it refused, or of which nobody said: ${count}.`,
    nearLimit: (left) => `Careful: after ${left === 1 ? 'one more refused response' : `${left} more refused responses`} the card may lock for good. Go through the steps with the person.`,
    pukAsk: 'This card is unblocked with its PUK, which is shown to the person once.',
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
    puk: {
      approved: (names) => `Approved by ${names}. Show the PUK when you are at the locked PC.`,
      approvedByRule: 'Your policy asks nobody else. Show the PUK when you are at the locked PC.',
      approvedNow: 'Your code was accepted. Press "Show PUK" in this chat.',
      answered: (until) => `The PUK can be shown until ${until}. Did it work?`,
      refused: 'The card refused the PUK. Do not type it again: the card could lock for good. Call the helpdesk.',
      unconfirmed: 'The PUK was shown, and you did not say whether it worked. It is not shown again: if the card is still blocked, call the helpdesk.',
      over: 'The time to look at this PUK is over, and it is not shown again. If the card is still blocked, call the helpdesk.',
      showTitle: 'Show the PUK',
      showIntro: 'Your card is unblocked with its PUK. It is shown for some minutes and then never again, so go to the locked PC first.',
      title: 'PUK of your card',
      shownUntil: (time) => `Shown until ${time}. Do not write it down: your card gets another one.`,
    },
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
    homeTitle: (name) => `Hello ${name}`,
    callerTitle: 'Help a caller',
    callerIntro: 'For somebody who calls the helpdesk and cannot use chat. They read out the challenge and a one-time code of their own.',
    assistIntro: (name) => `${name} is not verified yet. Type what they read out: only their own one-time code tells that it is them. You cannot approve this request.`,
    forTitle: (name, title) => `For ${name}: ${title}`,
    askedByAgent: (name) => `${name} of the helpdesk, on the telephone with them`,
    newcomer: 'I do not know this chat account yet. If you are in the directory, link it: you need a one-time code from your authenticator.',
    linkTitle: 'Link my account',
    linkIntro: (name, email) => `Your e-mail address here, ${email}, belongs to ${name} in the directory. If that is you, type a one-time code. If you have no authenticator yet, ask the helpdesk for an invitation first.`,
    linked: 'This account is yours now. Start again with what you wanted to do.',
    wait: 'One moment, please.',
    tooSlow: 'That took too long to show here. Press the button again.',
    personalOnly: 'I talk about cards in a chat between the two of us alone. Write to me there.',
    windowOver: 'The time to look at this response is over, so it is not shown any more.',
    noQr: 'A QR code cannot be shown here: type the key below into your authenticator app.',
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
    'puk-shown': ({ person, card }) => ({
      title: 'A PUK was shown',
      text: `${person} was shown the PUK of the card ${card}. Until a new PUK is set on the card and imported here, the card takes no further request.`,
    }),
    assisted: ({ person, card, mine }) => ({
      title: 'The helpdesk asked for somebody',
      text: mine
        ? `The helpdesk asked to unblock your card ${card}, with a code that you read out. If that was not you, call the helpdesk now.`
        : `The helpdesk asked to unblock the card ${card} for ${person}, who was on the telephone and gave a code. If that seems wrong, call ${person}.`,
    }),
    'account-linked': ({ person, mine }) => ({
      title: 'A chat account was linked',
      text: mine
        ? 'A chat account was linked to you with one of your codes. If this was not you, call the helpdesk now.'
        : `A chat account was linked to ${person} with a one-time code. If nobody expected this, call the helpdesk.`,
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
    'account-linked': 'A chat account was linked',
    'account-unlinked': 'A chat account was taken from a person',
    'code-burnt': 'A code was typed into a chat, so it counts as spent',
    'slack-installed': 'The app was installed in a Slack workspace',
    'slack-removed': 'The app was removed from a Slack workspace',
    'people-imported': 'People were imported',
    'cards-imported': 'Cards were imported',
    'cards-import-waits': 'Cards were imported and wait for a second administrator',
    'cards-import-committed': 'A second administrator committed the import of cards',
    'cards-import-dropped': 'An administrator dropped an import of cards',
    'cards-renewed': 'A file of new secrets for cards was imported',
    'card-renewed': 'A card got a new secret',
    'master-key-imported': 'A master key was imported',
    'keys-rotation-began': 'Rotation of the key-encryption key began',
    'keys-rotation-ended': 'Rotation of the key-encryption key ended',
    'keys-backed-up': 'The keys were backed up',
    'installation-marked': 'This database was marked',
    'policy-loaded': 'A policy was loaded',
    started: 'Countersign started',
  },
};
