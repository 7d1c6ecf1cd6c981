// A whole server that speaks Teams, on a database of its own, and people who use it as Teams' clients would.
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { openParts } from '../../src/app/parts.js';
import { type RunningServer, startServer } from '../../src/app/server.js';
import { readConfig } from '../../src/config.js';
import { type Log, silentLog } from '../../src/lib/log.js';
import { currentCode } from '../../src/stepup/totp.js';
import { freshDatabase } from './database.js';
import { APP_ID, APP_SECRET, type PostedCard, readCard, type ShownCard, TeamsService, type TeamsUser, TENANT, type TokenParts } from './teams-service.js';
import { fillInstallation, TestClock } from './world.js';

export const NAMES = ['emma', 'liam', 'dana', 'sam', 'priya', 'eve'] as const;
export const HELPDESK = '19:helpdesk@thread.tacv2';
export const SECURITY = '19:security@thread.tacv2';

/** What Teams' client shows after an invoke. */
export type Shown =
  | { readonly kind: 'dialog'; readonly title: string; readonly card: ShownCard }
  | { readonly kind: 'words'; readonly text: string }
  | { readonly kind: 'card'; readonly card: ShownCard }
  | { readonly kind: 'nothing' };

export interface TeamsWorldOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly log?: Log;
  /** Whether people's Teams accounts are bound from the beginning. */
  readonly bound?: boolean;
}

interface Inside {
  readonly clock: TestClock;
  readonly seeds: Map<string, Uint8Array>;
  readonly log: Log;
  readonly cleanUp: (() => Promise<void>)[];
}

export type TestActivity = Readonly<Record<string, unknown>>;

export class TeamsWorld {
  readonly teams: TeamsService;
  readonly clock: TestClock;
  readonly seeds: Map<string, Uint8Array>;
  /** The language of somebody's client, where it says. */
  readonly locales = new Map<string, string>();
  readonly #env: Record<string, string>;
  readonly #log: Log;
  readonly #cleanUp: (() => Promise<void>)[];
  server: RunningServer | null = null;

  private constructor(teams: TeamsService, env: Record<string, string>, options: Partial<Inside> = {}) {
    this.teams = teams;
    this.#env = env;
    const { clock = new TestClock(Date.now()), seeds = new Map<string, Uint8Array>(), log = silentLog, cleanUp = [] } = options;
    this.clock = clock;
    teams.now = clock.now;
    this.seeds = seeds;
    this.#log = log;
    this.#cleanUp = cleanUp;
  }

  /** People in Teams, on a server that somebody else opened and closes. */
  static beside(teams: TeamsService, other: { readonly server: RunningServer | null; readonly clock: TestClock; readonly seeds: Map<string, Uint8Array> }): TeamsWorld {
    const world = new TeamsWorld(teams, {}, other);
    world.server = other.server;
    return world;
  }

  static async open({ env = {}, log = silentLog, bound = true }: TeamsWorldOptions = {}): Promise<TeamsWorld> {
    const teams = await TeamsService.open(NAMES);
    teams.rosters.set(HELPDESK, ['sam', 'priya', 'emma', 'eve']);
    teams.rosters.set(SECURITY, ['eve']);
    const database = await freshDatabase();
    const folder = await mkdtemp(join(tmpdir(), 'countersign-teams-'));
    const cleanUp = [() => database.drop(), () => rm(folder, { recursive: true, force: true }), () => teams.close()];
    const settings = {
      DATABASE_URL: database.url,
      COUNTERSIGN_DATA: folder,
      COUNTERSIGN_TIME_ZONE: 'UTC',
      PORT: '0',
      ...teamsEnv(teams),
      ...env,
    };
    const world = new TeamsWorld(teams, settings, { log, cleanUp });
    const parts = await openParts(readConfig(settings), { clock: world.clock.now, log });
    const account = ({ id }: { readonly id: string }) => ({ platform: 'teams', tenant: TENANT, userId: world.user(id).objectId });
    await fillInstallation(parts, world.seeds, { kind: 'real', account: bound ? account : null });
    await parts.sequencer.sequence();
    await parts.close();
    await world.start();
    return world;
  }

