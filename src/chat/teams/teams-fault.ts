// What can go wrong between us and the Bot Connector, told apart by what can be done about it.
import { randomInt } from 'node:crypto';
import { SECOND_MS } from '../../lib/clock.js';

/**
 * `mistaken`: what was sent is not taken as it is (too large, malformed), or was taken and cannot be named; again would be
 * the same, or a second copy. `wait`: the platform asks to try again after `afterMs`. `refused`: it said no, and again would be no (403: the app was
 * removed or is blocked). `gone`: the conversation or the message is not there. `no-answer`: the connection broke, or the
 * platform had a fault of its own. `no-token`: Entra gives no token for our credentials. `address`: a Bot Connector that
 * is not on the list.
 */
export type TeamsFaultCode = 'wait' | 'mistaken' | 'refused' | 'gone' | 'no-answer' | 'no-token' | 'address';

interface FaultDetails {
  readonly afterMs?: number;
  readonly cause?: unknown;
}

export class TeamsFault extends Error {
  override readonly name = 'TeamsFault';
  readonly code: TeamsFaultCode;
  readonly afterMs: number;

  constructor(code: TeamsFaultCode, message: string, { afterMs = 0, cause }: FaultDetails = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.afterMs = afterMs;
  }
}

export function isTeamsFault(error: unknown, code: TeamsFaultCode): error is TeamsFault {
  return error instanceof TeamsFault && error.code === code;
}

const DEFAULT_WAIT_MS = 2 * SECOND_MS;
/** So that those who were refused together do not come back together. */
const JITTER_MS = SECOND_MS;

/** How long to wait, in milliseconds: what Retry-After names (in seconds), or our own. */
export function waitOf(headers: Headers): number {
  const seconds = Number(headers.get('retry-after') ?? NaN);
  return Number.isFinite(seconds) && seconds > 0 ? seconds * SECOND_MS : DEFAULT_WAIT_MS + randomInt(JITTER_MS);
}
