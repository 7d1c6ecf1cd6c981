// Tokens for our own calls to the Bot Connector: by client secret, by certificate, or from the machine's managed identity.
import { createHash, createPrivateKey, sign, X509Certificate } from 'node:crypto';
import { ConfigurationServiceClientCredentialFactory } from 'botbuilder';
import { z } from 'zod';
import { utf8 } from '../../lib/bytes.js';
import { type Clock, MINUTE_MS, SECOND_MS } from '../../lib/clock.js';
import { newId } from '../../lib/ids.js';
import { CONNECTOR_SCOPE, type TeamsCredentials, type TeamsSettings } from './settings.js';
import { TeamsFault } from './teams-fault.js';

export interface TokenSource {
  /** A bearer token that is good for some minutes yet. Throws a TeamsFault `no-token`. */
  token(): Promise<string>;
}

/** A token that ends sooner than this is not used any more. */
const SPARE_MS = 5 * MINUTE_MS;
const TIMEOUT_MS = 5 * SECOND_MS;
const ASSERTION_SECONDS = 300;

type TokenSettings = Pick<TeamsSettings, 'appId' | 'tenantId' | 'credentials' | 'loginUrl'>;

export function tokenSource(settings: TokenSettings, clock: Clock): TokenSource {
  const { credentials } = settings;
  return credentials.kind === 'managed-identity' ? managedIdentity(settings) : new EntraTokens(settings, credentials, clock);
}

const granted = z.object({ access_token: z.string(), expires_in: z.coerce.number() });
const denied = z.object({ error: z.string(), error_codes: z.array(z.number()).optional() });

/** The client-credentials grant (learn.microsoft.com, "Microsoft identity platform and the OAuth 2.0 client credentials flow"). */
class EntraTokens implements TokenSource {
  readonly #settings: TokenSettings;
  readonly #credentials: Exclude<TeamsCredentials, { kind: 'managed-identity' }>;
  readonly #clock: Clock;
  #held: { readonly token: string; readonly endsAt: number } | null = null;

  constructor(settings: TokenSettings, credentials: Exclude<TeamsCredentials, { kind: 'managed-identity' }>, clock: Clock) {
    this.#settings = settings;
    this.#credentials = credentials;
    this.#clock = clock;
  }

  async token(): Promise<string> {
    const now = this.#clock().getTime();
    if (this.#held !== null && now < this.#held.endsAt - SPARE_MS) return this.#held.token;
    const { access_token: token, expires_in: seconds } = await this.#ask();
    this.#held = { token, endsAt: now + seconds * SECOND_MS };
    return token;
  }

  async #ask(): Promise<z.infer<typeof granted>> {
    const { appId, tenantId, loginUrl } = this.#settings;
    const endpoint = `${loginUrl}/${tenantId}/oauth2/v2.0/token`;
    const body = new URLSearchParams({ grant_type: 'client_credentials', client_id: appId, scope: `${CONNECTOR_SCOPE}/.default`, ...this.#proof(endpoint) });
    const answer = await fetch(endpoint, { method: 'POST', body, signal: AbortSignal.timeout(TIMEOUT_MS) }).catch((error: unknown) => {
      throw new TeamsFault('no-token', 'Entra does not answer', { cause: error });
    });
    const content: unknown = await answer.json().catch(() => null);
    const token = granted.safeParse(content);
    if (token.success) return token.data;
    const { error = `HTTP ${answer.status}`, error_codes: codes = [] } = denied.safeParse(content).data ?? {};
    throw new TeamsFault('no-token', `Entra gives no token: ${[error, ...codes].join(' ')}`);
  }

  #proof(endpoint: string): Record<string, string> {
    if (this.#credentials.kind === 'secret') return { client_secret: this.#credentials.secret };
    const assertion = clientAssertion({ ...this.#credentials, appId: this.#settings.appId, audience: endpoint }, this.#clock());
    return { client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer', client_assertion: assertion };
  }
}

export interface AssertionParts {
  readonly certificatePem: string;
  readonly privateKeyPem: string;
  readonly appId: string;
  readonly audience: string;
}

/** A JWT that the certificate's key signs (learn.microsoft.com, "Microsoft identity platform application authentication certificate credentials"). */
export function clientAssertion({ certificatePem, privateKeyPem, appId, audience }: AssertionParts, at: Date): string {
  const thumbprint = createHash('sha256').update(new X509Certificate(certificatePem).raw).digest('base64url');
  const seconds = Math.floor(at.getTime() / SECOND_MS);
  const claims = { aud: audience, iss: appId, sub: appId, jti: newId(), nbf: seconds, exp: seconds + ASSERTION_SECONDS };
  const signed = `${jsonPart({ alg: 'RS256', typ: 'JWT', 'x5t#S256': thumbprint })}.${jsonPart(claims)}`;
  return `${signed}.${sign('sha256', utf8(signed), createPrivateKey(privateKeyPem)).toString('base64url')}`;
}

function jsonPart(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/** The SDK's type does not say that its credentials can do this. */
const withToken = z.custom<{ getToken(): Promise<string> }>((credentials) => typeof credentials === 'object' && credentials !== null && 'getToken' in credentials);

/** The SDK's own way: it asks the machine's metadata address, and keeps the token. */
function managedIdentity({ appId, tenantId, loginUrl }: TokenSettings): TokenSource {
  const factory = new ConfigurationServiceClientCredentialFactory({ MicrosoftAppId: appId, MicrosoftAppTenantId: tenantId, MicrosoftAppType: 'UserAssignedMsi' });
  return {
    async token() {
      try {
        const credentials = withToken.parse(await factory.createCredentials(appId, CONNECTOR_SCOPE, loginUrl, true));
        return await credentials.getToken();
      } catch (error) {
        throw new TeamsFault('no-token', 'the managed identity gives no token', { cause: error });
      }
    },
  };
}
