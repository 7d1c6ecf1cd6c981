// A whole server that speaks Slack, on a database of its own, and people who use it as Slack's clients would.
import { createHmac } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openParts } from '../../src/app/parts.js';
import { type RunningServer, startServer } from '../../src/app/server.js';
import { ENGLISH } from '../../src/chat/english.js';
import { GERMAN } from '../../src/chat/german.js';
import { type Config, readConfig } from '../../src/config.js';
import { newId, newToken } from '../../src/lib/ids.js';
import { type Log, silentLog } from '../../src/lib/log.js';
import { currentCode } from '../../src/stepup/totp.js';
import { freshDatabase } from './database.js';
import { type PostedMessage, type ShownBlock, SlackService, type View, type Whisper } from './slack-service.js';
import { fillInstallation, TestClock } from './world.js';

export const SIGNING_SECRET = 'signing-secret-of-a-test';
export const BOT_TOKEN = 'xoxb-of-a-test';
export const TEAM = 'T000000001';
export const NAMES = ['emma', 'liam', 'dana', 'sam', 'priya', 'eve'] as const;
export type Name = (typeof NAMES)[number];

/** A request that is ready to be sent. */
export interface SignedInit {
  readonly method: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** What Slack's client shows after something was sent from a modal. */
export type Sent =
  | { readonly kind: 'closed' }
  | { readonly kind: 'errors'; readonly errors: Readonly<Record<string, string>> }
  | { readonly kind: 'view'; readonly view: View };

export interface SlackWorldOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly log?: Log;
  /** Whether people's Slack accounts are bound from the beginning. */
  readonly bound?: boolean;
  /** Where the app's OAuth flow may lead back to. */
  readonly redirectUri?: string;
  /** Before the server starts. */
  readonly prepare?: (slack: SlackService) => void;
}

export class SlackWorld {
  readonly slack: SlackService;
  readonly clock = new TestClock();
  readonly seeds = new Map<string, Uint8Array>();
  readonly ids = new Map<Name, string>();
  readonly #env: Record<string, string>;
  readonly #log: Log;
  readonly #cleanUp: (() => Promise<void>)[];
  server: RunningServer | null = null;
  /** The workspace in which people do what they do next. */
  team = TEAM;
  /** The organisation on all of which the app is installed; null: in workspaces one by one. */
  enterprise: string | null = null;

  private constructor(slack: SlackService, env: Record<string, string>, options: { readonly log: Log; readonly cleanUp: (() => Promise<void>)[] }) {
    this.slack = slack;
    this.#env = env;
    this.#log = options.log;
    this.#cleanUp = options.cleanUp;
  }

