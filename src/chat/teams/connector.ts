// The Bot Connector's REST interface as we call it. Not the SDK's client: that repeats a POST that went wrong by itself,
// and a message that was posted all the same stands there twice.
import { z } from 'zod';
import { type Clock, SECOND_MS } from '../../lib/clock.js';
import { RateLimit } from '../../lib/rate-limit.js';
import type { Place } from './memory.js';
import { TeamsFault } from './teams-fault.js';
import type { TokenSource } from './tokens.js';

/** Below what the courier gives to one send. */
const TIMEOUT_MS = 8 * SECOND_MS;
/** One conversation takes seven messages a second from a bot (learn.microsoft.com, "Optimize your bot with rate limiting"). */
const SEND_RATE = { max: 7, perMs: SECOND_MS };
/** These pass by themselves, says the same page; the courier waits longer each time. */
const PASSING = new Set([412, 429, 502, 504]);
const DEFAULT_WAIT_MS = 2 * SECOND_MS;

export interface ConnectorParts {
  readonly tokens: TokenSource;
  /** Whether a Bot Connector may be spoken to. */
  readonly isKnown: (serviceUrl: string) => boolean;
  readonly clock: Clock;
}

/** What is posted: one Adaptive Card, and the words for the notification. */
export interface OutgoingActivity {
  readonly type: 'message';
  readonly summary: string;
  readonly attachments: readonly { readonly contentType: string; readonly content: unknown }[];
}

const posted = z.object({ id: z.string().min(1) });
const member = z.object({
  id: z.string(),
  aadObjectId: z.string().optional(),
  objectId: z.string().optional(),
  tenantId: z.string().optional(),
  email: z.string().optional(),
  userPrincipalName: z.string().optional(),
  userRole: z.string().optional(),
});
const pagedMembers = z.object({ members: z.array(member).optional(), continuationToken: z.string().nullish() });
export type TeamsMember = z.infer<typeof member>;

export class Connector {
  readonly #parts: ConnectorParts;
  readonly #sendRate: RateLimit;

  constructor(parts: ConnectorParts) {
    this.#parts = parts;
    this.#sendRate = new RateLimit(SEND_RATE, parts.clock);
  }

  /** Posts and returns the message's id. Every call throws a TeamsFault. */
  async post({ conversationId, serviceUrl }: Place, activity: OutgoingActivity): Promise<string> {
    this.#mayPost(conversationId);
    return idIn(await this.#call(serviceUrl, { method: 'POST', path: ['conversations', conversationId, 'activities'], body: activity }));
  }

  async update({ conversationId, serviceUrl }: Place, messageId: string, activity: OutgoingActivity): Promise<void> {
    this.#mayPost(conversationId);
    const path = ['conversations', conversationId, 'activities', messageId];
    await this.#call(serviceUrl, { method: 'PUT', path, body: { ...activity, id: messageId } });
  }

  /** The chat with a person, by Entra object id; the app must be installed for them. */
  async openChat(serviceUrl: string, { tenantId, userId }: { readonly tenantId: string; readonly userId: string }): Promise<string> {
    const body = { isGroup: false, tenantId, members: [{ id: userId }], channelData: { tenant: { id: tenantId } } };
    return idIn(await this.#call(serviceUrl, { method: 'POST', path: ['conversations'], body }));
  }

  /** `memberId`: an Entra object id, or what Teams calls the person. */
  async member({ conversationId, serviceUrl }: Place, memberId: string): Promise<TeamsMember> {
    return member.parse(await this.#call(serviceUrl, { method: 'GET', path: ['conversations', conversationId, 'members', memberId] }));
  }

  /** Everyone in a conversation, at most `max`. */
  async members({ conversationId, serviceUrl }: Place, max: number): Promise<readonly TeamsMember[]> {
    const found: TeamsMember[] = [];
    let token = '';
    do {
      const path = ['conversations', conversationId, 'pagedmembers'];
      const query = token === '' ? {} : { continuationToken: token };
      const page = pagedMembers.parse(await this.#call(serviceUrl, { method: 'GET', path, query }));
      found.push(...(page.members ?? []));
      token = page.continuationToken ?? '';
    } while (token !== '' && found.length < max);
    return found.slice(0, max);
  }

  #mayPost(conversationId: string): void {
    if (!this.#sendRate.allows(conversationId)) throw new TeamsFault('wait', 'this conversation takes no more in this second', { afterMs: SECOND_MS });
  }

  async #call(serviceUrl: string, { method, path, query = {}, body }: Call): Promise<unknown> {
    if (!this.#parts.isKnown(serviceUrl)) throw new TeamsFault('address', 'this address is no Bot Connector that we know');
    const url = new URL(`${serviceUrl.replace(/\/+$/, '')}/v3/${path.map(encodeURIComponent).join('/')}`);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    const headers = { authorization: `Bearer ${await this.#parts.tokens.token()}`, 'content-type': 'application/json; charset=utf-8' };
    const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
    // Ids of conversations and people stand in every second part of the path.
    const what = `${method} ${path.filter((_, at) => at % 2 === 0).join('/')}`;
    const answer = await fetch(url, { ...init, redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MS) }).catch((error: unknown) => {
      throw new TeamsFault('no-answer', `${what}: no answer from Teams`, { cause: error });
    });
    if (!answer.ok) throw faultOf(answer, what);
    return await answer.json().catch(() => null);
  }
}

interface Call {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly path: readonly string[];
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** Not asked for again where it is missing: what was posted stands there all the same. */
function idIn(answer: unknown): string {
  const id = posted.safeParse(answer).data?.id;
  if (id === undefined) throw new TeamsFault('mistaken', 'Teams took it and named no id');
  return id;
}

/** Its message names the call and the status, never what was sent. */
function faultOf({ status, headers }: Response, what: string): TeamsFault {
  const message = `${what}: HTTP ${status}`;
  if (PASSING.has(status)) return new TeamsFault('wait', message, { afterMs: waitIn(headers.get('retry-after')) });
  if (status === 404) return new TeamsFault('gone', message);
  if (status === 401 || status === 408 || status >= 500) return new TeamsFault('no-answer', message);
  return new TeamsFault(status === 403 ? 'refused' : 'mistaken', message);
}

function waitIn(retryAfter: string | null): number {
  const seconds = Number(retryAfter ?? NaN);
  return Number.isFinite(seconds) && seconds > 0 ? seconds * SECOND_MS : DEFAULT_WAIT_MS;
}
