// Teams' side of the wire for tests, on one loopback port: the Bot Connector with the limits and errors that it has, the
// keys that its tokens are signed with, Entra's tokens for the bot's own calls, and Microsoft Graph as far as it is used.
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, randomUUID, sign } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import { complaintsOf } from './official-card.js';

export const APP_ID = '11111111-2222-4333-8444-555555555555';
export const TENANT = '99999999-8888-4777-8666-555555555555';
export const APP_SECRET = 'secret-of-a-test-bot';
/** learn.microsoft.com, "Designing Adaptive Cards". */
const CARD_BYTES = 28 * 1_024;

/** Whom the bot may ask for tokens for. */
const SCOPES = ['https://api.botframework.com/.default', 'https://graph.microsoft.com/.default'];

export interface TeamsUser {
  readonly name: string;
  readonly objectId: string;
  /** What Teams calls them. */
  readonly memberId: string;
  readonly role: 'user' | 'guest' | 'anonymous';
  readonly tenantId: string;
  readonly email: string;
  /** Their chat with the bot. */
  readonly chat: string;
}

const cardSchema = z.looseObject({
  type: z.literal('AdaptiveCard'),
  version: z.literal('1.5'),
  body: z.array(z.unknown()),
  actions: z.array(z.looseObject({ type: z.string(), title: z.string().optional(), verb: z.string().optional(), data: z.unknown() })),
  refresh: z.object({ action: z.looseObject({ verb: z.string(), data: z.unknown() }), userIds: z.array(z.string()).max(60) }).optional(),
});
export type ShownCard = z.infer<typeof cardSchema>;

const activitySchema = z.looseObject({
  type: z.literal('message'),
  summary: z.string(),
  attachments: z.tuple([z.object({ contentType: z.literal('application/vnd.microsoft.card.adaptive'), content: cardSchema })]),
});

export interface PostedCard {
  readonly id: string;
  readonly conversationId: string;
  card: ShownCard;
  summary: string;
  updates: number;
}

/** The platform's table for one bot in one conversation: so many in so many seconds (learn.microsoft.com, "Optimize your bot with rate limiting in Teams"). */
const SENDS: readonly Window[] = [[7, 1], [8, 2], [60, 30], [1_800, 3_600]];
const LOOKS: readonly Window[] = [[14, 1], [16, 2], [120, 30], [3_600, 3_600]];
/** For all calls of one bot in one tenant; the smaller of the two numbers that Microsoft's pages name. */
const CALLS: readonly Window[] = [[30, 1]];
type Window = readonly [max: number, seconds: number];
/** The most that a page of a roster holds, and the fewest that may be asked for. */
const PAGES = { most: 500, fewest: 50 };
export const CATALOG_APP_ID = '22222222-3333-4444-8555-666666666666';

/** How Microsoft Graph answers a wish to install the app. */
export interface GraphMood {
  readonly status: 201 | 403 | 404 | 409 | 429 | 503;
  readonly retryAfter?: number;
  /** So many times the chat cannot be opened yet, after the app was installed. */
  readonly slow?: number;
}

/** What the Connector answers the next call with, in the place of what it would. */
export interface Trouble {
  readonly status: number;
  readonly retryAfter?: number;
  /** The message is posted all the same. */
  readonly posted?: boolean;
  /** No trouble: this call goes through, and the next one has the trouble. */
  readonly through?: boolean;
}

export interface TokenParts {
  readonly head?: Readonly<Record<string, unknown>>;
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly key?: KeyObject;
  /** Taken as the signature, as it is. */
  readonly signature?: string;
}

