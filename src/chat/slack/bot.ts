// What Slack sends, and what is done with it: commands, buttons, modals, the Home tab, direct messages.
import {
  App,
  type BlockAction,
  type Context,
  type GlobalShortcut,
  type Middleware,
  type AnyMiddlewareArgs,
  type Receiver,
  type RespondFn,
  type SlackViewMiddlewareArgs,
  type ViewSubmitAction,
} from '@slack/bolt';
import { z } from 'zod';
import type { Clock } from '../../lib/clock.js';
import type { Log } from '../../lib/log.js';
import type { ChatAccount, Reply } from '../event.js';
import type { Message } from '../message.js';
import { isActionName } from '../names.js';
import type { ChatPlatform } from '../platform.js';
import { sentenceOf } from '../replies.js';
import { actionIn } from './blocks.js';
import { DIALOG, errorsAt, inputsIn, isSentence, readDialogName } from './dialog-view.js';
import type { Dialogs } from './dialogs.js';
import { accountOf, type Listener } from './listener.js';
import type { SlackMemory } from './memory.js';
import { boltLogger, fetchInTime, type SlackApi } from './slack-api.js';
import { SlackFault } from './slack-fault.js';
import { type Person, type Showing, soon } from './showing.js';
import { authorizeWith, type Workspace, type Workspaces } from './workspaces.js';

/** The callback_id of the global shortcut, as the manifest has it. */
export const UNBLOCK_SHORTCUT = 'unblock';

/** How the app came out of a workspace. */
export type Removal = 'uninstalled' | 'tokens-revoked';

export interface BotParts {
  readonly api: SlackApi;
  readonly workspaces: Workspaces;
  readonly listener: Listener;
  readonly dialogs: Dialogs;
  readonly showing: Showing;
  readonly memory: SlackMemory;
  /** How a copy of a request looks now: in a channel (viewer null), or in this person's direct chat. */
  readonly current: (requestId: string, viewer: ChatAccount | null) => Promise<Message | null>;
  readonly platform: Pick<ChatPlatform, 'update'>;
  /** The app was removed from this workspace or organisation. */
  readonly removed: (place: string, why: Removal) => Promise<void>;
  readonly clock: Clock;
  readonly log: Log;
}

/** Bolt's app on this receiver; its listeners are ours. */
export function slackBot(receiver: Receiver, parts: BotParts): App {
  const { api, workspaces, log } = parts;
  const clientOptions = { ...api.clientOptions, fetch: fetchInTime };
  const app = new App({ receiver, authorize: authorizeWith(workspaces), logger: boltLogger(log), clientOptions });
  const bot = new Bot(parts);
  app.use(once(parts));
  app.command(/.*/, async ({ command, ack, context, respond }) => {
    await ack();
    await bot.command(command, context, respond);
  });
  app.shortcut<GlobalShortcut>({ type: 'shortcut', callback_id: UNBLOCK_SHORTCUT }, async ({ shortcut, ack, context }) => {
    await ack();
    await bot.shortcut(shortcut, context);
  });
  app.action<BlockAction>({ type: 'block_actions' }, async ({ body, ack, context, respond }) => {
    await ack();
    await bot.press(body, context, respond);
  });
  app.view<ViewSubmitAction>({ type: 'view_submission', callback_id: DIALOG }, async ({ body, ack, context }) => bot.submit(body, ack, context));
  app.event('app_home_opened', async ({ event, context, body }) => {
    if (event.tab === 'home') await bot.home(event.user, context, body.event_id);
  });
  app.event('message', async ({ event, context, body }) => bot.words(event, context, body.event_id));
  app.event('app_uninstalled', async ({ context }) => {
    await removed(parts, context, 'uninstalled');
  });
  app.event('tokens_revoked', async ({ event, context }) => {
    // Slack names the bot among them when its own token is; those of people we never ask for.
    if ((event.tokens.bot ?? []).length > 0) await removed(parts, context, 'tokens-revoked');
  });
  app.error((error) => {
    log.error({ err: error }, 'a Slack listener failed');
    return Promise.resolve();
  });
  return app;
}

async function removed({ removed: remove, log }: BotParts, { isEnterpriseInstall, enterpriseId, teamId }: Context, why: Removal): Promise<void> {
  const place = isEnterpriseInstall ? enterpriseId : teamId;
  log.warn({ place, why }, 'the app was taken out of a workspace');
  if (place !== undefined) await remove(place, why);
}

