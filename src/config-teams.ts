// Teams' part of the environment.
export const TEAMS_VARIABLES = [
  { name: 'MicrosoftAppId', about: "The Teams bot's application id.", unset: 'no Teams' },
  { name: 'MicrosoftAppTenantId', about: 'The id of the Entra tenant, whose people alone are served.', unset: 'no Teams' },
  { name: 'MicrosoftAppType', about: 'SingleTenant or UserAssignedMSI (the managed identity of an Azure machine).', unset: 'SingleTenant' },
  { name: 'MicrosoftAppPassword', about: "The bot's client secret.", unset: 'a certificate, or a managed identity' },
  { name: 'TEAMS_CERTIFICATE_FILE', about: "The bot's certificate (PEM), in the place of a client secret.", unset: 'a client secret, or a managed identity' },
  { name: 'TEAMS_CERTIFICATE_KEY_FILE', about: "The certificate's private key (PEM).", unset: 'a client secret, or a managed identity' },
  {
    name: 'TEAMS_HELPDESK_CHANNEL',
    about: 'The id of the channel where the helpdesk is asked (19:…@thread.tacv2). The app must be in its team.',
    unset: 'the helpdesk is not asked in Teams',
  },
  { name: 'TEAMS_SECURITY_CHANNEL', about: 'The id of the channel where security is alerted.', unset: 'security is not told in Teams' },
  {
    name: 'TEAMS_LINK_BY_EMAIL',
    about: "yes: whoever's sign-in name or e-mail address in Entra is in the directory may link their account with a one-time code.",
    unset: 'accounts are linked at the command line alone',
  },
  {
    name: 'TEAMS_CATALOG_APP_ID',
    about: "The app's id in the organisation's app catalog (the Teams admin center shows it): with it, whoever is asked to approve and does not have the app is given it through Microsoft Graph. Needs the application permission TeamsAppInstallation.ReadWriteSelfForUser.All.",
    unset: 'the app is installed by people themselves, or by a setup policy',
  },
  { name: 'TEAMS_OPENID_METADATA', about: "Another address for the Bot Connector's keys, loopback only, for tests.", unset: "Microsoft's" },
  { name: 'TEAMS_ISSUER', about: "Another issuer of the Bot Connector's tokens, loopback only, for tests.", unset: "Microsoft's" },
  { name: 'TEAMS_LOGIN_URL', about: 'Another login address for outgoing calls, loopback only, for tests.', unset: "Microsoft's" },
  { name: 'TEAMS_SERVICE_URL', about: 'Another Bot Connector, loopback only, for tests.', unset: "Microsoft's" },
  { name: 'TEAMS_GRAPH_URL', about: 'Another Microsoft Graph, loopback only, for tests.', unset: "Microsoft's" },
] as const;

/** They decide who is believed, or who is handed our token. */
export const TEAMS_OVERRIDES = ['TEAMS_OPENID_METADATA', 'TEAMS_ISSUER', 'TEAMS_LOGIN_URL', 'TEAMS_SERVICE_URL', 'TEAMS_GRAPH_URL'] as const satisfies readonly TeamsVariable[];

export type TeamsVariable = (typeof TEAMS_VARIABLES)[number]['name'];
type ReadValue = (name: TeamsVariable) => string | null;

