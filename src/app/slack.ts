// Puts Slack together: its calls, its workspaces, what it draws, and the way in over HTTP or Socket Mode.
import { Router } from 'express';
import { requestMessage } from '../chat/courier.js';
import type { ChatAccount } from '../chat/event.js';
import type { Languages } from '../chat/languages.js';
import type { Message } from '../chat/message.js';
import type { Newcomers } from '../chat/newcomers.js';
import { slackBot } from '../chat/slack/bot.js';
import { Dialogs } from '../chat/slack/dialogs.js';
import { HeldErrands } from '../chat/slack/held.js';
import { InstalledWorkspaces } from '../chat/slack/install.js';
import { Listener } from '../chat/slack/listener.js';
import { Members } from '../chat/slack/members.js';
import { SlackPlatform } from '../chat/slack/platform.js';
import { type SlackReceiver, slackReceiver } from '../chat/slack/receivers.js';
import { Showing } from '../chat/slack/showing.js';
import { SlackApi } from '../chat/slack/slack-api.js';
import { SlackFault } from '../chat/slack/slack-fault.js';
import { oneWorkspace, type Workspaces } from '../chat/slack/workspaces.js';
import type { SlackConfig } from '../config-slack.js';
import { PrismaSlack } from '../store/slack.js';
import { actsFor, roleOf } from '../unblock/standing.js';
import type { ChatSide } from './chat-side.js';
import type { Parts } from './parts.js';
import { StartProblem } from './problem.js';
import { everyHour, type Service, languagesOf } from './service.js';

/** Throws a StartProblem when Slack does not take the bot token or does not answer. */
export async function openSlack(parts: Parts, config: SlackConfig): Promise<ChatSide> {
  const { clock, log, database, rowMac, vault } = parts;
  const memory = new PrismaSlack({ database, rowMac, vault, clock });
  const api = new SlackApi({ apiUrl: config.apiUrl, clock, log });
  const { workspaces, home, installRoutes } = await openWorkspaces(parts, config, { memory, api });
  const languages = languagesOf(parts);
  const members = new Members(api, workspaces, clock);
  const dialogs = new Dialogs({ api, workspaces, memory, languages, clock, log });
  const held = new HeldErrands(clock, log);
  const platform = new SlackPlatform({ api, workspaces, members, channels: config.channels, home, clock });
  const receiver = slackReceiver({ ...config, memory, api, clock, log });
  const join = (service: Service): void => {
    const { conversation } = service;
    const listener = new Listener({ conversation, members, languages, log });
    const wordsFor = ({ tenant, userId }: ChatAccount) => languages.speechFor(members.localeOf(tenant, userId)).words;
    const showing = new Showing({ api, dialogs, held, wordsFor, clock, log });
    const current = (requestId: string, viewer: ChatAccount | null) => currentCopy({ parts, service, languages }, requestId, viewer);
    slackBot(receiver, { api, workspaces, listener, dialogs, showing, memory, current, platform, removed: (place, why) => memory.removeInstallation(place, why), clock, log });
  };
  return {
    platform,
    newcomers: config.linkByEmail ? newcomersOf(parts, members) : null,
    chores: { 'slack replies': () => held.sendDue(), 'slack dialogs': () => dialogs.emptyDue(), 'slack sweep': everyHour(clock, () => memory.sweep()) },
    routes(service) {
      join(service);
      return Router().use(receiver.routes(), installRoutes);
    },
    start: () => startReceiver(receiver),
    async stop() {
      await receiver.stop();
      await held.giveUp();
    },
  };
}

/** Null for who has nothing to do with the request. */
async function currentCopy(
  { parts, service, languages }: { readonly parts: Parts; readonly service: Service; readonly languages: Languages },
  requestId: string,
  viewer: ChatAccount | null,
): Promise<Message | null> {
  const person = viewer === null ? null : await parts.people.behind(viewer);
  const picture = viewer !== null && person === null ? null : await service.desk.picture(requestId, person?.id ?? null);
  if (picture === null) return null;
  const { request, people } = picture;
  const concerned = person === null || actsFor(request, people, person.id) || roleOf(request, people, person.id) !== null;
  return concerned ? requestMessage(picture, person?.id ?? null, languages.speechFor(person?.locale)) : null;
}

interface Opened {
  readonly workspaces: Workspaces;
  /** The workspace of a channel that is named without one. */
  readonly home: string | null;
  readonly installRoutes: Router;
}

async function openWorkspaces(parts: Parts, config: SlackConfig, { memory, api }: { readonly memory: PrismaSlack; readonly api: SlackApi }): Promise<Opened> {
  const { botToken, oauth, apiUrl } = config;
  if (oauth !== null) {
    const { clock, log, config: { publicUrl } } = parts;
    const workspaces = new InstalledWorkspaces({ oauth, publicUrl, apiUrl, installations: memory, api, clock, log });
    return { workspaces, home: null, installRoutes: workspaces.routes() };
  }
  try {
    const workspaces = await oneWorkspace(botToken ?? '', api);
    return { workspaces, home: workspaces.only.tenant, installRoutes: Router() };
  } catch (error) {
    throw toStartProblem(error, 'SLACK_BOT_TOKEN');
  }
}

/** By the e-mail address that Slack has confirmed; their one-time code decides. */
function newcomersOf({ people, stepUp, clock }: Parts, members: Members): Newcomers {
  return {
    stepUp,
    clock,
    async candidate({ platform, tenant, userId }) {
      if (platform !== 'slack') return null;
      const { full, email } = await members.find(tenant, userId);
      const person = full && email !== null ? await people.findByEmail(email) : null;
      return person?.active === true ? person : null;
    },
    bind: (account, spend, at) => people.bind(account, spend, at),
  };
}

async function startReceiver(receiver: SlackReceiver): Promise<void> {
  try {
    await receiver.start();
  } catch (error) {
    throw toStartProblem(error, 'SLACK_APP_TOKEN');
  }
}

function toStartProblem(error: unknown, variable: string): StartProblem {
  const refused = error instanceof SlackFault && error.code === 'refused';
  const sentence = refused
    ? `Slack does not take ${variable} (${error.reason}): copy it again from the app's pages, and run countersign doctor.`
    : `Slack cannot be reached with ${variable}: check that this machine may call https://slack.com, and run countersign doctor.`;
  return new StartProblem(sentence, { cause: error });
}
