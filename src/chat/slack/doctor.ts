// What is wrong with a Slack installation, and what to do about each thing.
import { type Clock, SECOND_MS } from '../../lib/clock.js';
import { newToken } from '../../lib/ids.js';
import { type Finding as Found, ok, problem, warning } from '../finding.js';
import { SCOPES, SCOPE_NAMES } from './scopes.js';
import { sign } from './signature.js';
import type { Caller, SlackApi } from './slack-api.js';
import { SlackFault, toSlackFault } from './slack-fault.js';

/** Slack refuses what is five minutes off, and one-time codes fail long before. */
const CLOCK_MAY_DIFFER_MS = 30 * SECOND_MS;
const ANSWER_MS = 10 * SECOND_MS;

type Finding = Found<'token' | 'scopes' | 'clock' | 'address' | 'signing secret' | 'socket mode' | 'channel'>;

export interface ExaminedSlack {
  readonly api: SlackApi;
  readonly apiUrl: string;
  /** Where Slack is told to send to; not looked at over Socket Mode. */
  readonly publicUrl: string;
  readonly signingSecret: string | null;
  readonly appToken: string | null;
  readonly channels: readonly { readonly name: string; readonly id: string | null }[];
  readonly clock: Clock;
}

/** One workspace: its token, scopes and channels. */
export async function examineWorkspace(workspace: Caller, { api, channels }: ExaminedSlack): Promise<readonly Finding[]> {
  try {
    const answer = await api.call('auth.test', workspace, (client) => client.auth.test());
    const token: Finding = ok('token', `The bot token works in ${answer.team ?? ''} (${answer.team_id ?? ''}).`);
    const seen = await Promise.all(channels.map((channel) => examineChannel(channel, workspace, api)));
    return [token, ...scopeFindings(answer.response_metadata?.scopes ?? null), ...seen];
  } catch (error) {
    const { reason } = toSlackFault(error, 'auth.test');
    if (reason === '') return [problem('token', 'Slack does not answer: check that this machine may call https://slack.com.')];
    return [problem('token', `Slack does not take the bot token (${reason}): copy it again from "OAuth & Permissions", or install the app again.`)];
  }
}

/** What is the same for all workspaces: the clock, and the way in. */
export async function examineConnection(examined: ExaminedSlack): Promise<readonly Finding[]> {
  const { appToken, signingSecret } = examined;
  const wayIn = appToken !== null ? [await examineSocket(appToken, examined.api)] : await examineAddress(examined, signingSecret ?? '');
  return [await examineClock(examined), ...wayIn];
}

function scopeFindings(granted: readonly string[] | null): readonly Finding[] {
  if (granted === null) return [warning('scopes', 'Slack did not say which scopes the token has.')];
  const missing = Object.entries(SCOPES).filter(([scope]) => !granted.includes(scope));
  const extra = granted.filter((scope) => !SCOPE_NAMES.includes(scope));
  const findings = [
    ...missing.map(([scope, why]) => problem('scopes', `The scope ${scope} is missing (${why}): add it under "OAuth & Permissions" and install the app again.`)),
    ...(extra.length === 0 ? [] : [warning('scopes', `The app may do more than it needs: ${extra.join(', ')}. Remove what nobody uses.`)]),
  ];
  return findings.length === 0 ? [ok('scopes', 'The app has the scopes it needs and no others.')] : findings;
}

async function examineChannel({ name, id }: ExaminedSlack['channels'][number], workspace: Caller, api: SlackApi): Promise<Finding> {
  if (id === null) return unsetChannel(name);
  const channel = id.split('/').at(-1) ?? id;
  try {
    const { channel: facts } = await api.call('conversations.info', workspace, (client) => client.conversations.info({ channel }));
    const named = `The ${name} channel #${facts?.name ?? channel}`;
    if (facts?.is_ext_shared === true || facts?.is_pending_ext_shared === true) return problem('channel', `${named} is shared with another organisation, whose people would read along: choose one that is not.`);
    if (facts?.is_archived === true) return problem('channel', `${named} is archived: choose another one.`);
    if (facts?.is_member !== true) return problem('channel', `The bot is not in ${named.replace('The', 'the')}: write /invite @Countersign there.`);
    return facts.is_private === true ? ok('channel', `${named} is private, and the bot is in it.`) : warning('channel', `${named} is public: everyone in the workspace reads along. A private one is better.`);
  } catch (error) {
    const { reason } = toSlackFault(error, 'conversations.info');
    return problem('channel', `The ${name} channel ${channel} cannot be seen (${reason}): check its id, and invite the bot if it is private.`);
  }
}

