// What is wrong with a Teams installation, and what to do about each thing.
import { z } from 'zod';
import { SECOND_MS } from '../../lib/clock.js';
import { type Finding as Found, ok, problem, warning } from '../finding.js';
import type { Connector, Roster } from './connector.js';
import type { Graph } from './graph.js';
import { isOutsider, objectIdOf } from './members.js';
import type { Place } from './memory.js';
import { ROSTER_MAX } from './platform.js';
import { NO_IDENTITY, type TokenSource } from './tokens.js';
import { isTeamsFault, TeamsFault } from './teams-fault.js';

const ANSWER_MS = 10 * SECOND_MS;
const NAMES_TOLD = 10;

type Finding = Found<'credentials' | 'signing keys' | 'address' | 'channel' | 'installing' | 'people'>;

export interface ExaminedTeams {
  readonly tokens: TokenSource;
  readonly connector: Pick<Connector, 'members'>;
  readonly tenantId: string;
  readonly openIdMetadata: string;
  readonly publicUrl: string;
  readonly channels: readonly { readonly name: string; readonly id: string | null }[];
  /** The Bot Connector of this tenant. */
  readonly serviceUrl: string;
  /** Whoever may be asked to approve, as the directory has them. */
  readonly approvers: readonly Approver[];
  /** Null: the app is given to nobody by us. */
  readonly graph: Pick<Graph, 'has'> | null;
}

export interface Approver {
  readonly name: string;
  readonly helpdesk: boolean;
  /** The Entra object id; null: no Teams account is linked. */
  readonly userId: string | null;
  /** Whether the app was heard of in a chat with them. */
  readonly reached: boolean;
}

export async function examineTeams(examined: ExaminedTeams): Promise<readonly Finding[]> {
  const credentials = await examineCredentials(examined.tokens);
  const outside = [await examineKeys(examined.openIdMetadata), await examineAddress(examined.publicUrl)];
  // Without a token no channel can be seen.
  const channels = credentials.state === 'ok' ? await Promise.all(examined.channels.map((channel) => examineChannel(channel, examined))) : [];
  return [credentials, ...outside, ...channels.flat(), ...(await examineInstalling(examined)), ...examinePeople(examined)];
}

/** What the commonest refusals ask for (learn.microsoft.com, "Microsoft Entra authentication and authorization error codes"). */
const REMEDIES: readonly (readonly [code: string, remedy: string])[] = [
  ['7000215', 'the client secret is wrong: make a new one under "Certificates & secrets" and take its value, not its id'],
  ['7000222', 'the client secret has expired: make a new one under "Certificates & secrets"'],
  ['700016', 'the application is not in this tenant: check MicrosoftAppId and MicrosoftAppTenantId'],
  ['900023', 'there is no such tenant: check MicrosoftAppTenantId'],
  ['90002', 'there is no such tenant: check MicrosoftAppTenantId'],
  ['700027', 'the certificate is not the one of the app registration: upload it under "Certificates & secrets"'],
  [NO_IDENTITY, 'assign the identity to the machine that this runs on, and take its client id as MicrosoftAppId'],
];

async function examineCredentials(tokens: TokenSource): Promise<Finding> {
  try {
    await tokens.token();
    return ok('credentials', 'Entra gives the bot a token.');
  } catch (error) {
    const message = error instanceof TeamsFault ? error.message : 'Entra gives no token';
    const remedy = REMEDIES.find(([code]) => message.includes(code))?.[1] ?? 'check the credentials, and that this machine may call https://login.microsoftonline.com';
    return problem('credentials', `${message}: ${remedy}.`);
  }
}

const metadata = z.looseObject({ jwks_uri: z.url() });
const keySet = z.looseObject({ keys: z.array(z.unknown()).min(1) });

async function examineKeys(url: string): Promise<Finding> {
  try {
    const { jwks_uri: keys } = metadata.parse(await jsonAt(url));
    keySet.parse(await jsonAt(keys));
    return ok('signing keys', "The Bot Connector's signing keys can be read.");
  } catch {
    return problem('signing keys', `The Bot Connector's signing keys cannot be read, so nothing from Teams is believed: check that this machine may call ${new URL(url).origin}.`);
  }
}

