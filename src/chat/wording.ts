// What a language has to say: every sentence that chat shows. A language is one value of the type Wording.
import type { AuditKind } from '../audit/entry.js';
import type { EscalatedWhy } from '../approval/stages.js';
import type { RefusalCause } from '../card/diagnosis.js';
import type { SpokenNames } from '../card/spelling.js';
import type { DelegatingRefusal } from '../unblock/delegating.js';
import type { EventNoticeKind } from '../unblock/request-store.js';
import type { Refusal } from '../unblock/desk.js';
import type { MonthNumbers } from '../unblock/numbers.js';
import type { GlassRefusal } from '../unblock/glass-desk.js';
import type { RequestState } from '../unblock/request.js';
import type { Frame } from './message.js';

/** What can be refused in chat, each with one sentence that says what to do next. */
export type ChatRefusal = Refusal | GlassRefusal | DelegatingRefusal | 'stranger' | 'not-a-member' | 'not-linked' | 'no-such-person' | 'caller-not-linked' | 'too-fast' | 'invitation-not-accepted' | 'enrolment-expired' | 'already-set-up' | 'recovery-codes-made' | 'no-authenticator' | 'reveal-over' | 'may-not-vouch' | 'too-many-vouchers' | 'voucher-given';

export type Details = Readonly<Record<string, string>>;

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
      | 'showNumber'
      | 'notMyReport'
      | 'worked'
      | 'refused'
      | 'notMe'
      | 'notThem'
      | 'authenticator'
      | 'recoveryCodes'
      | 'link'
      | 'helpCaller'
      | 'vouch'
      | 'sealedCodes'
      | 'acknowledge'
      | 'delegate']: string;
  };
  readonly frame: Frame;
  readonly submit: { readonly [K in 'send' | 'approve' | 'deny' | 'show' | 'freeze' | 'next' | 'finish' | 'renew' | 'link']: string };
  readonly field: {
    readonly [K in 'person' | 'callerCode' | 'card' | 'challenge' | 'challengeIfAny' | 'changedChallenge' | 'code' | 'freshCode' | 'oldCode' | 'newCode' | 'appCode' | 'number' | 'reason' | 'why' | 'invitation']: {
      readonly label: string;
      readonly hint: string;
    };
  };
  readonly label: { readonly [K in 'who' | 'card' | 'reason' | 'verified' | 'thisMonth' | 'approvedBy' | 'endedAt' | 'response' | 'withoutBlanks' | 'askedBy' | 'past' | 'puk' | 'seed' | 'recovery']: string };
  readonly role: {
    readonly manager: (name: string) => string;
    readonly managersManager: (name: string) => string;
    readonly cardSponsor: string;
    readonly helpdesk: string;
    readonly group: (name: string) => string;
    readonly onCall: (rota: string) => string;
  };
  readonly source: {
    readonly manager: (name: string) => string;
    readonly managersManager: (name: string) => string;
    readonly cardSponsor: string;
    readonly helpdesk: string;
    readonly group: (name: string) => string;
    readonly onCall: (rota: string) => string;
  };
  /** How a request of before stands, in one or two words. */
  readonly pastState: { readonly [K in RequestState]: string };
  /** What a card profile says, by its English text; what a site wrote itself stays as it is. */
  readonly cardText: (english: string) => string;
  /** What is read aloud of a response. */
  readonly spoken: SpokenNames;
  readonly say: Sayings;
  readonly voting: VotingWords;
  readonly assisting: AssistingWords;
  /** A month in numbers. */
  readonly numbers: { readonly title: (numbers: MonthNumbers) => string; readonly lines: (numbers: MonthNumbers) => readonly string[] };
  readonly vouching: VouchingWords;
  readonly sealed: SealedWords;
  readonly delegating: DelegatingWords;
  readonly event: { readonly [K in EventNoticeKind]: (about: EventWords) => { title: string; text: string } };
  /** What an audit entry says, for the playground's list. */
  readonly trail: { readonly [K in AuditKind]: string };
}

/** What is said where an agent asks for a caller. */
export interface AssistingWords {
  /** Beside the agent's request: what is unusual about the caller. */
  readonly refusedCodes: (count: number, since: string) => string;
  readonly pastRequests: (ones: string) => string;
  readonly firstRequest: string;
  /** To the agent, who saw the response. */
  readonly shown: string;
  readonly pukShown: string;
  /** To the manager who presses "not them". */
  readonly freezeIntro: (name: string) => string;
  readonly freeze: string;
  readonly frozen: string;
}