export interface TeamsConfig {
  readonly appId: string;
  readonly tenantId: string;
  readonly credentials:
    | { readonly kind: 'secret'; readonly secret: string }
    | { readonly kind: 'certificate'; readonly certificateFile: string; readonly keyFile: string }
    | { readonly kind: 'managed-identity' };
  readonly channels: { readonly helpdesk: string | null; readonly security: string | null };
  readonly linkByEmail: boolean;
  /** Null: nobody is given the app by us. */
  readonly catalogAppId: string | null;
  /** Null: Microsoft's own. */
  readonly openIdMetadata: string | null;
  readonly issuer: string | null;
  readonly loginUrl: string | null;
  readonly serviceUrl: string | null;
  readonly graphUrl: string | null;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const CHANNEL = /^19:[\w-]+@thread\.(tacv2|skype)$/;

/** Null where none of Teams' variables is set. */
export function readTeams(value: ReadValue, problems: string[]): TeamsConfig | null {
  const own = TEAMS_VARIABLES.filter(({ name }) => !TEAMS_OVERRIDES.some((override) => override === name));
  if (own.every(({ name }) => value(name) === null)) return null;
  const credentials = readCredentials(value, problems);
  checkForms(value, problems);
  return {
    appId: value('MicrosoftAppId')?.toLowerCase() ?? '',
    tenantId: value('MicrosoftAppTenantId')?.toLowerCase() ?? '',
    credentials,
    channels: { helpdesk: value('TEAMS_HELPDESK_CHANNEL'), security: value('TEAMS_SECURITY_CHANNEL') },
    linkByEmail: value('TEAMS_LINK_BY_EMAIL') === 'yes',
    catalogAppId: value('TEAMS_CATALOG_APP_ID')?.toLowerCase() ?? null,
    openIdMetadata: value('TEAMS_OPENID_METADATA'),
    issuer: value('TEAMS_ISSUER'),
    loginUrl: value('TEAMS_LOGIN_URL')?.replace(/\/+$/, '') ?? null,
    serviceUrl: value('TEAMS_SERVICE_URL'),
    graphUrl: value('TEAMS_GRAPH_URL')?.replace(/\/+$/, '') ?? null,
  };
}

function readCredentials(value: ReadValue, problems: string[]): TeamsConfig['credentials'] {
  const [secret, certificateFile, keyFile] = [value('MicrosoftAppPassword'), value('TEAMS_CERTIFICATE_FILE'), value('TEAMS_CERTIFICATE_KEY_FILE')];
  const identity = value('MicrosoftAppType')?.toLowerCase() === 'userassignedmsi';
  const ways = [secret !== null, certificateFile !== null || keyFile !== null, identity].filter(Boolean).length;
  if (ways > 1) problems.push('Teams needs one of MicrosoftAppPassword, TEAMS_CERTIFICATE_FILE and MicrosoftAppType=UserAssignedMSI: remove the others.');
  if (ways === 0) problems.push('MicrosoftAppPassword is missing: Teams needs it (or TEAMS_CERTIFICATE_FILE, or MicrosoftAppType=UserAssignedMSI).');
  if ((certificateFile === null) !== (keyFile === null)) problems.push('TEAMS_CERTIFICATE_FILE and TEAMS_CERTIFICATE_KEY_FILE belong together: give both.');
  if (identity) return { kind: 'managed-identity' };
  if (certificateFile !== null && keyFile !== null) return { kind: 'certificate', certificateFile, keyFile };
  return { kind: 'secret', secret: secret ?? '' };
}

/** Never quotes a value: whatever was put into the wrong variable may be a secret. */
function checkForms(value: ReadValue, problems: string[]): void {
  const wrong = (name: TeamsVariable, form: RegExp) => value(name) !== null && !form.test(value(name) ?? '');
  for (const name of ['MicrosoftAppId', 'MicrosoftAppTenantId'] as const) {
    if (value(name) === null) problems.push(`${name} is missing: Teams needs it beside its other variables.`);
    if (wrong(name, UUID)) problems.push(`${name} is no id: copy it from the app registration's overview (8-4-4-4-12 hex digits).`);
  }
  if (value('MicrosoftAppType')?.toLowerCase() === 'multitenant') {
    problems.push('MicrosoftAppType is MultiTenant, which Azure makes no more and which would serve strangers: make a single-tenant bot.');
  } else if (wrong('MicrosoftAppType', /^(SingleTenant|UserAssignedMSI)$/i)) problems.push('MicrosoftAppType is SingleTenant or UserAssignedMSI.');
  for (const name of ['TEAMS_HELPDESK_CHANNEL', 'TEAMS_SECURITY_CHANNEL'] as const) {
    if (wrong(name, CHANNEL)) problems.push(`${name} is no channel id: take 19:…@thread.tacv2 out of the link to the channel.`);
  }
  if (wrong('TEAMS_CATALOG_APP_ID', UUID)) problems.push("TEAMS_CATALOG_APP_ID is no id: copy the app's id from the Teams admin center, Manage apps (8-4-4-4-12 hex digits).");
  if (wrong('TEAMS_LINK_BY_EMAIL', /^(yes|no)$/)) problems.push('TEAMS_LINK_BY_EMAIL is yes or no.');
}
