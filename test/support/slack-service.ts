// Slack for a test: the emulator of Vercel Labs, and before it what the emulator does not do: it looks at tokens, holds
// Slack's limits, answers 429, knows the bot's own identity, opens Socket Mode and takes what goes to a response_url.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text as readText } from 'node:stream/consumers';
import { createEmulator, type Emulator } from 'emulate';
import { problemsInBlocks, problemsInView } from './slack-rules.js';

export interface View {
  readonly id: string;
  readonly type: string;
  readonly callback_id?: string;
  readonly private_metadata?: string;
  readonly title?: { readonly text: string };
  readonly blocks: readonly ShownBlock[];
}

export interface ShownBlock {
  readonly type: string;
  readonly block_id?: string;
  readonly text?: { readonly text: string };
  readonly fields?: readonly { readonly text: string }[];
  readonly label?: { readonly text: string };
  readonly elements?: readonly ShownElement[];
  readonly element?: { readonly type: string; readonly action_id: string; readonly initial_value?: string; readonly options?: readonly { readonly value: string }[] };
}

export interface ShownElement {
  readonly type: string;
  readonly text?: string | { readonly text: string };
  readonly action_id?: string;
  readonly value?: string;
  readonly elements?: readonly { readonly text: string }[];
}

export interface PostedMessage {
  readonly ts: string;
  readonly text: string;
  readonly blocks?: readonly ShownBlock[];
}

export interface Call {
  readonly method: string;
  readonly token: string;
  readonly body: Readonly<Record<string, string>>;
  readonly answer: Readonly<Record<string, unknown>>;
}

export interface Whisper {
  readonly id: string;
  readonly body: { readonly text?: string; readonly blocks?: readonly ShownBlock[]; readonly response_type?: string; readonly replace_original?: boolean };
}

export interface Identity {
  readonly teamId: string;
  readonly enterpriseId?: string;
  readonly botUserId: string;
  readonly botId: string;
}

type Overlay = Readonly<Record<string, unknown>>;

export class SlackService {
  readonly calls: Call[] = [];
  readonly whispers: Whisper[] = [];
  readonly views = new Map<string, View>();
  /** The Home tab of each user. */
  readonly homes = new Map<string, View>();
  /** What users.info and conversations.info say beside what the emulator knows. */
  readonly users = new Map<string, Overlay>();
  readonly channels = new Map<string, Overlay>();
  readonly tokens = new Map<string, Identity>();
  /** What auth.test says that a token may do. */
  scopes: string[] = ['commands', 'chat:write', 'im:write', 'im:history', 'users:read', 'users:read.email', 'channels:read', 'groups:read'];
  /** The workspace that the next installation is in; null: all of the organisation. */
  installingTeam: string | null = 'T000000001';
  installingEnterprise: string | null = null;
  /** What happens while a token is exchanged. */
  beforeRefresh: () => void = () => undefined;
  /** Where apps.connections.open leads to. */
  socketUrls: string[] = [];
  readonly #limits: { method: string; seconds: number }[] = [];
  readonly #errors: { method: string; error: string }[] = [];
  readonly #held = new Map<string, Promise<void>>();
  readonly #emulator: Emulator;
  readonly #server: Server;

