// How the bot is known to Microsoft, and whom it believes.

/** What the bot proves itself with, to get a token for its own calls. */
export type TeamsCredentials =
  | { readonly kind: 'secret'; readonly secret: string }
  /** `privateKeyPem` in PKCS #8 or PKCS #1; `certificatePem` is what was uploaded to the app registration. */
  | { readonly kind: 'certificate'; readonly certificatePem: string; readonly privateKeyPem: string }
  /** A user-assigned managed identity of the Azure machine that this runs on. */
  | { readonly kind: 'managed-identity' };

export interface TeamsSettings {
  /** The application id of the bot's app registration. */
  readonly appId: string;
  /** The Entra tenant whose people are served; everybody else is a stranger. */
  readonly tenantId: string;
  readonly credentials: TeamsCredentials;
  /** Where the keys are listed that the Bot Connector signs with. */
  readonly openIdMetadata: string;
  /** Who signs what comes in. */
  readonly issuer: string;
  /** Where tokens for our own calls come from, without a slash at its end. */
  readonly loginUrl: string;
  /** The Bot Connector to begin with, where none was heard of yet. */
  readonly serviceUrl: string;
  /** Microsoft Graph, without a slash at its end. */
  readonly graphUrl: string;
}

/** Microsoft's own (learn.microsoft.com, "Authenticate requests with the Bot Connector API"). */
export const MICROSOFT = {
  openIdMetadata: 'https://login.botframework.com/v1/.well-known/openidconfiguration',
  issuer: 'https://api.botframework.com',
  loginUrl: 'https://login.microsoftonline.com',
  serviceUrl: 'https://smba.trafficmanager.net/teams/',
  graphUrl: 'https://graph.microsoft.com',
} as const;

/** The audience of our own calls' tokens. */
export const CONNECTOR_SCOPE = 'https://api.botframework.com';

/** The audience of the tokens for Microsoft Graph. */
export const GRAPH_SCOPE = 'https://graph.microsoft.com';
