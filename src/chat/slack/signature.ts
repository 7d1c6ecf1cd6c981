// Whether a request comes from Slack: its signature over the raw body, and the time it was made.
import { createHmac } from 'node:crypto';
import { equalBytes, utf8 } from '../../lib/bytes.js';
import { MINUTE_MS, SECOND_MS } from '../../lib/clock.js';

const VERSION = 'v0';
/** How far a request's time may lie from ours, before or after (docs.slack.dev, "Verifying requests from Slack"). */
const TOLERANCE_MS = 5 * MINUTE_MS;

export interface SignedRequest {
  /** X-Slack-Request-Timestamp: seconds since 1970. */
  readonly timestamp: string | undefined;
  /** X-Slack-Signature. */
  readonly signature: string | undefined;
  /** The bytes as they came. */
  readonly body: Uint8Array;
}

/** Null: it is Slack's. Otherwise why not, for the log. */
export function whyNotSlack(request: SignedRequest, signingSecret: string, now: Date): 'no-signature' | 'wrong-time' | 'wrong-signature' | null {
  const { timestamp, signature, body } = request;
  if (timestamp === undefined || signature === undefined || !/^\d{1,12}$/.test(timestamp)) return 'no-signature';
  if (Math.abs(Number(timestamp) * SECOND_MS - now.getTime()) > TOLERANCE_MS) return 'wrong-time';
  return equalBytes(utf8(signature), utf8(sign(body, timestamp, signingSecret))) ? null : 'wrong-signature';
}

/** The signature that Slack gives to a body at a time. */
export function sign(body: Uint8Array, timestamp: string, signingSecret: string): string {
  return `${VERSION}=${createHmac('sha256', signingSecret).update(`${VERSION}:${timestamp}:`).update(body).digest('hex')}`;
}