/** Without a token our own route answers 401, and nothing else on the way does. */
async function examineAddress(publicUrl: string): Promise<Finding> {
  const address = `${publicUrl}/api/messages`;
  if (!publicUrl.startsWith('https://')) return problem('address', `Teams sends to https addresses alone: set COUNTERSIGN_PUBLIC_URL, now ${publicUrl}.`);
  try {
    const { status } = await fetch(address, { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' }, signal: AbortSignal.timeout(ANSWER_MS) });
    if (status === 401) return ok('address', `${address} answers, and asks for a token.`);
    return problem('address', `${address} answers ${status}: the way to this server leads elsewhere, or it is not started with Teams' variables.`);
  } catch {
    return problem('address', `${address} does not answer from here: start the server, and check the reverse proxy.`);
  }
}

/** How Teams says no to a channel that it does not show us, or to an id that is none. */
const NOT_THERE = ['refused', 'gone', 'mistaken'] as const;

async function examineChannel({ name, id }: ExaminedTeams['channels'][number], examined: ExaminedTeams): Promise<readonly Finding[]> {
  if (id === null) return [warning('channel', `No ${name} channel is set, so nobody is told there: set TEAMS_${name.toUpperCase()}_CHANNEL to the id of a channel that has the app.`)];
  const place: Place = { conversationId: id, serviceUrl: examined.serviceUrl };
  try {
    return rosterFindings(name, await examined.connector.members(place, ROSTER_MAX), examined);
  } catch (error) {
    if (NOT_THERE.some((code) => isTeamsFault(error, code))) return [problem('channel', `The ${name} channel cannot be seen: check its id, and add the app to its team.`)];
    return [problem('channel', `The ${name} channel cannot be looked at (${error instanceof TeamsFault ? error.message : 'no answer'}): try again.`)];
  }
}

function rosterFindings(name: string, { members, complete }: Roster, { tenantId, approvers }: ExaminedTeams): readonly Finding[] {
  if (!complete) return [problem('channel', `More than ${ROSTER_MAX} people are in the ${name} channel, too many to know that all are ours, so nothing is posted there: choose a smaller one.`)];
  const foreign = members.filter((member) => isOutsider(member, tenantId));
  if (foreign.length > 0) return [problem('channel', `${foreign.length} people of another organisation are in the ${name} channel, so nothing is posted there: choose one without them.`)];
  const there = new Set(members.map(objectIdOf));
  const absent = approvers.filter(({ helpdesk, userId }) => helpdesk && (userId === null || !there.has(userId)));
  const seen = ok('channel', `The app is in the ${name} channel, with ${members.length} people.`);
  if (name !== 'helpdesk' || absent.length === 0) return [seen];
  return [seen, warning('channel', `At the helpdesk, but with no buttons in its channel (not in it, or no account linked): ${namesOf(absent)}.`)];
}

/** Asked about one person, as whoever is installed for would be asked about. */
async function examineInstalling({ graph, approvers }: ExaminedTeams): Promise<readonly Finding[]> {
  const userId = approvers.find((approver) => approver.userId !== null)?.userId ?? null;
  if (graph === null || userId === null) return [];
  try {
    switch (await graph.has(userId)) {
      case 'yes':
      case 'no':
        return [ok('installing', 'Microsoft Graph lets the bot install its app for whoever is asked.')];
      case 'not-allowed':
        return [problem('installing', 'Microsoft Graph does not let the bot install its app: grant the application permission TeamsAppInstallation.ReadWriteSelfForUser.All, with admin consent.')];
      case 'not-found':
        return [problem('installing', 'Microsoft Graph knows no such person or app: check TEAMS_CATALOG_APP_ID and the linked accounts.')];
    }
  } catch (error) {
    return [problem('installing', `Microsoft Graph cannot be asked (${error instanceof TeamsFault ? error.message : 'no answer'}): try again.`)];
  }
}

function examinePeople({ approvers, graph }: ExaminedTeams): readonly Finding[] {
  const unlinked = approvers.filter(({ userId }) => userId === null);
  const unreached = approvers.filter(({ userId, reached }) => userId !== null && !reached);
  const findings = [
    ...(unlinked.length === 0 ? [] : [warning('people', `May be asked to approve and have no Teams account linked: ${namesOf(unlinked)}.`)]),
    ...(unreached.length === 0 ? [] : [warning('people', `May be asked to approve and were not heard of in a chat with the app (${graph === null ? 'install it for them by a setup policy; until then the channel is asked' : 'it is installed for them when they are asked'}): ${namesOf(unreached)}.`)]),
  ];
  return findings.length === 0 ? [ok('people', `All ${approvers.length} who may be asked to approve are reached in Teams.`)] : findings;
}

function namesOf(people: readonly Approver[]): string {
  const names = people.slice(0, NAMES_TOLD).map(({ name }) => name).join(', ');
  return people.length > NAMES_TOLD ? `${names} and ${people.length - NAMES_TOLD} more` : names;
}

async function jsonAt(url: string): Promise<unknown> {
  return await (await fetch(url, { signal: AbortSignal.timeout(ANSWER_MS) })).json();
}