  private constructor(emulator: Emulator, server: Server) {
    this.#emulator = emulator;
    this.#server = server;
    server.on('request', (req: IncomingMessage, res: ServerResponse) => void this.#receive(req, res));
  }

  static async open(people: readonly { readonly name: string; readonly email: string }[], redirectUri = ''): Promise<SlackService> {
    const emulator = await createEmulator({
      service: 'slack',
      port: await freePort(),
      seed: {
        slack: {
          users: people.map(({ name, email }) => ({ name, real_name: name, email })),
          channels: [{ name: 'helpdesk' }, { name: 'security' }],
          oauth_apps: [{ client_id: 'client', client_secret: 'client-secret', name: 'Countersign', redirect_uris: [redirectUri] }],
        },
      },
    });
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new SlackService(emulator, server);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get apiUrl(): string {
    return `${this.url}/api/`;
  }

  /** The next call of this method (`respond`: to a response_url) is answered with 429. */
  limit(method: string, seconds: number): void {
    this.#limits.push({ method, seconds });
  }

  /** The next call of this method is answered with this error. */
  fail(method: string, error: string): void {
    this.#errors.push({ method, error });
  }

  /** Calls of this method are not answered until what this returns is called. */
  hold(method: string): () => void {
    let release: () => void = () => undefined;
    this.#held.set(method, new Promise((resolve) => {
      release = () => {
        this.#held.delete(method);
        resolve();
      };
    }));
    return release;
  }

  called(method: string): readonly Call[] {
    return this.calls.filter((call) => call.method === method);
  }

  /** A call of the test itself, past every rule. */
  async ask(method: string, body: Readonly<Record<string, string>>): Promise<Record<string, unknown>> {
    return await this.#emulated(method, new URLSearchParams(body).toString(), 'application/x-www-form-urlencoded');
  }

  async userId(email: string): Promise<string> {
    const { user } = (await this.ask('users.lookupByEmail', { email })) as { user: { id: string } };
    return user.id;
  }

  async channelId(name: string): Promise<string> {
    const { channels } = (await this.ask('conversations.list', { limit: '100' })) as { channels: { id: string; name: string }[] };
    return channels.find((channel) => channel.name === name)?.id ?? '';
  }

  /** Messages in a channel, the newest first. */
  async messages(channel: string): Promise<readonly PostedMessage[]> {
    const { messages = [] } = (await this.ask('conversations.history', { channel })) as { messages?: PostedMessage[] };
    return messages;
  }

  async directChannel(userId: string): Promise<string> {
    const { channel } = (await this.ask('conversations.open', { users: userId })) as { channel: { id: string } };
    return channel.id;
  }

  async triggerId(userId: string): Promise<string> {
    const { trigger_id: triggerId } = (await this.ask('views.generateTriggerId', { user_id: userId })) as { trigger_id: string };
    return triggerId;
  }

  responseUrl(id: string): string {
    return `${this.url}/respond/${id}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
    await this.#emulator.close();
  }

  async #receive(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const body = await readText(req);
    const path = new URL(req.url ?? '/', this.url).pathname;
    if (path.startsWith('/respond/') && take(this.#limits, 'respond') !== null) res.writeHead(429, { 'retry-after': '1' }).end();
    else if (path.startsWith('/respond/')) {
      this.whispers.push({ id: path.slice('/respond/'.length), body: JSON.parse(body) as Whisper['body'] });
      res.end('ok');
    } else if (path.startsWith('/api/')) await this.#answer(path.slice('/api/'.length), req, { body, res });
    else await this.#pass(req, res, body);
  }

  async #answer(method: string, req: IncomingMessage, { body, res }: { readonly body: string; readonly res: ServerResponse }): Promise<void> {
    const token = /^Bearer (.+)$/.exec(req.headers.authorization ?? '')?.[1] ?? '';
    const fields = Object.fromEntries(new URLSearchParams(body));
    await this.#held.get(method);
    const limited = take(this.#limits, method);
    if (limited !== null) {
      this.calls.push({ method, token, body: fields, answer: { ok: false, error: 'ratelimited' } });
      res.writeHead(429, { 'retry-after': String(limited.seconds) }).end(JSON.stringify({ ok: false, error: 'ratelimited' }));
      return;
    }
    const answer = await this.#judge(method, { token, fields, body, type: req.headers['content-type'] ?? '' });
    this.calls.push({ method, token, body: fields, answer });
    this.#remember(method, fields, answer);
    if (answer.ok === true) res.setHeader('x-oauth-scopes', this.scopes.join(','));
    res.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
  }

  async #judge(
    method: string,
    { token, fields, body, type }: { readonly token: string; readonly fields: Readonly<Record<string, string>>; readonly body: string; readonly type: string },
  ): Promise<Record<string, unknown>> {
    const failing = take(this.#errors, method);
    if (failing !== null) return refused(failing.error);
    if (method === 'oauth.v2.access' && fields.grant_type === 'refresh_token') return this.#refresh(fields.refresh_token ?? '');
    if (method === 'oauth.v2.access') return await this.#install(body, type);
    if (method === 'apps.connections.open') return token.startsWith('xapp-') ? { ok: true, url: this.socketUrls.shift() ?? '' } : refused('not_allowed_token_type');
    const identity = this.tokens.get(token);
    if (identity === undefined) return refused(token === '' ? 'not_authed' : 'invalid_auth');
    if (method === 'auth.test') return { ok: true, team_id: identity.teamId, enterprise_id: identity.enterpriseId ?? null, user_id: identity.botUserId, bot_id: identity.botId };
    if (method === 'auth.revoke') return { ok: true, revoked: this.tokens.delete(token) };
    const problems = problemsIn(fields);
    if (problems.length > 0) return { ...refused(fields.view === undefined ? 'invalid_blocks' : 'invalid_arguments'), response_metadata: { messages: problems } };
    return this.#overlaid(method, fields, await this.#emulated(method, body, type));
  }

  /** docs.slack.dev, "Using token rotation": a new pair, good for twelve hours. */
  #refresh(token: string): Record<string, unknown> {
    this.beforeRefresh();
    return { ok: true, token_type: 'bot', access_token: `after ${token}`, refresh_token: `next ${token}`, expires_in: 43_200 };
  }

  /** The flow is the emulator's; who the bot is, which it does not tell apart, is ours. */
  async #install(body: string, type: string): Promise<Record<string, unknown>> {
    const answer = await this.#emulated('oauth.v2.access', body, type);
    const { access_token: token, bot_user_id: botUserId = '' } = answer as { access_token?: string; bot_user_id?: string };
    if (token === undefined) return answer;
    const [teamId, enterpriseId] = [this.installingTeam, this.installingEnterprise];
    this.tokens.set(token, { teamId: teamId ?? enterpriseId ?? '', ...(enterpriseId === null ? {} : { enterpriseId }), botUserId, botId: 'B0INSTALLED' });
    const place = (id: string | null) => (id === null ? null : { id, name: id });
    return { ...answer, team: place(teamId), enterprise: place(enterpriseId), is_enterprise_install: teamId === null };
  }

  #overlaid(method: string, { user = '', channel = '', include_locale: withLocale }: Readonly<Record<string, string>>, answer: Record<string, unknown>): Record<string, unknown> {
    const member = { is_email_confirmed: true, is_restricted: false, is_ultra_restricted: false };
    if (method === 'users.info') {
      const { locale = 'en-US', ...overlay } = this.users.get(user) ?? {};
      return { ...answer, user: { ...(answer.user as object), ...member, ...overlay, ...(withLocale === 'true' ? { locale } : {}) } };
    }
    if (method === 'conversations.info') return { ...answer, channel: { ...(answer.channel as object), ...this.channels.get(channel) } };
    return answer;
  }

  #remember(method: string, { user_id: userId = '' }: Readonly<Record<string, string>>, answer: Readonly<Record<string, unknown>>): void {
    const view = answer.view as View | undefined;
    if (answer.ok !== true || view === undefined) return;
    if (method === 'views.publish') this.homes.set(userId, view);
    else this.views.set(view.id, view);
  }

  async #emulated(method: string, body: string, type: string): Promise<Record<string, unknown>> {
    const headers = { authorization: 'Bearer xoxb-emulator', 'content-type': type };
    const answer = await fetch(`${this.#emulator.url}/api/${method}`, { method: 'POST', headers, body });
    return (await answer.json()) as Record<string, unknown>;
  }

  async #pass(req: IncomingMessage, res: ServerResponse, body: string): Promise<void> {
    const init = { method: req.method ?? 'GET', redirect: 'manual' as const, headers: { 'content-type': req.headers['content-type'] ?? 'text/plain' } };
    const answer = await fetch(`${this.#emulator.url}${req.url ?? '/'}`, body === '' ? init : { ...init, body });
    const location = answer.headers.get('location');
    res.writeHead(answer.status, location === null ? {} : { location }).end(await answer.text());
  }
}

function problemsIn({ blocks, view }: Readonly<Record<string, string>>): readonly string[] {
  return [
    ...(blocks === undefined ? [] : problemsInBlocks(JSON.parse(blocks))),
    ...(view === undefined ? [] : problemsInView(JSON.parse(view))),
  ];
}

function refused(error: string): Record<string, unknown> {
  return { ok: false, error };
}

function take<T extends { readonly method: string }>(list: T[], method: string): T | null {
  const at = list.findIndex((one) => one.method === method);
  return at < 0 ? null : (list.splice(at, 1)[0] ?? null);
}

/** The emulator wants a port that it is given. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