  async start(): Promise<void> {
    this.server = await startServer({ config: readConfig(this.#env), clock: this.clock.now, log: this.#log, playground: false });
  }

  /** Ends the server and starts another one on the same data. */
  async restart(): Promise<void> {
    await this.server?.stop();
    await this.start();
  }

  async close(): Promise<void> {
    await this.server?.stop();
    for (const step of this.#cleanUp) await step();
  }

  user(name: string): TeamsUser {
    const user = this.teams.users.get(name);
    if (user === undefined) throw new Error(`nobody is called ${name}`);
    return user;
  }

  code(name: string): string {
    const seed = this.seeds.get(name);
    if (seed === undefined) throw new Error(`${name} has no authenticator`);
    return currentCode(seed, this.clock.now());
  }

  /** All that is due, and what came of it. */
  async beat(): Promise<void> {
    await this.server?.service.beat();
    await this.server?.service.beat();
  }

  async later(ms: number): Promise<void> {
    await this.beat();
    this.clock.forward(ms);
    await this.beat();
  }

  async freshCode(name: string): Promise<string> {
    await this.later(30_000);
    return this.code(name);
  }

  /** An activity of this person, in their chat with the bot or in a channel. */
  activity(name: string, facts: TestActivity, channel: string | null = null): TestActivity {
    const { objectId, memberId, chat, tenantId, role } = this.user(name);
    return {
      id: randomUUID(),
      channelId: 'msteams',
      serviceUrl: this.teams.serviceUrl,
      timestamp: this.clock.now().toISOString(),
      from: { id: memberId, name, ...(role === 'anonymous' ? {} : { aadObjectId: objectId }) },
      recipient: { id: `28:${APP_ID}`, name: 'Countersign' },
      conversation: { id: channel === null ? chat : `${channel};messageid=1`, tenantId, conversationType: channel === null ? 'personal' : 'channel' },
      channelData: { tenant: { id: tenantId } },
      ...(this.locales.has(name) ? { locale: this.locales.get(name) } : {}),
      ...facts,
    };
  }

  /** Sends it with a token of the Bot Connector, or with another one. */
  send(activity: unknown, token: TokenParts | string | null = {}): Promise<Response> {
    const bearer = typeof token === 'string' || token === null ? token : this.teams.token(token, this.clock.now());
    return fetch(`http://127.0.0.1:${this.server?.port ?? 0}/api/messages`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(bearer === null ? {} : { authorization: `Bearer ${bearer}` }) },
      body: typeof activity === 'string' ? activity : JSON.stringify(activity),
    });
  }

  async say(name: string, text: string): Promise<PostedCard> {
    // What else is on its way must not be taken for the answer.
    await this.beat();
    const response = await this.send(this.activity(name, { type: 'message', text }));
    if (response.status !== 200) throw new Error(`HTTP ${response.status}`);
    return this.latest(name);
  }

  async install(name: string, action: 'add' | 'remove' = 'add'): Promise<void> {
    const response = await this.send(this.activity(name, { type: 'installationUpdate', action }));
    if (response.status !== 200) throw new Error(`HTTP ${response.status}`);
  }

  /** The latest card in somebody's chat or in a channel. */
  latest(place: string): PostedCard {
    const posted = this.teams.at(this.teams.users.get(place)?.chat ?? place).at(-1);
    if (posted === undefined) throw new Error(`nothing was posted to ${place}`);
    return posted;
  }

  /** Presses a button of a card, as a client does it: it opens a dialog, or acts at once. */
  press(name: string, card: ShownCard, action: string, channel: string | null = null): Promise<Shown> {
    const button = card.actions.find(({ data }) => actionIn(data) === action);
    if (button === undefined) throw new Error(`there is no button ${action}: ${buttonsOf(card).join(', ')}`);
    const { type, verb, data } = button;
    if (type === 'Action.Execute') return this.invoke(name, 'adaptiveCard/action', { action: { type, verb, data } }, channel);
    return this.invoke(name, 'task/fetch', { data, context: { theme: 'default' } }, channel);
  }

  /** Presses a button inside a dialog, with what was typed into it. */
  submit(name: string, dialog: Shown, inputs: Readonly<Record<string, string>> = {}, button = 0): Promise<Shown> {
    if (dialog.kind !== 'dialog') throw new Error(`no dialog is open: ${JSON.stringify(dialog)}`);
    const data = z.looseObject({}).parse(dialog.card.actions[button]?.data);
    return this.invoke(name, 'task/submit', { data: { ...data, ...inputs }, context: { theme: 'default' } });
  }

  /** The card as this person's client shows it after asking for its newest state. */
  refresh(name: string, card: ShownCard, channel: string): Promise<Shown> {
    const { refresh } = card;
    if (refresh === undefined) throw new Error('the card asks for nothing');
    return this.invoke(name, 'adaptiveCard/action', { action: { type: 'Action.Execute', ...refresh.action } }, channel);
  }

  invoke(name: string, invoke: string, value: unknown, channel: string | null = null): Promise<Shown> {
    return this.invokeWith(name, { name: invoke, value }, channel);
  }

  /** `facts`: the invoke's name and value, and whatever else is different about the activity. */
  async invokeWith(name: string, facts: TestActivity, channel: string | null = null): Promise<Shown> {
    const response = await this.send(this.activity(name, { type: 'invoke', ...facts }, channel));
    if (response.status !== 200) throw new Error(`HTTP ${response.status}`);
    return readShown(await response.text());
  }
}

/** The variables of a server that believes this service. */
export function teamsEnv(teams: TeamsService): Record<string, string> {
  return {
    MicrosoftAppId: APP_ID,
    MicrosoftAppTenantId: TENANT,
    MicrosoftAppPassword: APP_SECRET,
    TEAMS_OPENID_METADATA: `${teams.origin}/openid`,
    TEAMS_ISSUER: teams.origin,
    TEAMS_LOGIN_URL: teams.origin,
    TEAMS_SERVICE_URL: teams.serviceUrl,
    TEAMS_GRAPH_URL: `${teams.origin}/graph`,
    TEAMS_HELPDESK_CHANNEL: HELPDESK,
    TEAMS_SECURITY_CHANNEL: SECURITY,
  };
}

const taskSchema = z.object({
  task: z.discriminatedUnion('type', [
    z.object({ type: z.literal('message'), value: z.string() }),
    z.object({ type: z.literal('continue'), value: z.looseObject({ title: z.string(), card: z.object({ contentType: z.literal('application/vnd.microsoft.card.adaptive'), content: z.unknown() }) }) }),
  ]),
});
const actionSchema = z.object({ statusCode: z.number(), type: z.string(), value: z.unknown() });

function readShown(text: string): Shown {
  if (text === '') return { kind: 'nothing' };
  const body: unknown = JSON.parse(text);
  const action = actionSchema.safeParse(body).data;
  if (action !== undefined) {
    if (action.type === 'application/vnd.microsoft.card.adaptive') return { kind: 'card', card: readCard(action.value) };
    return { kind: 'words', text: typeof action.value === 'string' ? action.value : `${action.statusCode}` };
  }
  const { task } = taskSchema.parse(body);
  if (task.type === 'message') return { kind: 'words', text: task.value };
  return { kind: 'dialog', title: task.value.title, card: readCard(task.value.card.content) };
}

/** The names of a card's actions. */
export function buttonsOf(card: ShownCard): readonly string[] {
  return card.actions.map(({ data }) => actionIn(data));
}

/** All words of a card, a dialog or an answer. */
export function textOf(shown: Shown | ShownCard): string {
  if (isShown(shown)) return shown.kind === 'words' ? shown.text : shown.kind === 'nothing' ? '' : textOf(shown.card);
  return [...JSON.stringify(shown.body).matchAll(/"text":"((?:[^"\\]|\\.)*)"/g)].map(([, text]) => z.string().parse(JSON.parse(`"${text ?? ''}"`))).join('\n');
}

function isShown(shown: Shown | ShownCard): shown is Shown {
  return 'kind' in shown;
}

function actionIn(data: unknown): string {
  return z.looseObject({ action: z.string() }).safeParse(data).data?.action ?? '';
}
