// Tokens for our own calls to the Bot Connector: by client secret, by certificate, or from the machine's managed identity.
import { constants, createHash, createPrivateKey, sign, X509Certificate } from 'node:crypto';
import { ConfigurationServiceClientCredentialFactory } from 'botbuilder';
import { z } from 'zod';
import { utf8 } from '../../lib/bytes.js';
import { type Clock, MINUTE_MS, SECOND_MS } from '../../lib/clock.js';
import { newId } from '../../lib/ids.js';
import { inTime } from '../../lib/in-time.js';
import { CONNECTOR_SCOPE, type TeamsCredentials, type TeamsSettings } from './settings.js';
import { TeamsFault } from './teams-fault.js';

export interface TokenSource {
  /** A bearer token that is good for some minutes yet. Throws a TeamsFault `no-token`. */
  token(): Promise<string>;
  /** This token was not taken: the next one is a new one. */
  drop(token: string): void;
}

/** A token that ends sooner than this is not used any more. */
const SPARE_MS = 5 * MINUTE_MS;
const TIMEOUT_MS = 5 * SECOND_MS;
const ASSERTION_SECONDS = 300;

type TokenSettings = Pick<TeamsSettings, 'appId' | 'tenantId' | 'credentials' | 'loginUrl'>;

/** `audience`: whom the tokens are for. */
export function tokenSource(settings: TokenSettings, clock: Clock, audience: string = CONNECTOR_SCOPE): TokenSource {
  const { credentials } = settings;
  return credentials.kind === 'managed-identity' ? managedIdentity(settings, audience) : new EntraTokens({ settings, credentials, audience, clock });
}

const granted = z.object({ access_token: z.string(), expires_in: z.coerce.number() });
const denied = z.object({ error: z.string(), error_codes: z.array(z.number()).optional() });

interface EntraParts {
  readonly settings: TokenSettings;
  readonly credentials: Exclude<TeamsCredentials, { kind: 'managed-identity' }>;
  readonly audience: string;
  readonly clock: Clock;
}

/** The client-credentials grant (learn.microsoft.com, "Microsoft identity platform and the OAuth 2.0 client credentials flow"). */
class EntraTokens implements TokenSource {
  readonly #parts: EntraParts;
  #held: { readonly token: string; readonly endsAt: number } | null = null;

  constructor(parts: EntraParts) {
    this.#parts = parts;
  }

  async token(): Promise<string> {
    const now = this.#parts.clock().getTime();
    if (this.#held !== null && now < this.#held.endsAt - SPARE_MS) return this.#held.token;
    const { access_token: token, expires_in: seconds } = await this.#ask();
    this.#held = { token, endsAt: now + seconds * SECOND_MS };
    return token;
  }

  drop(token: string): void {
    if (this.#held?.token === token) this.#held = null;
  }

  async #ask(): Promise<z.infer<typeof granted>> {
    const { audience, settings: { appId, tenantId, loginUrl } } = this.#parts;
    const endpoint = `${loginUrl}/${tenantId}/oauth2/v2.0/token`;
    const body = new URLSearchParams({ grant_type: 'client_credentials', client_id: appId, scope: `${audience}/.default`, ...this.#proof(endpoint) });
    const answer = await fetch(endpoint, { method: 'POST', body, redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MS) }).catch((error: unknown) => {
      throw new TeamsFault('no-token', 'Entra does not answer', { cause: error });
    });
    const content: unknown = await answer.json().catch(() => null);
    const token = granted.safeParse(content);
    if (token.success) return token.data;
    const { error = `HTTP ${answer.status}`, error_codes: codes = [] } = denied.safeParse(content).data ?? {};
    throw new TeamsFault('no-token', `Entra gives no token: ${[error, ...codes].join(' ')}`);
  }

  #proof(endpoint: string): Record<string, string> {
    const { settings, credentials, clock } = this.#parts;
    if (credentials.kind === 'secret') return { client_secret: credentials.secret };
    const assertion = clientAssertion({ ...credentials, appId: settings.appId, audience: endpoint }, clock());
    return { client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer', client_assertion: assertion };
  }
}

export interface AssertionParts {
  readonly certificatePem: string;
  readonly privateKeyPem: string;
  readonly appId: string;
  readonly audience: string;
}

/**
 * A JWT that the certificate's key signs (learn.microsoft.com, "Microsoft identity platform application authentication
 * certificate credentials"): PS256 (RFC 7518, section 3.5), since Entra pairs it with a SHA-256 thumbprint, and RS256 with SHA-1.
 */
export function clientAssertion({ certificatePem, privateKeyPem, appId, audience }: AssertionParts, at: Date): string {
  const thumbprint = createHash('sha256').update(new X509Certificate(certificatePem).raw).digest('base64url');
  const seconds = Math.floor(at.getTime() / SECOND_MS);
  const claims = { aud: audience, iss: appId, sub: appId, jti: newId(), iat: seconds, nbf: seconds, exp: seconds + ASSERTION_SECONDS };
  const signed = `${jsonPart({ alg: 'PS256', typ: 'JWT', 'x5t#S256': thumbprint })}.${jsonPart(claims)}`;
  const key = { key: createPrivateKey(privateKeyPem), padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };
  return `${signed}.${sign('sha256', utf8(signed), key).toString('base64url')}`;
}

function jsonPart(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/** The SDK's type does not say that its credentials can do this. */
const withToken = z.custom<{ getToken(forceRefresh: boolean): Promise<string> }>((credentials) => typeof credentials === 'object' && credentials !== null && 'getToken' in credentials);

/** What is said where the machine has no such identity. */
export const NO_IDENTITY = 'the managed identity gives no token';

/** The SDK's own way: it asks the machine's metadata address, and keeps the token. */
function managedIdentity({ appId, tenantId, loginUrl }: TokenSettings, audience: string): TokenSource {
  const factory = new ConfigurationServiceClientCredentialFactory({ MicrosoftAppId: appId, MicrosoftAppTenantId: tenantId, MicrosoftAppType: 'UserAssignedMsi' });
  let dropped = false;
  return {
    async token() {
      try {
        const credentials = withToken.parse(await factory.createCredentials(appId, audience, loginUrl, true));
        // Outside of Azure nobody answers at the metadata address.
        const token = await inTime(credentials.getToken(dropped), TIMEOUT_MS);
        dropped = false;
        return token;
      } catch (error) {
        throw new TeamsFault('no-token', NO_IDENTITY, { cause: error });
      }
    },
    drop() {
      dropped = true;
    },
  };
}
