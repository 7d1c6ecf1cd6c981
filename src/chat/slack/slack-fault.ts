// What can go wrong between us and Slack's Web API, told apart by what can be done about it.
import { webApi } from '@slack/bolt';
import { SECOND_MS } from '../../lib/clock.js';

/**
 * `rate-limited`: wait `retryAfterMs`. `refused`: Slack said no, and `reason` is its error code. `no-answer`: the connection
 * broke, or Slack had a fault of its own. `not-installed`: there is no token for this workspace.
 */
export type SlackFaultCode = 'rate-limited' | 'refused' | 'no-answer' | 'not-installed';

export class SlackFault extends Error {
  override readonly name = 'SlackFault';
  readonly code: SlackFaultCode;
  /** Slack's own word for it, such as `channel_not_found`; '' where it gave none. */
  readonly reason: string;
  readonly retryAfterMs: number;

  constructor(code: SlackFaultCode, message: string, { reason = '', retryAfterMs = 0, cause }: FaultDetails = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.reason = reason;
    this.retryAfterMs = retryAfterMs;
  }
}

interface FaultDetails {
  readonly reason?: string;
  readonly retryAfterMs?: number;
  readonly cause?: unknown;
}

/** Whatever a call threw, as a SlackFault. Its message names the method and Slack's reason, never what was sent. */
export function toSlackFault(error: unknown, method: string): SlackFault {
  if (error instanceof SlackFault) return error;
  if (error instanceof webApi.WebAPIRateLimitedError) return rateLimited(method, error.retryAfter * SECOND_MS);
  if (error instanceof webApi.WebAPIPlatformError) {
    const reason = error.data.error;
    // Some methods say so in the body, without a header: Slack's tiers count by the minute.
    if (reason === 'ratelimited' || reason === 'rate_limited') return rateLimited(method, DEFAULT_WAIT_MS);
    return new SlackFault(isSlacksOwn(reason) ? 'no-answer' : 'refused', `${method}: ${reason}`, { reason });
  }
  const status = error instanceof webApi.WebAPIHTTPError ? ` (HTTP ${error.statusCode})` : '';
  return new SlackFault('no-answer', `${method}: no answer from Slack${status}`);
}

const DEFAULT_WAIT_MS = 30 * SECOND_MS;

export function rateLimited(method: string, retryAfterMs: number): SlackFault {
  return new SlackFault('rate-limited', `${method}: rate limited for ${Math.ceil(retryAfterMs / SECOND_MS)} s`, { reason: 'ratelimited', retryAfterMs });
}

/** Error codes that every method may give and that pass by themselves (docs.slack.dev, "Web API errors"). */
function isSlacksOwn(reason: string): boolean {
  return ['internal_error', 'fatal_error', 'service_unavailable', 'request_timeout', 'team_added_to_org'].includes(reason);
}
