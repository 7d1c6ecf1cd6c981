// What linking a stranger's account to a person needs.
import type { Person } from '../directory/person.js';
import type { Clock } from '../lib/clock.js';
import type { SpentCode } from '../stepup/authenticator-store.js';
import type { StepUp } from '../stepup/step-up.js';
import type { ChatAccount } from './event.js';

export interface Newcomers {
  readonly stepUp: Pick<StepUp, 'check' | 'giveBack'>;
  /** The active person whose account this seems to be, by what the platform vouches for; null for nobody. */
  readonly candidate: (account: ChatAccount) => Promise<Person | null>;
  /** Binds the account and spends the code, both or neither. False: the code was spent, or one of the two is bound already. */
  readonly bind: (account: ChatAccount & { readonly locale: string | null }, spend: SpentCode, at: Date) => Promise<boolean>;
  readonly clock: Clock;
}
