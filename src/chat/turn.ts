// Who speaks, and what answering them needs.
import type { Person } from '../directory/person.js';
import type { Clock } from '../lib/clock.js';
import type { Log } from '../lib/log.js';
import type { RateLimit } from '../lib/rate-limit.js';
import type { Enrolment } from '../stepup/enrolment.js';
import type { UnblockDesk } from '../unblock/desk.js';
import type { ChatAccount } from './event.js';
import type { Speech } from './views.js';

export interface ConversationParts {
  readonly desk: UnblockDesk;
  readonly enrolment: Enrolment;
  /** The active person behind an account, or null for a stranger. */
  readonly behind: (account: ChatAccount) => Promise<Person | null>;
  readonly speech: Speech;
  readonly limit: RateLimit;
  readonly clock: Clock;
  readonly log: Log;
}

/** One event of a person whom we know. */
export interface Turn extends ConversationParts {
  readonly person: Person;
}