/** No channel is set for this. */
export function unsetChannel(name: string): Finding {
  return warning('channel', `No ${name} channel is set, so nobody is told there: set ${settingOf(name)} to the id of a private channel, and invite the bot.`);
}

/** Its channel is in a workspace that does not have the app. */
export function strayChannel(name: string, id: string): Finding {
  return problem('channel', `The ${name} channel ${id} is in a workspace where the app is not installed: install it there, or set ${settingOf(name)} to another channel. Where the app is installed on a whole organisation, the channel is named with that (E…/C…).`);
}

function settingOf(name: string): string {
  return `SLACK_${name.toUpperCase()}_CHANNEL`;
}

async function examineClock({ apiUrl, clock }: ExaminedSlack): Promise<Finding> {
  try {
    const answer = await fetch(new URL('api.test', apiUrl), { method: 'POST', signal: AbortSignal.timeout(ANSWER_MS) });
    const theirs = Date.parse(answer.headers.get('date') ?? '');
    const differsMs = Math.abs(theirs - clock().getTime());
    if (Number.isNaN(differsMs)) return warning('clock', 'Slack did not say what time it is.');
    if (differsMs <= CLOCK_MAY_DIFFER_MS) return ok('clock', 'The clock of this machine is right.');
    return problem('clock', `The clock of this machine is ${Math.round(differsMs / SECOND_MS)} s off: codes and signatures will be refused. Turn time synchronisation on.`);
  } catch {
    return warning('clock', 'Slack does not answer, so the clock could not be compared.');
  }
}

async function examineSocket(appToken: string, api: SlackApi): Promise<Finding> {
  try {
    await api.call('apps.connections.open', { place: '', botToken: appToken }, (client) => client.apps.connections.open({}));
    return ok('socket mode', 'The app-level token opens Socket Mode.');
  } catch (error) {
    const reason = error instanceof SlackFault && error.reason !== '' ? error.reason : 'no answer';
    return problem('socket mode', `The app-level token does not open Socket Mode (${reason}): make one with the scope connections:write, and turn Socket Mode on.`);
  }
}

/** Sends our own address what Slack sends it first, signed with the secret that is set here. */
async function examineAddress({ publicUrl, clock }: ExaminedSlack, signingSecret: string): Promise<readonly Finding[]> {
  const secret = /^[0-9a-f]{32}$/.test(signingSecret)
    ? []
    : [warning('signing secret', 'SLACK_SIGNING_SECRET does not look like one (32 hex digits): take it from "Basic Information".')];
  if (!publicUrl.startsWith('https://')) {
    return [...secret, problem('address', `${publicUrl} is no https address, and Slack sends to nothing else: set COUNTERSIGN_PUBLIC_URL, or use Socket Mode.`)];
  }
  return [...secret, await knock(publicUrl, signingSecret, clock)];
}

/** Exported for a server on a plain address, as tests have it. */
export async function knock(publicUrl: string, signingSecret: string, clock: Clock): Promise<Finding> {
  const challenge = newToken();
  const body = JSON.stringify({ type: 'url_verification', challenge });
  const timestamp = String(Math.floor(clock().getTime() / SECOND_MS));
  const headers = { 'content-type': 'application/json', 'x-slack-request-timestamp': timestamp, 'x-slack-signature': sign(Buffer.from(body), timestamp, signingSecret) };
  const url = `${publicUrl}/slack/events`;
  try {
    const answer = await fetch(url, { method: 'POST', body, headers, signal: AbortSignal.timeout(ANSWER_MS) });
    const text = await answer.text();
    if (answer.status === 200 && text.includes(challenge)) return ok('address', `${url} is this installation's own, and takes what Slack signs.`);
    if (answer.status === 401) return problem('signing secret', `${url} refuses what is signed with SLACK_SIGNING_SECRET: set the same secret there and here, and check both clocks.`);
    return problem('address', `${url} answers ${answer.status}: check that it leads to this server, and that the server has Slack's variables.`);
  } catch {
    return problem('address', `${url} does not answer: start the server, and check its DNS name, certificate and firewall.`);
  }
}
