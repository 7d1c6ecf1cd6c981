// What is refused before the SDK looks at it: other issuers than the Bot Connector (the SDK would also take tokens of the
// emulator and of other bots), other addresses, other ways to sign.
import { z } from 'zod';
import { SECOND_MS } from '../../lib/clock.js';
import type { TeamsSettings } from './settings.js';

/** How far a token's times may lie from ours, as the SDK has it. */
const TOLERANCE_SECONDS = 300;

const headSchema = z.looseObject({ alg: z.literal('RS256'), kid: z.string() });
const claimsSchema = z.looseObject({ iss: z.string(), aud: z.string(), exp: z.number(), nbf: z.number().optional(), serviceurl: z.string() });

export type WhyRefused = 'no-token' | 'no-jwt' | 'algorithm' | 'claims' | 'issuer' | 'audience' | 'time' | 'service-url';

export interface Incoming {
  /** The Authorization header. */
  readonly authorization: string;
  /** The address that the activity wants to be answered at. */
  readonly serviceUrl: string;
  readonly at: Date;
}

export interface GateRules extends Pick<TeamsSettings, 'appId' | 'issuer'> {
  readonly isKnown: (serviceUrl: string) => boolean;
}

/**
 * Null: worth checking its signature, which is the SDK's work. Nothing is believed for having passed here, and what is
 * refused here costs no call to Microsoft.
 */
export function whyRefused({ authorization, serviceUrl, at }: Incoming, { appId, issuer, isKnown }: GateRules): WhyRefused | null {
  const [, token] = /^Bearer ([\w.-]+)$/.exec(authorization) ?? [];
  if (token === undefined) return 'no-token';
  const [head = '', body = '', signature = '', ...rest] = token.split('.');
  if (signature === '' || rest.length > 0) return 'no-jwt';
  if (!headSchema.safeParse(jsonIn(head)).success) return 'algorithm';
  const claims = claimsSchema.safeParse(jsonIn(body)).data;
  if (claims === undefined) return 'claims';
  if (claims.iss !== issuer) return 'issuer';
  if (claims.aud !== appId) return 'audience';
  const now = at.getTime() / SECOND_MS;
  if (now > claims.exp + TOLERANCE_SECONDS || now < (claims.nbf ?? 0) - TOLERANCE_SECONDS) return 'time';
  return claims.serviceurl === serviceUrl && isKnown(serviceUrl) ? null : 'service-url';
}

function jsonIn(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
  } catch {
    return null;
  }
}
