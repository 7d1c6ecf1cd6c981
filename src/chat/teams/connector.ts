// The Bot Connector's REST interface as we call it. Not the SDK's client: that repeats a POST that went wrong by itself,
// and a message that was posted all the same stands there twice.
import { z } from 'zod';
import { type Clock, SECOND_MS } from '../../lib/clock.js';
import type { Place } from './memory.js';
import { CALLING, Rates, SENDING } from './rates.js';
import { TeamsFault, waitOf } from './teams-fault.js';
import type { TokenSource } from './tokens.js';

/** Below what the courier gives to one send. */
const TIMEOUT_MS = 8 * SECOND_MS;
/** These pass by themselves (learn.microsoft.com, "Optimize your bot with rate limiting in Teams"); the courier waits longer each time. */
const PASSING = new Set([412, 429, 502, 504]);
/** The most that Teams gives at once. */
const PAGE_SIZE = 500;
/** One tenant alone is served, and all calls go to it. */
const WHOLE_TENANT = '';

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
  readonly #sending: Rates;
  readonly #calling: Rates;

  constructor(parts: ConnectorParts) {
    this.#parts = parts;
    this.#sending = new Rates(SENDING, parts.clock);
    this.#calling = new Rates(CALLING, parts.clock);
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
    this.#mayCall();
    const body = { isGroup: false, tenantId, members: [{ id: userId }], channelData: { tenant: { id: tenantId } } };
    return idIn(await this.#call(serviceUrl, { method: 'POST', path: ['conversations'], body }));
  }

  /** `memberId`: an Entra object id, or what Teams calls the person. Never held back: somebody waits for an answer. */
  async member({ conversationId, serviceUrl }: Place, memberId: string): Promise<TeamsMember> {
    return member.parse(await this.#call(serviceUrl, { method: 'GET', path: ['conversations', conversationId, 'members', memberId] }));
  }

  /** Who is in a conversation, in pages of 500; `complete` is false where there are more than `max`. */
  async members({ conversationId, serviceUrl }: Place, max: number): Promise<Roster> {
    const found: TeamsMember[] = [];
    let token = '';
    do {
      this.#mayCall();
      const path = ['conversations', conversationId, 'pagedmembers'];
      const query = { pageSize: String(PAGE_SIZE), ...(token === '' ? {} : { continuationToken: token }) };
      const page = pagedMembers.parse(await this.#call(serviceUrl, { method: 'GET', path, query }));
      found.push(...(page.members ?? []));
      token = page.continuationToken ?? '';
    } while (token !== '' && found.length < max);
    return { members: found.slice(0, max), complete: token === '' && found.length <= max };
  }

  #mayPost(conversationId: string): void {
    this.#mayCall();
    const afterMs = this.#sending.waitFor(conversationId);
    if (afterMs > 0) throw new TeamsFault('wait', 'this conversation takes no more at the moment', { afterMs });
    this.#sending.count(conversationId);
  }

  #mayCall(): void {
    const afterMs = this.#calling.waitFor(WHOLE_TENANT);
    if (afterMs > 0) throw new TeamsFault('wait', 'this tenant takes no more at the moment', { afterMs });
  }

  async #call(serviceUrl: string, call: Call): Promise<unknown> {
    if (!this.#parts.isKnown(serviceUrl)) throw new TeamsFault('address', 'this address is no Bot Connector that we know');
    const { tokens } = this.#parts;
    this.#calling.count(WHOLE_TENANT);
    const held = await tokens.token();
    let answer = await ask(serviceUrl, call, held);
    if (answer.status === 401) {
      // Nothing was done, and the token may have been withdrawn before its time.
      tokens.drop(held);
      answer = await ask(serviceUrl, call, await tokens.token());
    }
    if (!answer.ok) throw faultOf(answer, nameOf(call));
    return await answer.json().catch(() => null);
  }
}

/** Who is in a conversation. */
export interface Roster {
  readonly members: readonly TeamsMember[];
  readonly complete: boolean;
}

interface Call {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly path: readonly string[];
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

async function ask(serviceUrl: string, call: Call, token: string): Promise<Response> {
  const { method, path, query = {}, body } = call;
  const url = new URL(`${serviceUrl.replace(/\/+$/, '')}/v3/${path.map(encodeURIComponent).join('/')}`);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json; charset=utf-8' };
  const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
  return await fetch(url, { ...init, redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MS) }).catch((error: unknown) => {
    throw new TeamsFault('no-answer', `${nameOf(call)}: no answer from Teams`, { cause: error });
  });
}

/** Ids of conversations and people stand in every second part of the path, and are left out. */
function nameOf({ method, path }: Call): string {
  return `${method} ${path.filter((_, at) => at % 2 === 0).join('/')}`;
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
  if (PASSING.has(status)) return new TeamsFault('wait', message, { afterMs: waitOf(headers) });
  if (status === 404) return new TeamsFault('gone', message);
  if (status === 401 || status === 408 || status >= 500) return new TeamsFault('no-answer', message);
  return new TeamsFault(status === 403 ? 'refused' : 'mistaken', message);
}