export class TeamsService {
  readonly users = new Map<string, TeamsUser>();
  readonly posted: PostedCard[] = [];
  readonly calls: { readonly method: string; readonly path: string; readonly body: unknown; readonly authorization: string }[] = [];
  readonly troubles: Trouble[] = [];
  /** Who is in a channel. */
  readonly rosters = new Map<string, readonly string[]>();
  /** Whose app was removed. */
  readonly without = new Set<string>();
  readonly #server: Server;
  readonly #key: KeyObject;
  readonly #jwk: Record<string, unknown>;
  /** What was asked of Microsoft Graph: whom to install the app for. */
  readonly installs: { readonly user: string; readonly body: unknown }[] = [];
  graph: GraphMood = { status: 201 };
  /** The clock that limits are counted by. */
  now: () => Date = () => new Date();
  /** How often the table refused something. */
  refusedByTable = 0;
  readonly #tokens = new Map<string, string>();
  readonly #done = new Map<string, number[]>();
  readonly #notYet = new Map<string, number>();

  private constructor(server: Server) {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    this.#key = createPrivateKey(privateKey.export({ type: 'pkcs8', format: 'pem' }));
    this.#jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'key-of-a-test', use: 'sig', endorsements: ['msteams'] };
    this.#server = server;
    server.on('request', (request, response) => void this.#answer(request, response));
  }

  static async open(names: readonly string[]): Promise<TeamsService> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const service = new TeamsService(server);
    for (const name of names) service.addUser(name);
    return service;
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  get origin(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }

  get serviceUrl(): string {
    return `${this.origin}/teams/`;
  }

  addUser(name: string, facts: Partial<TeamsUser> = {}): TeamsUser {
    const user: TeamsUser = { name, objectId: randomUUID(), memberId: `29:${name}`, role: 'user', tenantId: TENANT, email: `${name}@example.com`, chat: `a:${name}`, ...facts };
    this.users.set(name, user);
    return user;
  }

  /** What everybody may read of the key that tokens are signed with. */
  get publicPem(): string {
    return createPublicKey(this.#key).export({ type: 'spki', format: 'pem' }).toString();
  }

  /** A token as the Bot Connector signs it; each part can be made wrong. */
  token({ head = {}, claims = {}, key = this.#key, signature }: TokenParts = {}, at = new Date()): string {
    const seconds = Math.floor(at.getTime() / 1_000);
    const full = { iss: this.origin, aud: APP_ID, nbf: Math.min(seconds, nowSeconds()) - 60, exp: Math.max(seconds, nowSeconds()) + 3_600, serviceurl: this.serviceUrl, ...claims };
    const text = `${part({ alg: 'RS256', typ: 'JWT', kid: 'key-of-a-test', ...head })}.${part(full)}`;
    return `${text}.${signature ?? sign('sha256', Buffer.from(text), key).toString('base64url')}`;
  }

  /** What stands in a conversation, oldest first. */
  at(conversationId: string): readonly PostedCard[] {
    return this.posted.filter((one) => one.conversationId === conversationId);
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '/', this.origin);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk as Uint8Array));
    const text = Buffer.concat(chunks).toString('utf8');
    const answer = (status: number, content: unknown, headers: Record<string, string> = {}): void => {
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(content));
    };
    if (pathname === '/openid') { answer(200, { issuer: this.origin, jwks_uri: `${this.origin}/keys` }); return; }
    if (pathname === '/keys') { answer(200, { keys: [this.#jwk] }); return; }
    if (pathname === `/${TENANT}/oauth2/v2.0/token`) { this.#grant(new URLSearchParams(text), answer); return; }
    if (pathname.startsWith('/graph/')) { this.#install(request, text, answer); return; }
    const path = pathname.replace(/^\/teams\/v3\//, '').split('/').map(decodeURIComponent);
    const { method = '', headers: { authorization = '' } } = request;
    const body: unknown = text === '' ? null : JSON.parse(text);
    this.calls.push({ method, path: path.join('/'), body, authorization });
    if (this.#tokens.get(authorization.replace('Bearer ', '')) !== 'https://api.botframework.com/.default') { answer(401, { error: { code: 'Unauthorized' } }); return; }
    const trouble = this.troubles.shift();
    if (trouble !== undefined && trouble.through !== true) {
      if (trouble.posted === true) this.#connect(method, path, body);
      answer(trouble.status, { error: {} }, trouble.retryAfter === undefined ? {} : { 'retry-after': String(trouble.retryAfter) });
      return;
    }
    if (this.#isTooMuch(method, path)) { answer(429, { error: { code: 'TooManyRequests' } }, { 'retry-after': '1' }); return; }
    answer(...this.#connect(method, path, body, searchParams));
  }

  /** Every token that was given so far is taken no more. */
  withdrawTokens(): void {
    this.#tokens.clear();
  }

  /** Counted in windows that end now. */
  #isTooMuch(method: string, [, conversationId = '', kind]: readonly string[]): boolean {
    const windows = method === 'GET' ? LOOKS : SENDS;
    const key = `${method === 'GET' ? 'look' : 'send'} ${conversationId}`;
    const taken = this.#takes('tenant', CALLS) && (kind === undefined || this.#takes(key, windows));
    if (!taken) this.refusedByTable += 1;
    return !taken;
  }

  #takes(key: string, windows: readonly Window[]): boolean {
    const at = this.now().getTime();
    const done = this.#done.get(key) ?? [];
    const full = windows.some(([max, seconds]) => done.filter((one) => one > at - seconds * 1_000).length >= max);
    if (!full) this.#done.set(key, [...done, at]);
    return !full;
  }

  /** learn.microsoft.com, "Install app for user" and "List apps installed for user". */
  #install(request: IncomingMessage, text: string, answer: (status: number, content: unknown, headers?: Record<string, string>) => void): void {
    const { method = '', url = '', headers: { authorization = '' } } = request;
    if (this.#tokens.get(authorization.replace('Bearer ', '')) !== 'https://graph.microsoft.com/.default') { answer(401, { error: { code: 'InvalidAuthenticationToken' } }); return; }
    const [, objectId = ''] = /^\/graph\/v1\.0\/users\/([^/]+)\/teamwork\/installedApps/.exec(url) ?? [];
    const { status, retryAfter, slow = 0 } = this.graph;
    const headers: Record<string, string> = retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) };
    const user = [...this.users.values()].find((one) => one.objectId === objectId);
    if (method === 'GET') { answer(status === 201 ? 200 : status, status === 201 ? { value: [] } : { error: {} }, headers); return; }
    this.installs.push({ user: user?.name ?? objectId, body: JSON.parse(text) });
    if (status !== 201 && status !== 409) { answer(status, { error: { code: `status ${status}` } }, headers); return; }
    if (user === undefined) { answer(404, { error: { code: 'NotFound' } }); return; }
    this.without.delete(user.name);
    if (slow > 0) this.#notYet.set(user.name, slow);
    answer(status, null);
  }

  #grant(form: URLSearchParams, answer: (status: number, content: unknown) => void): void {
    const right = form.get('client_id') === APP_ID && form.get('client_secret') === APP_SECRET && SCOPES.includes(form.get('scope') ?? '');
    if (!right) { answer(401, { error: 'invalid_client', error_codes: [7000215] }); return; }
    const token = randomUUID();
    this.#tokens.set(token, form.get('scope') ?? '');
    answer(200, { access_token: token, expires_in: 3_600, token_type: 'Bearer' });
  }

  #connect(method: string, [, conversationId, kind, item]: readonly string[], body: unknown, query = new URLSearchParams()): [number, unknown] {
    if (conversationId === undefined) return this.#openChat(body);
    const members = this.#membersOf(conversationId);
    if (members === null) return [404, { error: { code: 'ConversationNotFound' } }];
    if (kind === 'pagedmembers') return [200, pageOf(members, query)];
    if (kind === 'members') {
      const found = members.find(({ objectId, memberId }) => objectId === item || memberId === item);
      return found === undefined ? [404, { error: { code: 'MemberNotFoundInConversation' } }] : [200, toMember(found)];
    }
    if (members.every(({ name }) => this.without.has(name))) return [403, { error: { code: 'MessageWritesBlocked' } }];
    return method === 'PUT' ? this.#update(conversationId, item ?? '', body) : this.#post(conversationId, body);
  }

  #openChat(body: unknown): [number, unknown] {
    const { members: [{ id }], tenantId } = z.object({ members: z.tuple([z.object({ id: z.string() })]), tenantId: z.literal(TENANT) }).parse(body);
    const user = [...this.users.values()].find(({ objectId }) => objectId === id);
    const notYet = this.#notYet.get(user?.name ?? '') ?? 0;
    if (notYet > 0) { this.#notYet.set(user?.name ?? '', notYet - 1); return [403, { error: { code: 'BotNotInConversationRoster' } }]; }
    if (user === undefined || this.without.has(user.name) || tenantId !== user.tenantId) return [403, { error: { code: 'ForbiddenOperationException' } }];
    return [201, { id: user.chat }];
  }

  #membersOf(conversationId: string): readonly TeamsUser[] | null {
    const [channel = ''] = conversationId.split(';');
    const roster = this.rosters.get(channel);
    const inChannel = roster?.flatMap((name) => this.users.get(name) ?? []);
    return inChannel ?? [...this.users.values()].filter(({ chat }) => chat === conversationId).slice(0, 1).reduce<TeamsUser[] | null>((_, user) => [user], null);
  }

  #post(conversationId: string, body: unknown): [number, unknown] {
    const drawn = this.#drawn(body);
    if (drawn === null) return [413, { error: { code: 'MessageSizeTooBig' } }];
    const posted: PostedCard = { id: randomUUID(), conversationId, ...drawn, updates: 0 };
    this.posted.push(posted);
    return [201, { id: posted.id }];
  }

  #update(conversationId: string, id: string, body: unknown): [number, unknown] {
    const posted = this.posted.find((one) => one.id === id && one.conversationId === conversationId);
    if (posted === undefined) return [404, { error: { code: 'ActivityNotFoundInConversation' } }];
    const drawn = this.#drawn(body);
    if (drawn === null) return [413, { error: { code: 'MessageSizeTooBig' } }];
    Object.assign(posted, drawn, { updates: posted.updates + 1 });
    return [200, { id }];
  }