const deliverySchema = z.object({ event_id: z.string().optional(), trigger_id: z.string().optional() });

/** The same delivery again (a retry, a second connection) is acknowledged, and nothing more. */
function once({ memory, clock }: Pick<BotParts, 'memory' | 'clock'>): Middleware<AnyMiddlewareArgs> {
  return async ({ body, next, ...rest }) => {
    const { event_id: eventId, trigger_id: triggerId } = deliverySchema.parse(body);
    const key = eventId ?? triggerId;
    if (key === undefined || (await memory.takeDelivery(`delivery:${key}`, clock()))) { await next(); return; }
    if ('ack' in rest && typeof rest.ack === 'function') await rest.ack();
  };
}

/** Words of a person that have a subtype of their own: beside a file, after /me, from a thread into the chat. */
const WORDS_TOO = ['file_share', 'me_message', 'thread_broadcast'] as const;

/** Of a person, as opposed to what apps post. */
const personsWords = { user: z.string(), text: z.string(), bot_id: z.undefined().optional() };
const inDirectChat = { channel_type: z.literal('im'), channel: z.string() };

/** Words in a direct message, as opposed to joins and the like (which have other subtypes). */
const newWords = z.object({ ...inDirectChat, ...personsWords, subtype: z.enum(WORDS_TOO).optional() });
/** Slack says that a message changed also where only its preview did. */
const changedWords = z
  .object({ ...inDirectChat, subtype: z.literal('message_changed'), message: z.object(personsWords), previous_message: z.object({ text: z.string() }) })
  .refine(({ message, previous_message: before }) => message.text !== before.text)
  .transform(({ channel, message: { user, text }, subtype }) => ({ channel, user, text, subtype }));
const directWords = z.union([newWords, changedWords]);

const MOST_LOOKS = 3;

type AckView = SlackViewMiddlewareArgs<ViewSubmitAction>['ack'];

class Bot {
  readonly #parts: BotParts;

  constructor(parts: BotParts) {
    this.#parts = parts;
  }

  async command(command: { readonly user_id: string; readonly trigger_id: string; readonly text: string }, context: Context, respond: RespondFn | undefined): Promise<void> {
    const { listener, showing } = this.#parts;
    const workspace = await this.#workspace(context);
    const { user_id: userId, trigger_id: triggerId, text } = command;
    const pending = listener.hear({ kind: 'said', from: accountOf(workspace, userId), deliveryId: triggerId, text, opensDialog: true }, workspace);
    await showing.whenReady(pending, { workspace, userId, triggerId, viewId: null, respond: respond ?? null });
  }

  async shortcut({ user, trigger_id: triggerId }: GlobalShortcut, context: Context): Promise<void> {
    const { listener, showing } = this.#parts;
    const workspace = await this.#workspace(context);
    const from = accountOf(workspace, user.id);
    const pending = listener.hear({ kind: 'pressed', from, deliveryId: triggerId, action: 'start-unblock', target: '' }, workspace);
    await showing.whenReady(pending, { workspace, userId: user.id, triggerId, viewId: null, respond: null });
  }

  async press(body: BlockAction, context: Context, respond: RespondFn | undefined): Promise<void> {
    const { listener, showing } = this.#parts;
    const [pressed] = body.actions;
    const action = actionIn(pressed?.action_id ?? '');
    if (pressed?.type !== 'button' || !isActionName(action)) return;
    const workspace = await this.#workspace(context);
    const { trigger_id: triggerId, user, view } = body;
    const pending = listener.hear({ kind: 'pressed', from: accountOf(workspace, user.id), deliveryId: triggerId, action, target: pressed.value ?? '' }, workspace);
    const viewId = view?.type === 'modal' ? view.id : null;
    // Only what stands in a conversation has a place beside it.
    const beside = view === undefined ? (respond ?? null) : null;
    await showing.whenReady(pending, { workspace, userId: user.id, triggerId, viewId, respond: beside });
    const reply = await pending;
    if (reply.kind !== 'form' || isSentence(reply.form)) await this.#bringUpToDate(body, workspace, pressed.value ?? '');
  }