  static async open({ env = {}, log = silentLog, bound = true, redirectUri = '', prepare }: SlackWorldOptions = {}): Promise<SlackWorld> {
    const slack = await SlackService.open(NAMES.map((name) => ({ name, email: `${name}@example.com` })), redirectUri);
    slack.tokens.set(BOT_TOKEN, { teamId: TEAM, botUserId: 'U0BOT', botId: 'B0BOT' });
    const database = await freshDatabase();
    const folder = await mkdtemp(join(tmpdir(), 'countersign-slack-'));
    const cleanUp = [() => database.drop(), () => rm(folder, { recursive: true, force: true }), () => slack.close()];
    const settings = {
      DATABASE_URL: database.url,
      COUNTERSIGN_DATA: folder,
      COUNTERSIGN_TIME_ZONE: 'UTC',
      PORT: '0',
      SLACK_BOT_TOKEN: BOT_TOKEN,
      SLACK_SIGNING_SECRET: SIGNING_SECRET,
      SLACK_API_URL: slack.apiUrl,
      SLACK_HELPDESK_CHANNEL: await slack.channelId('helpdesk'),
      SLACK_SECURITY_CHANNEL: await slack.channelId('security'),
      ...env,
    };
    const world = new SlackWorld(slack, settings, { log, cleanUp });
    for (const name of NAMES) world.ids.set(name, await slack.userId(`${name}@example.com`));
    const parts = await openParts(readConfig(settings), { clock: world.clock.now, log });
    const account = ({ id }: { readonly id: string }) => ({ platform: 'slack', tenant: TEAM, userId: world.id(id as Name) });
    await fillInstallation(parts, world.seeds, { kind: 'real', account: bound ? account : null });
    await parts.sequencer.sequence();
    await parts.close();
    prepare?.(slack);
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

  get config(): Config {
    return readConfig(this.#env);
  }

  get address(): string {
    return `http://127.0.0.1:${this.server?.port ?? 0}`;
  }

  id(name: Name): string {
    return this.ids.get(name) ?? '';
  }

  code(name: Name): string {
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

  async freshCode(name: Name): Promise<string> {
    await this.later(30_000);
    return this.code(name);
  }

  /** A request as Slack signs it. */
  signed(body: string, type: string, seconds = Math.floor(this.clock.now().getTime() / 1_000)): SignedInit {
    const signature = `v0=${createHmac('sha256', SIGNING_SECRET).update(`v0:${seconds}:${body}`).digest('hex')}`;
    return { method: 'POST', body, headers: { 'content-type': type, 'x-slack-request-timestamp': String(seconds), 'x-slack-signature': signature } };
  }

  send(init: SignedInit): Promise<Response> {
    return fetch(`${this.address}/slack/events`, init);
  }

  async command(name: Name, text = ''): Promise<Whisper | View | null> {
    const triggerId = await this.slack.triggerId(this.id(name));
    const reply = newToken();
    const form = { command: '/unblock', text, user_id: this.id(name), team_id: this.team, channel_id: 'C0ANY', trigger_id: triggerId, response_url: this.slack.responseUrl(reply), api_app_id: 'A0', ...this.#placeInForm() };
    const before = this.slack.views.size;
    await expectOk(await this.send(this.signed(new URLSearchParams(form).toString(), FORM)));
    return await eventually(() => this.slack.whispers.find(({ id }) => id === reply) ?? (this.slack.views.size > before ? unlessWaiting(last(this.slack.views)) : null));
  }

  /** The global shortcut. */
  async shortcut(name: Name): Promise<void> {
    const payload = {
      type: 'shortcut',
      callback_id: 'unblock',
      user: { id: this.id(name), username: name, team_id: this.team },
      ...this.#place(),
      action_ts: '1',
      trigger_id: await this.slack.triggerId(this.id(name)),
    };
    await expectOk(await this.send(this.signed(new URLSearchParams({ payload: JSON.stringify(payload) }).toString(), FORM)));
  }

  /** Presses a button of a message; what came of it is a modal, or words beside the message. */
  async press(name: Name, action: string, message: { readonly channel: string; readonly message: PostedMessage }): Promise<Whisper | View> {
    const reply = newToken();
    const before = this.slack.views.size;
    const container = { type: 'message', message_ts: message.message.ts, channel_id: message.channel };
    const place = { container, channel: { id: message.channel, name: 'x' }, message: message.message, response_url: this.slack.responseUrl(reply) };
    await expectOk(await this.send(await this.pressing(name, { action, blocks: message.message.blocks ?? [], place })));
    const shown = await eventually(() => this.slack.whispers.find(({ id }) => id === reply) ?? (this.slack.views.size > before ? unlessWaiting(last(this.slack.views)) : null));
    if (shown === null) throw new Error(`nothing came of ${action}`);
    return shown;
  }

  /** Presses a button inside a modal; the modal is replaced. */
  async pressIn(name: Name, action: string, view: View): Promise<View> {
    const before = this.slack.called('views.update').length;
    await expectOk(await this.send(await this.pressing(name, { action, blocks: view.blocks, place: { container: { type: 'view', view_id: view.id }, view } })));
    await eventually(() => (this.slack.called('views.update').length > before ? true : null));
    return this.view(view.id);
  }

  /** The request that presses a button, so that a test can send it twice. */
  async pressing(
    name: Name,
    { action, blocks, place }: { readonly action: string; readonly blocks: readonly ShownBlock[]; readonly place: object },
  ): Promise<SignedInit> {
    const pressed = blocks.flatMap(({ elements = [] }) => elements).find(({ action_id: id = '' }) => id.split(':')[0] === action);
    if (pressed === undefined) throw new Error(`there is no button ${action}`);
    const payload = {
      type: 'block_actions',
      user: { id: this.id(name), username: name, team_id: this.team },
      ...this.#place(),
      trigger_id: await this.slack.triggerId(this.id(name)),
      actions: [{ type: 'button', action_id: pressed.action_id, block_id: 'b', value: pressed.value, action_ts: '1' }],
      ...place,
    };
    return this.signed(new URLSearchParams({ payload: JSON.stringify(payload) }).toString(), FORM);
  }

  async submit(name: Name, view: View, inputs: Readonly<Record<string, string>>): Promise<Sent> {
    const updates = () => this.slack.called('views.update').filter(({ body, answer }) => body.view_id === view.id && answer.ok === true);
    const before = updates().length;
    const answer = await this.send(this.submitting(name, view, inputs));
    await expectOk(answer.clone());
    const shown = this.#shown(view, await answer.text());
    if (shown.kind !== 'view' || unlessWaiting(shown.view) !== null) return shown;
    // On a busy machine the answer comes later, into the modal that waits for it.
    const late = await eventually(() => (updates()[before]?.answer.view as View | undefined) ?? null);
    if (late === null) return shown;
    this.slack.views.set(view.id, late);
    const wrong = wrongIn(late, view);
    return wrong === null ? { kind: 'view', view: late } : { kind: 'errors', errors: wrong };
  }

  /** The request that sends a modal. */
  submitting(name: Name, view: View, inputs: Readonly<Record<string, string>>): SignedInit {
    const values = Object.fromEntries(
      view.blocks.flatMap(({ type, block_id: id = '', element }) =>
        type !== 'input' || element === undefined ? [] : [[id, { [element.action_id]: valueFor(element, inputs[id.split('.')[0] ?? '']) }]],
      ),
    );
    const payload = {
      type: 'view_submission',
      user: { id: this.id(name), username: name, team_id: this.team },
      ...this.#place(),
      trigger_id: newId(),
      view: { ...view, state: { values } },
    };
    return this.signed(new URLSearchParams({ payload: JSON.stringify(payload) }).toString(), FORM);
  }

  async say(name: Name, text: string, event: Readonly<Record<string, string>> = {}): Promise<void> {
    const channel = await this.slack.directChannel(this.id(name));
    const before = (await this.slack.messages(channel)).length;
    await this.event({ type: 'message', channel_type: 'im', channel, user: this.id(name), text, ts: '1', ...event });
    await eventually(async () => ((await this.slack.messages(channel)).length > before ? true : null));
  }

  async openHome(name: Name): Promise<View> {
    this.slack.homes.delete(this.id(name));
    await this.event({ type: 'app_home_opened', tab: 'home', user: this.id(name), channel: 'D0' });
    const home = await eventually(() => this.slack.homes.get(this.id(name)) ?? null);
    if (home === null) throw new Error('the Home tab stayed empty');
    return home;
  }

  async event(event: Readonly<Record<string, unknown>>, eventId = newToken(), headers: Readonly<Record<string, string>> = {}): Promise<Response> {
    const body = JSON.stringify({ type: 'event_callback', team_id: this.team, event_id: eventId, event, ...this.#authorized() });
    const request = this.signed(body, 'application/json');
    return await this.send({ ...request, headers: { ...request.headers, ...headers } });
  }

  /** The newest message to a person or in a channel. */
  async latest(place: Name | { readonly channel: string }): Promise<{ readonly channel: string; readonly message: PostedMessage }> {
    const channel = typeof place === 'string' ? await this.slack.directChannel(this.id(place)) : place.channel;
    const [message] = await this.slack.messages(channel);
    if (message === undefined) throw new Error('nothing was posted');
    return { channel, message };
  }

  view(id: string): View {
    const view = this.slack.views.get(id);
    if (view === undefined) throw new Error('no such view');
    return view;
  }

  #place(): object {
    const team = { id: this.team, domain: 'x' };
    const { enterprise } = this;
    if (enterprise === null) return { team, enterprise: null, is_enterprise_install: false };
    return { team: { ...team, enterprise_id: enterprise, enterprise_name: 'x' }, enterprise: { id: enterprise, name: 'x' }, is_enterprise_install: true };
  }

  #placeInForm(): Readonly<Record<string, string>> {
    if (this.enterprise === null) return { is_enterprise_install: 'false' };
    return { enterprise_id: this.enterprise, enterprise_name: 'x', is_enterprise_install: 'true' };
  }

  /** Whose installation an event is for. */
  #authorized(): object {
    const { enterprise } = this;
    if (enterprise === null) return { authorizations: [{ team_id: this.team, is_enterprise_install: false }] };
    return { enterprise_id: enterprise, authorizations: [{ enterprise_id: enterprise, team_id: null, is_enterprise_install: true }] };
  }

  #shown(view: View, body: string): Sent {
    if (body === '') return { kind: 'closed' };
    const answer = JSON.parse(body) as { response_action: string; errors?: Record<string, string>; view?: Omit<View, 'id'> };
    if (answer.response_action === 'errors') {
      return { kind: 'errors', errors: Object.fromEntries(Object.entries(answer.errors ?? {}).map(([id, error]) => [id.split('.')[0] ?? '', error])) };
    }
    if (answer.view === undefined) return { kind: 'closed' };
    const shown = { ...answer.view, id: view.id };
    this.slack.views.set(view.id, shown);
    return { kind: 'view', view: shown };
  }
}

/** All that blocks say, in one text, without what stands on buttons. */
export function textOf({ blocks = [] }: { readonly blocks?: readonly ShownBlock[] }): string {
  const lines = blocks.flatMap(({ type, text, fields = [], elements = [] }) => {
    if (type === 'actions') return [];
    const inside = elements.flatMap((element) => [typeof element.text === 'string' ? element.text : (element.text?.text ?? ''), ...(element.elements ?? []).map((part) => part.text)]);
    return [text?.text ?? '', ...fields.map((field) => field.text), ...inside];
  });
  return lines.filter((line) => line !== '').join('\n');
}

/** The names of the actions on buttons. */
export function buttonsOf({ blocks = [] }: { readonly blocks?: readonly ShownBlock[] }): readonly string[] {
  return blocks.flatMap(({ type, elements = [] }) => (type === 'actions' ? elements.map(({ action_id: id = '' }) => id.split(':')[0] ?? '') : []));
}

/** The modal that came; fails the test with what came instead. */
export function viewIn(shown: Whisper | View | Sent | null): View {
  const view = shown === null ? null : 'kind' in shown ? (shown.kind === 'view' ? shown.view : null) : 'blocks' in shown ? shown : null;
  if (view === null) throw new Error(`no modal came: ${JSON.stringify(shown)}`);
  return view;
}

const FORM = 'application/x-www-form-urlencoded';

function valueFor(element: { readonly type: string; readonly initial_value?: string; readonly initial_date?: string; readonly options?: readonly { readonly value: string }[] }, given: string | undefined): object {
  if (element.type === 'static_select') return { type: 'static_select', selected_option: { value: given ?? element.options?.[0]?.value ?? '' } };
  if (element.type === 'users_select') return { type: 'users_select', selected_user: given ?? null };
  if (element.type === 'datepicker') return { type: 'datepicker', selected_date: given ?? element.initial_date ?? null };
  return { type: 'plain_text_input', value: given ?? element.initial_value ?? null };
}

/** A modal that was sent comes back late with what is wrong on top, no longer at its field: null for any other one. */
function wrongIn(late: View, sent: View): Readonly<Record<string, string>> | null {
  const warnings = late.blocks.flatMap(({ type, text }) => (type === 'section' && text?.text.startsWith('⚠️ ') === true ? [text.text] : []));
  if (warnings.length === 0 || late.private_metadata !== sent.private_metadata) return null;
  const fields = late.blocks.flatMap(({ type, block_id: id = '' }) => (type === 'input' ? [id.split('.')[0] ?? ''] : []));
  return Object.fromEntries(fields.map((field) => [field, warnings.join(' ')]));
}

const WAITING: readonly string[] = [ENGLISH.say.wait, GERMAN.say.wait];

/** Null for a modal that stands in for an answer that takes its time. */
export function unlessWaiting(view: View | null): View | null {
  return view === null || WAITING.includes(textOf(view)) ? null : view;
}

function last(views: ReadonlyMap<string, View>): View | null {
  return [...views.values()].at(-1) ?? null;
}

async function expectOk(answer: Response): Promise<void> {
  if (answer.status !== 200) throw new Error(`HTTP ${answer.status}: ${await answer.text()}`);
}

const TRIES = 250;
const PAUSE_MS = 20;

/** What is done after an acknowledgement is seen when it is there; null when it never comes. */
export async function eventually<T>(look: () => T | null | Promise<T | null>, most = TRIES): Promise<T | null> {
  for (let tries = 0; tries < most; tries += 1) {
    const seen = await look();
    if (seen !== null) return seen;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  return null;
}