  #drawn(body: unknown): { readonly card: ShownCard; readonly summary: string } | null {
    if (Buffer.byteLength(JSON.stringify(body)) > CARD_BYTES) return null;
    const { attachments: [{ content }], summary } = activitySchema.parse(body);
    return { card: readCard(content), summary };
  }
}

/** A card as a client reads it. Every one that a test sees is judged by Microsoft's parser. */
export function readCard(content: unknown): ShownCard {
  // The picker of people is Teams' own: it is known there in every version, and to the parser in a later one alone.
  const known = JSON.stringify(content).replaceAll('"choices":[],"choices.data":{"type":"Data.Query","dataset":"graph.microsoft.com/users"}', '"choices":[{"title":"x","value":"x"}]');
  const complaints = complaintsOf(JSON.parse(known));
  if (complaints.length > 0) throw new Error(complaints.join('; '));
  return cardSchema.parse(content);
}

function pageOf(members: readonly TeamsUser[], query: URLSearchParams) {
  const size = Math.max(PAGES.fewest, Math.min(PAGES.most, Number(query.get('pageSize') ?? PAGES.fewest)));
  const start = Number(query.get('continuationToken') ?? 0);
  const rest = members.length > start + size ? { continuationToken: String(start + size) } : {};
  return { members: members.slice(start, start + size).map(toMember), ...rest };
}

function toMember({ memberId, objectId, name, email, tenantId, role }: TeamsUser) {
  return { id: memberId, aadObjectId: objectId, objectId, name, email, userPrincipalName: email, tenantId, userRole: role };
}

function part(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function nowSeconds(): number {
  return Math.floor(Date.now() / 1_000);
}
