// Slack and Teams as one kind of client, so that one story can be played on both, over HTTP: a person has a dialog in front
// of them or none, and reads what stands in their chat.
import type { ActionName } from '../../src/chat/message.js';
import * as slack from './slack-world.js';
import type { View } from './slack-service.js';
import * as teams from './teams-world.js';

export type Name = slack.Name;

export interface ChatClient {
  readonly platform: 'slack' | 'teams';
  /** Opens the dialog that begins a request; what it says. */
  begin(name: Name): Promise<string>;
  /** Presses a button of the newest message; what came of it. */
  press(name: Name, action: ActionName): Promise<string>;
  /** Sends the dialog in front; what came in its place, or beside its fields. */
  submit(name: Name, inputs?: Readonly<Record<string, string>>): Promise<string>;
  /** Presses a button inside of the dialog in front. */
  pressInside(name: Name, action: ActionName): Promise<string>;
  /** The newest message. */
  read(name: Name): Promise<{ readonly text: string; readonly buttons: readonly string[] }>;
  freshCode(name: Name): Promise<string>;
  /** Lets time pass; what is due is done. */
  later(ms: number): Promise<void>;
  /** All that the platform was ever sent to keep. */
  kept(): string;
  close(): Promise<void>;
}

export async function openSlack(): Promise<ChatClient> {
  const world = await slack.SlackWorld.open();
  const inFront = new Map<Name, View>();
  const front = (name: Name): View => inFront.get(name) ?? nothingOpen(name);
  const see = (name: Name, view: View): string => {
    inFront.set(name, view);
    return slack.textOf(view);
  };
  return {
    platform: 'slack',
    begin: async (name) => see(name, slack.viewIn(await world.command(name))),
    press: async (name, action) => {
      const shown = await world.press(name, action, await world.latest(name));
      return 'blocks' in shown ? see(name, shown) : 'body' in shown ? (shown.body.text ?? '') : '';
    },
    submit: async (name, inputs = {}) => {
      const sent = await world.submit(name, front(name), inputs);
      if (sent.kind === 'errors') return Object.values(sent.errors).join('\n');
      return sent.kind === 'view' ? see(name, sent.view) : '';
    },
    pressInside: async (name, action) => see(name, await world.pressIn(name, action, front(name))),
    read: async (name) => {
      const { message } = await world.latest(name);
      return { text: slack.textOf(message), buttons: slack.buttonsOf(message) };
    },
    freshCode: (name) => world.freshCode(name),
    later: (ms) => world.later(ms),
    kept: () => JSON.stringify(world.slack.called('chat.postMessage').concat(world.slack.called('chat.update'))),
    close: () => world.close(),
  };
}

export async function openTeams(): Promise<ChatClient> {
  const world = await teams.TeamsWorld.open();
  const inFront = new Map<Name, teams.Shown>();
  const front = (name: Name): teams.Shown => inFront.get(name) ?? nothingOpen(name);
  const see = (name: Name, shown: teams.Shown): string => {
    if (shown.kind === 'dialog') inFront.set(name, shown);
    return teams.textOf(shown);
  };
  return {
    platform: 'teams',
    begin: async (name) => see(name, await world.press(name, (await world.say(name, 'unblock')).card, 'start-unblock')),
    press: async (name, action) => see(name, await world.press(name, world.latest(name).card, action)),
    submit: async (name, inputs = {}) => see(name, await world.submit(name, front(name), inputs)),
    pressInside: async (name, action) => {
      const dialog = front(name);
      const at = dialog.kind === 'dialog' ? teams.buttonsOf(dialog.card).indexOf(action) : -1;
      if (at < 0) throw new Error(`there is no button ${action} in the dialog`);
      return see(name, await world.submit(name, dialog, {}, at));
    },
    read: (name) => {
      const { card } = world.latest(name);
      return Promise.resolve({ text: teams.textOf(card), buttons: teams.buttonsOf(card) });
    },
    freshCode: (name) => world.freshCode(name),
    later: (ms) => world.later(ms),
    kept: () => JSON.stringify(world.teams.calls.map(({ body }) => body)),
    close: () => world.close(),
  };
}

function nothingOpen(name: Name): never {
  throw new Error(`${name} has no dialog open`);
}