  /** A copy that nobody remembers (a crash can leave one) is put right by the first press on it. */
  async #bringUpToDate({ container, channel, message, user }: BlockAction, workspace: Workspace, requestId: string): Promise<void> {
    const { current, platform, log } = this.#parts;
    if (channel === undefined || message === undefined || container.is_ephemeral === true) return;
    const viewer = channel.id.startsWith('D') ? accountOf(workspace, user.id) : null;
    let shown: Message | null = null;
    for (let look = 0; look < MOST_LOOKS; look += 1) {
      const now = await current(requestId, viewer);
      // What the courier showed meanwhile is newer than what we drew: the last look decides.
      if (now === null || JSON.stringify(now) === JSON.stringify(shown)) return;
      try {
        await platform.update(`${workspace.place}/${channel.id}`, message.ts, now);
      } catch (error) {
        log.warn({ err: error }, 'a copy was not put right; the next press on it tries again');
        return;
      }
      shown = now;
    }
  }

  /** Its answer is the acknowledgement, which must come within three seconds. */
  async submit({ view, user, trigger_id: triggerId }: ViewSubmitAction, ack: AckView, context: Context): Promise<void> {
    const { listener, showing } = this.#parts;
    const name = readDialogName(view.private_metadata);
    if (name === null) { await ack({ response_action: 'clear' }); return; }
    const workspace = await this.#workspace(context);
    const person = { workspace, userId: user.id };
    const { values } = view.state;
    const pending = listener.hear({ kind: 'submitted', from: accountOf(workspace, user.id), deliveryId: triggerId, ...name, inputs: inputsIn(values) }, workspace);
    const reply = await soon(pending);
    if (reply === null) {
      await ack({ response_action: 'update', view: showing.waiting(person).view });
      const late = await pending;
      if (late.kind === 'field-errors') await showing.sentBack(view, late.errors, person);
      else await showing.inDialog(late, { ...person, viewId: view.id });
      return;
    }
    const errors = reply.kind === 'field-errors' ? errorsAt(values, reply.errors) : null;
    if (errors !== null) { await ack({ response_action: 'errors', errors }); return; }
    await this.#answer(reply, ack, { ...person, viewId: view.id });
  }

  async home(userId: string, context: Context, deliveryId: string): Promise<void> {
    const { listener, showing } = this.#parts;
    const workspace = await this.#workspace(context);
    const reply = await listener.hear({ kind: 'looked', from: accountOf(workspace, userId), deliveryId }, workspace);
    await showing.onHome(reply, { workspace, userId });
  }

  async words(event: unknown, context: Context, deliveryId: string): Promise<void> {
    const { listener, showing } = this.#parts;
    const said = directWords.safeParse(event);
    if (!said.success) return;
    const { user: userId, text, channel, subtype } = said.data;
    const workspace = await this.#workspace(context);
    const reply = await listener.hear({ kind: 'said', from: accountOf(workspace, userId), deliveryId, text }, workspace);
    // Who corrects what they wrote is answered only where there is a code in it now.
    if (subtype === 'message_changed' && reply.kind !== 'done') return;
    await showing.inDirectMessage(reply, { workspace, userId, channel });
  }

  async #answer(reply: Reply, ack: AckView, { viewId, ...person }: Person & { readonly viewId: string }): Promise<void> {
    const { dialogs, memory, showing, log } = this.#parts;
    if (reply.kind !== 'form' && sentenceOf(reply) === '') { await ack({ response_action: 'clear' }); return; }
    const shown = showing.drawn(reply, person);
    try {
      await dialogs.remember(person.workspace, viewId, shown);
    } catch (error) {
      log.error({ err: error }, 'a dialog that nobody would empty was not shown');
      // Without an answer it would close, as if all were well.
      await ack({ response_action: 'update', view: showing.notShown(person).view });
      return;
    }
    await ack({ response_action: 'update', view: shown.view });
    if (shown.emptyAt === null) await memory.forgetDialog(viewId);
  }

  async #workspace({ teamId, enterpriseId, isEnterpriseInstall }: Context): Promise<Workspace> {
    const workspace = await this.#parts.workspaces.from({ teamId: teamId ?? null, enterpriseId: enterpriseId ?? null, orgWide: isEnterpriseInstall });
    if (workspace === null) throw new SlackFault('not-installed', 'the app is not installed where this came from');
    return workspace;
  }
}
