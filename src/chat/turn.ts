// Who speaks, and what answering them needs.
import type { Person } from '../directory/person.js';
import type { Clock } from '../lib/clock.js';
import type { Log } from '../lib/log.js';
import type { RateLimit } from '../lib/rate-limit.js';
import type { Enrolment } from '../stepup/enrolment.js';
import type { SpentCode } from '../stepup/authenticator-store.js';
import type { StepUp } from '../stepup/step-up.js';
import type { DelegationDesk } from '../unblock/delegating.js';
import type { UnblockDesk } from '../unblock/desk.js';
import type { GlassDesk } from '../unblock/glass-desk.js';
import type { ChatAccount } from './event.js';
import type { Languages } from './languages.js';
import type { Newcomers } from './newcomers.js';
import type { Speech } from './speech.js';

/** For codes that were typed where they must not be. */
export interface Burner {
  readonly stepUp: Pick<StepUp, 'check'>;
  readonly burn: (spend: SpentCode, at: Date) => Promise<void>;
}

export interface ConversationParts {
  readonly desk: UnblockDesk;
  readonly enrolment: Enrolment;
  readonly glass: GlassDesk;
  readonly delegations: DelegationDesk;
  /** The active person behind an account, with the locale that is known of them there, or null for a stranger. */
  readonly behind: (account: ChatAccount) => Promise<Person | null>;
  /** Remembers the locale for what the account is sent later. */
  readonly keepLocale: (account: ChatAccount, locale: string) => Promise<void>;
  readonly languages: Languages;
  /** The active person with this e-mail address (lower case, NFC), or null. */
  readonly findPerson: (email: string) => Promise<Person | null>;
  readonly burner: Burner;
  /** How a stranger's account is linked to a person; null where accounts are linked elsewhere alone. */
  readonly newcomers: Newcomers | null;
  /** The address of the page that turns an invitation into a QR code, where people can reach it; else null. */
  readonly enrolmentPage: string | null;
  readonly limit: RateLimit;
  readonly clock: Clock;
  readonly log: Log;
}

/** One event, in the language of who it comes from. */
export interface Encounter extends ConversationParts {
  readonly speech: Speech;
}

/** One event of a person whom we know. */
export interface Turn extends Encounter {
  readonly person: Person;
}