/** What is said to whoever uses sealed codes, and to whoever acknowledges the report of it. */
export interface SealedWords {
  readonly title: string;
  readonly intro: string;
  readonly nothingWaits: string;
  readonly field: { readonly [K in 'request' | 'own' | 'other' | 'reason' | 'ownCode']: { readonly label: string; readonly hint: string } };
  /** A request in the list of those that wait. */
  readonly choice: (name: string, card: string, since: string) => string;
  readonly submit: string;
  readonly done: string;
  readonly role: string;
  readonly source: string;
  readonly reportTitle: string;
  readonly reportIntro: (name: string, owners: string, when: string) => string;
  readonly acknowledge: string;
  readonly acknowledged: string;
}

/** What is said to whoever vouches for a colleague, and to the colleague. */
export interface VouchingWords {
  readonly title: string;
  readonly intro: string;
  readonly person: { readonly label: string; readonly hint: string };
  readonly submit: string;
  readonly given: (name: string) => string;
  readonly voucher: string;
  readonly until: (time: string) => string;
  /** To whoever sets up an authenticator in a chat that shows no QR code. */
  readonly qrPage: (address: string) => string;
}

/** What is said to whoever passes their say on while they are away, and to who stands in for them. */
export interface DelegatingWords {
  readonly title: string;
  readonly intro: string;
  /** In which time zone the days are read. */
  readonly zone: (name: string) => string;
  readonly field: { readonly [K in 'person' | 'first' | 'last' | 'reason']: { readonly label: string; readonly hint: string } };
  readonly submit: string;
  readonly end: string;
  readonly own: (standIn: string, from: string, until: string) => string;
  readonly standsInFor: (name: string, from: string, until: string) => string;
  readonly none: string;
  /** Above the fields, where somebody stands in already. */
  readonly replaces: string;
  readonly given: (standIn: string, from: string, until: string) => string;
  readonly ended: string;
  readonly notAway: string;
}

/** What is said while people decide. */
export interface VotingWords {
  readonly numberTitle: string;
  readonly numberIntro: string;
  readonly noNumber: string;
  readonly numberWaits: (names: string) => string;
  readonly askNumber: (name: string) => string;
  /** To the agent, who does not see it: who needs it, and whose chat shows it. */
  readonly numberAtCaller: (names: string, caller: string) => string;
  readonly reminder: (count: number, when: string) => string;
  readonly warned: (until: string) => string;
  /** `whom` is asked as well. */
  readonly escalated: { readonly [K in EscalatedWhy]: (whom: string, when: string) => string };
  /** Added to why somebody was asked. */
  readonly asWiderCircle: string;
  readonly onCallFrom: (when: string) => string;
  readonly opensAt: (when: string) => string;
  readonly desk: (where: string) => string;
  readonly nobodyLeft: string;
  readonly steppedDown: string;
  /** To whoever pressed the button, once. */
  readonly steppedDownNow: string;
  readonly outsideHours: string;
  readonly tagged: (tags: string) => string;
  /** To whoever decides in somebody's place. */
  readonly inPlaceOf: (name: string) => string;
  /** Of an approver who is away: who decides for them. */
  readonly throughStandIn: (standIn: string, name: string) => string;
  /** To an approver who is away: who decides for them. */
  readonly decidesForYou: (standIn: string) => string;
}

/** Whom and what an event is about; `mine`: it is told to the person themselves. */
export interface EventWords {
  readonly person: string;
  readonly card: string;
  readonly mine: boolean;
  /** The other person in it, where there is one. */
  readonly other?: string;
  /** Of what holds for a while: its first and its last minute. */
  readonly from?: string;
  readonly until?: string;
  /** The request that it is about, where something can be done about it. */
  readonly requestId?: string;
  /** What else it says, as it was written down with it. */
  readonly details?: Details;
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
  /** Of a card with the tag `privileged`. */
  readonly privileged: string;
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
  readonly recoveryTitle: string;
  readonly recoveryLeft: (left: number) => string;
  readonly renewIntro: string;
  readonly recoveryRenewed: string;
  readonly recoveryShownUntil: (time: string) => string;
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
  /** The chat platform asks to wait for so long. */
  readonly busy: (seconds: number) => string;
  readonly personalOnly: string;
  /** Nobody can tell who they are before there is a chat of two. */
  readonly openMyChat: string;
  /** In place of what was shown for some minutes only: a response, recovery codes. */
  readonly windowOver: string;
  /** In place of a QR code, where the platform cannot draw one. */
  readonly noQr: string;
  /** In place of a QR code and its key, where a platform would have to carry them back and forth to show them again. */
  readonly qrOnce: string;
  /** On a copy in a channel: who was asked and is reached in no chat. */
  readonly unreached: (names: string) => string;
  readonly fault: (reference: string) => string;
  /** Below a notice that goes out by e-mail. */
  readonly mailFooter: string;
}
