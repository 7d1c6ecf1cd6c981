// Slack's part of the environment.
export const SLACK_VARIABLES = [
  { name: 'SLACK_BOT_TOKEN', about: "The Slack app's bot token (xoxb-…): for one workspace.", unset: 'no Slack, or several workspaces' },
  { name: 'SLACK_SIGNING_SECRET', about: "The Slack app's signing secret: for HTTP.", unset: 'no Slack, or Socket Mode alone' },
  { name: 'SLACK_APP_TOKEN', about: 'The app-level token (xapp-…), for Socket Mode.', unset: 'no Socket Mode' },
  { name: 'SLACK_CLIENT_ID', about: "The Slack app's client id: for several workspaces, each installed at /slack/install.", unset: 'one workspace' },
  {
    name: 'SLACK_WORKSPACES',
    about: 'The ids of the workspaces (T…) and organisations (E…) that may install the app, with commas between. Needed beside SLACK_CLIENT_ID.',
    unset: 'one workspace',
  },
  { name: 'SLACK_CLIENT_SECRET', about: "The Slack app's client secret, beside SLACK_CLIENT_ID.", unset: 'one workspace' },
  {
    name: 'SLACK_HELPDESK_CHANNEL',
    about: 'The id of the channel where the helpdesk is asked (C…; T…/C… with several workspaces). The bot must be in it.',
    unset: 'the helpdesk is not asked in Slack',
  },
  { name: 'SLACK_SECURITY_CHANNEL', about: 'The id of the channel where security is alerted.', unset: 'security is not told in Slack' },
  {
    name: 'SLACK_LINK_BY_EMAIL',
    about: "yes: whoever's confirmed e-mail address in Slack is in the directory may link their account with a one-time code.",
    unset: 'accounts are linked at the command line alone',
  },
  { name: 'SLACK_API_URL', about: 'Another address for the Slack API, loopback only, for tests.', unset: 'https://slack.com/api/' },
] as const;

/** They decide who is handed our token. */
export const SLACK_OVERRIDES = ['SLACK_API_URL'] as const satisfies readonly SlackVariable[];

export type SlackVariable = (typeof SLACK_VARIABLES)[number]['name'];
// COUNTERSIGN_PUBLIC_URL is looked at too: OAuth leads through it.
type ReadValue = (name: SlackVariable | 'COUNTERSIGN_PUBLIC_URL') => string | null;

export interface SlackOauthConfig {
  readonly clientId: string;
  readonly clientSecret: string;
  /** Ids of the workspaces and organisations that may install the app. */
  readonly workspaces: readonly string[];
}

export interface SlackConfig {
  /** One workspace's bot token, or null where the app is installed in several by OAuth. */
  readonly botToken: string | null;
  readonly oauth: SlackOauthConfig | null;
  /** For HTTP. */
  readonly signingSecret: string | null;
  /** For Socket Mode, which takes the place of HTTP. */
  readonly appToken: string | null;
  readonly apiUrl: string;
  readonly channels: { readonly helpdesk: string | null; readonly security: string | null };
  readonly linkByEmail: boolean;
}

/** Null where none of Slack's variables is set. */
export function readSlack(value: ReadValue, problems: string[]): SlackConfig | null {
  const own = SLACK_VARIABLES.filter(({ name }) => !SLACK_OVERRIDES.some((override) => override === name));
  if (own.every(({ name }) => value(name) === null)) return null;
  const [clientId, clientSecret] = [value('SLACK_CLIENT_ID'), value('SLACK_CLIENT_SECRET')];
  checkSlackAccess(value, problems);
  checkSlackForms(value, problems);
  return {
    botToken: value('SLACK_BOT_TOKEN'),
    oauth: clientId === null || clientSecret === null ? null : { clientId, clientSecret, workspaces: idsIn(value('SLACK_WORKSPACES') ?? '') },
    signingSecret: value('SLACK_SIGNING_SECRET'),
    appToken: value('SLACK_APP_TOKEN'),
    apiUrl: value('SLACK_API_URL') ?? 'https://slack.com/api/',
    channels: { helpdesk: value('SLACK_HELPDESK_CHANNEL'), security: value('SLACK_SECURITY_CHANNEL') },
    linkByEmail: value('SLACK_LINK_BY_EMAIL') === 'yes',
  };
}

function idsIn(list: string): readonly string[] {
  return list.split(',').map((id) => id.trim()).filter((id) => id !== '');
}

function checkSlackAccess(value: ReadValue, problems: string[]): void {
  const several = value('SLACK_CLIENT_ID') !== null || value('SLACK_CLIENT_SECRET') !== null;
  const one = value('SLACK_BOT_TOKEN') !== null;
  if (!one && !several) problems.push('SLACK_BOT_TOKEN is missing: Slack needs it beside its other variables (or SLACK_CLIENT_ID for several workspaces).');
  if (one && several) problems.push('SLACK_BOT_TOKEN is for one workspace and SLACK_CLIENT_ID for several: remove one of them.');
  if (several && (value('SLACK_CLIENT_ID') === null || value('SLACK_CLIENT_SECRET') === null)) {
    problems.push('SLACK_CLIENT_ID and SLACK_CLIENT_SECRET belong together: give both.');
  }
  if (several && idsIn(value('SLACK_WORKSPACES') ?? '').length === 0) problems.push('SLACK_WORKSPACES is missing: name the workspaces that may install the app, such as T0123ABCD.');
  if (several && value('COUNTERSIGN_PUBLIC_URL') === null) problems.push('COUNTERSIGN_PUBLIC_URL is missing: installing in several workspaces leads through it.');
  if (value('SLACK_SIGNING_SECRET') === null && value('SLACK_APP_TOKEN') === null) {
    problems.push('Slack needs SLACK_SIGNING_SECRET (for HTTP) or SLACK_APP_TOKEN (for Socket Mode).');
  }
}

/** Never quotes a value: whatever was put into the wrong variable may be a secret. */
function checkSlackForms(value: ReadValue, problems: string[]): void {
  const wrong = (name: SlackVariable, form: RegExp) => !form.test(value(name) ?? '') && value(name) !== null;
  if (wrong('SLACK_BOT_TOKEN', /^xoxb-/)) problems.push('SLACK_BOT_TOKEN does not begin with xoxb-: take the Bot User OAuth Token.');
  if (wrong('SLACK_APP_TOKEN', /^xapp-/)) problems.push('SLACK_APP_TOKEN does not begin with xapp-: make an app-level token with connections:write.');
  for (const name of ['SLACK_HELPDESK_CHANNEL', 'SLACK_SECURITY_CHANNEL'] as const) {
    if (wrong(name, /^([TE][A-Z0-9]+\/)?[CG][A-Z0-9]+$/)) problems.push(`${name} is no channel id: open the channel's details and copy the id at the bottom (C…).`);
  }
  if (value('SLACK_CLIENT_ID') !== null) {
    for (const name of ['SLACK_HELPDESK_CHANNEL', 'SLACK_SECURITY_CHANNEL'] as const) {
      if (value(name)?.includes('/') === false) problems.push(`${name} names no workspace: with several of them it is the workspace and the channel, such as T0123ABCD/C0456EFGH.`);
    }
  }
  if (wrong('SLACK_WORKSPACES', /^[TE][A-Z0-9]+(\s*,\s*[TE][A-Z0-9]+)*$/)) problems.push('SLACK_WORKSPACES lists ids that begin with T or E, with commas between.');
  if (wrong('SLACK_LINK_BY_EMAIL', /^(yes|no)$/)) problems.push('SLACK_LINK_BY_EMAIL is yes or no.');
}
