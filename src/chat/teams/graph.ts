// Microsoft Graph, for one thing alone: to give the app to somebody who must be asked and does not have it.
import { z } from 'zod';
import { SECOND_MS } from '../../lib/clock.js';
import { TeamsFault, waitOf } from './teams-fault.js';
import type { TokenSource } from './tokens.js';

/** Below what the courier gives to finding an address. */
const TIMEOUT_MS = 5 * SECOND_MS;

/** `not-allowed`: the permission is missing, or a policy keeps the app from them. `not-found`: no such person, or no such app in the catalog. */
export type Installing = 'installed' | 'not-allowed' | 'not-found';

export interface GraphParts {
  readonly tokens: TokenSource;
  /** Without a slash at its end. */
  readonly graphUrl: string;
  /** The app's id in the organisation's catalog, which is not its id in the manifest. */
  readonly catalogAppId: string;
}

const installations = z.object({ value: z.array(z.unknown()) });

export class Graph {
  readonly #parts: GraphParts;

  constructor(parts: GraphParts) {
    this.#parts = parts;
  }

  /**
   * Installs the app for somebody, by Entra object id (learn.microsoft.com, "Install app for user"; the application
   * permission is TeamsAppInstallation.ReadWriteSelfForUser.All). Throws a TeamsFault `wait`, `no-answer` or `no-token`.
   */
  async install(userId: string): Promise<Installing> {
    const { graphUrl, catalogAppId } = this.#parts;
    const body = { 'teamsApp@odata.bind': `${graphUrl}/v1.0/appCatalogs/teamsApps/${catalogAppId}` };
    const { status, headers } = await this.#call('POST', installedApps(userId), body);
    // 409: they have it already.
    if (status === 201 || status === 409) return 'installed';
    return verdictOn(status, headers);
  }

  /** Whether they have the app: what the doctor asks, to see what Graph allows. Throws as `install` does. */
  async has(userId: string): Promise<'yes' | 'no' | Exclude<Installing, 'installed'>> {
    const answer = await this.#call('GET', `${installedApps(userId)}?$expand=teamsApp&$filter=${encodeURIComponent(`teamsApp/id eq '${this.#parts.catalogAppId}'`)}`);
    if (answer.status !== 200) return verdictOn(answer.status, answer.headers);
    return installations.parse(await answer.json()).value.length > 0 ? 'yes' : 'no';
  }

  async #call(method: 'GET' | 'POST', path: string, body?: object): Promise<Response> {
    const { tokens, graphUrl } = this.#parts;
    const token = await tokens.token();
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
    const answer = await fetch(`${graphUrl}/v1.0/${path}`, { ...init, redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MS) }).catch((error: unknown) => {
      throw new TeamsFault('no-answer', 'no answer from Microsoft Graph', { cause: error });
    });
    if (answer.status === 401) tokens.drop(token);
    return answer;
  }
}

function installedApps(userId: string): string {
  return `users/${encodeURIComponent(userId)}/teamwork/installedApps`;
}

function verdictOn(status: number, headers: Headers): 'not-allowed' | 'not-found' {
  if (status === 403) return 'not-allowed';
  if (status === 404) return 'not-found';
  if (status === 429) throw new TeamsFault('wait', 'Microsoft Graph: HTTP 429', { afterMs: waitOf(headers) });
  throw new TeamsFault('no-answer', `Microsoft Graph: HTTP ${status}`);
}
