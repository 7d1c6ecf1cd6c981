// One unblock as people live it: what they do, one deed after the other, and what each deed leaves behind.
import { createDecipheriv, randomBytes } from 'node:crypto';
import type { AuditKind } from '../../src/audit/entry.js';
import type { ActionName } from '../../src/chat/message.js';
import type { ReplyView } from '../../src/chat/playground/page/wire.js';
import { toHex } from '../../src/lib/bytes.js';
import type { RequestState } from '../../src/unblock/request.js';
import type { Delivery } from './page.js';
import type { Cardholder, Person } from './people.js';

/** What one transaction leaves: audit entries, and the request in this state. */
export interface Trace {
  readonly entries: readonly AuditKind[];
  readonly state: RequestState;
}

interface DeedKind {
  readonly by: 'requester' | 'approver';
  readonly press: ActionName;
  /** What is typed into the dialog that the button opens; null: the button does it all. */
  readonly types: readonly ('challenge' | 'code' | 'reason')[] | null;
  /** One for each of its transactions. Showing a response again is counted apart, see `Story.reveals`. */
  readonly leaves: readonly Trace[];
  readonly answer: 'done' | 'response' | 'dialog';
}

const CHALLENGE_BYTES = 8;

export const DEEDS = {
  open: {
    by: 'requester',
    press: 'start-unblock',
    types: ['challenge', 'code', 'reason'],
    leaves: [
      { entries: ['request-opened'], state: 'opened' },
      { entries: ['identity-proved'], state: 'awaiting-approval' },
    ],
    answer: 'done',
  },
  approve: {
    by: 'approver',
    press: 'approve',
    types: ['code'],
    leaves: [{ entries: ['vote', 'approval-complete'], state: 'approved' }],
    answer: 'done',
  },
  deny: { by: 'approver', press: 'deny', types: ['reason'], leaves: [{ entries: ['denied'], state: 'denied' }], answer: 'done' },
  cancel: { by: 'requester', press: 'cancel', types: null, leaves: [{ entries: ['cancelled'], state: 'cancelled' }], answer: 'done' },
  reveal: { by: 'requester', press: 'show-response', types: [], leaves: [{ entries: ['released'], state: 'answered' }], answer: 'response' },
  'show again': { by: 'requester', press: 'show-response', types: null, leaves: [], answer: 'response' },
  'it worked': { by: 'requester', press: 'it-worked', types: null, leaves: [{ entries: ['outcome'], state: 'done' }], answer: 'done' },
  'it was refused': {
    by: 'requester',
    press: 'it-was-refused',
    types: null,
    leaves: [{ entries: ['outcome'], state: 'answered' }],
    answer: 'dialog',
  },
  'new challenge': {
    by: 'requester',
    press: 'give-new-challenge',
    types: ['challenge', 'code'],
    leaves: [{ entries: ['challenge-replaced'], state: 'approved' }],
    answer: 'done',
  },
} as const satisfies Readonly<Record<string, DeedKind>>;

export type DeedName = keyof typeof DEEDS;

/** How stories go; the usual one more often than the others. */
export const PLOTS: readonly (readonly DeedName[])[] = [
  ['open', 'approve', 'reveal', 'it worked'],
  ['open', 'approve', 'reveal', 'it worked'],
  ['open', 'approve', 'reveal', 'it worked'],
  ['open', 'approve', 'reveal', 'show again', 'it worked'],
  ['open', 'approve', 'reveal', 'it was refused', 'new challenge', 'reveal', 'it worked'],
  ['open', 'deny'],
  ['open', 'cancel'],
];

/** How many requests a plot sends when nothing goes wrong: one for each button and one for each dialog. */
export function requestsIn(plot: readonly DeedName[]): number {
  return plot.reduce((sum, name) => sum + (DEEDS[name].types === null ? 1 : 2), 0);
}

/** A deed that was begun. What was typed stays the same until it is over. */
export interface Deed extends DeedKind {
  readonly name: DeedName;
  readonly person: Person;
  readonly challenge: string;
  /** The code that pays for it, null where none is needed. */
  readonly code: string | null;
  /** What was sent last, null before. */
  delivery: Delivery | null;
}

export class Story {
  readonly plot: readonly DeedName[];
  readonly requester: Cardholder;
  readonly approver: Person;
  /** No other request has the same one. */
  readonly reason: string;
  readonly begunAt = new Date();
  /** Those that the server said yes to, or that were found to have taken effect. */
  readonly done: Deed[] = [];
  pending: Deed | null = null;
  /** How often the response was asked for, and how often it came. */
  readonly reveals = { sent: 0, shown: 0 };
  requestId: string | null = null;

  constructor(cast: Pick<Story, 'plot' | 'requester' | 'approver' | 'reason'>) {
    this.plot = cast.plot;
    this.requester = cast.requester;
    this.approver = cast.approver;
    this.reason = cast.reason;
  }

  async begin(name: DeedName): Promise<Deed> {
    const kind: DeedKind = DEEDS[name];
    const person = kind.by === 'requester' ? this.requester : this.approver;
    const code = kind.types?.includes('code') === true ? await person.authenticator.nextCode() : null;
    const challenge = kind.types?.includes('challenge') === true ? toHex(randomBytes(CHALLENGE_BYTES)) : this.#challenge();
    this.pending = { ...kind, name, person, code, challenge, delivery: null };
    return this.pending;
  }

  /** What is typed for a deed. */
  inputsOf({ types, challenge, code }: Deed): Record<string, string> {
    const inputs = { challenge, code: code ?? '', reason: this.reason };
    return Object.fromEntries((types ?? []).map((field) => [field, inputs[field]]));
  }

  /** The server said yes: from now on it may not forget. Throws when it said something else. */
  acknowledge(deed: Deed, reply: ReplyView): void {
    if (deed.answer === 'done' && reply.kind !== 'done') throw wrongAnswer(deed, reply);
    if (deed.answer !== 'done' && reply.kind !== 'form') throw wrongAnswer(deed, reply);
    if (deed.answer === 'response') this.#checkResponse(deed, reply);
    this.finish(deed);
  }

  finish(deed: Deed): void {
    this.done.push(deed);
    this.pending = null;
  }

  /** The card's own check: the response, decrypted with its key, is the challenge. */
  #checkResponse(deed: Deed, reply: ReplyView): void {
    const response = reply.kind === 'form' ? reply.form.copies[0]?.text : undefined;
    if (response === undefined) throw wrongAnswer(deed, reply);
    const cipher = createDecipheriv('des-ede3', Buffer.from(this.requester.keyHex, 'hex'), null).setAutoPadding(false);
    const decrypted = toHex(Buffer.concat([cipher.update(Buffer.from(response, 'hex')), cipher.final()]));
    if (decrypted !== deed.challenge) throw new Error(`the response is not for ${deed.challenge}`);
    this.reveals.shown += 1;
  }

  #challenge(): string {
    return this.done.at(-1)?.challenge ?? '';
  }
}

function wrongAnswer({ name, person }: Deed, reply: ReplyView): Error {
  return new Error(`"${name}" by ${person.id} was answered with ${JSON.stringify(reply)}`);
}
