// The app is given to those who must be asked, through Microsoft Graph, where an administrator allowed it.
import { afterEach, describe, expect, it } from '@jest/globals';
import { examineTeams } from '../../src/app/teams-doctor.js';
import { readConfig } from '../../src/config.js';
import { MINUTE_MS } from '../../src/lib/clock.js';
import { newChallenge } from '../flows/steps.js';
import { CATALOG_APP_ID, type GraphMood } from '../support/teams-service.js';
import { buttonsOf, HELPDESK, teamsEnv, TeamsWorld, textOf } from '../support/teams-world.js';

const NOT_REACHED = 'Asked, but reached in no chat: Dana Weber.';
const GIVES_THE_APP = { TEAMS_CATALOG_APP_ID: CATALOG_APP_ID };

let world: TeamsWorld;
afterEach(() => world.close());

async function open(): Promise<void> {
  world = await TeamsWorld.open({ env: GIVES_THE_APP });
  world.teams.without.add('dana');
}

async function ask(name: string): Promise<void> {
  const dialog = await world.press(name, (await world.say(name, 'unblock')).card, 'start-unblock');
  await world.submit(name, dialog, { challenge: newChallenge(), code: world.code(name), reason: 'PIN forgotten' });
  await world.later(5_000);
}

describe('where the bot may give people the app', () => {
  it('a manager is given it when they are asked, and asked in person', async () => {
    await open();
    await ask('emma');
    expect(world.teams.installs).toEqual([
      { user: 'dana', body: { 'teamsApp@odata.bind': `${world.teams.origin}/graph/v1.0/appCatalogs/teamsApps/${CATALOG_APP_ID}` } },
    ]);
    expect(buttonsOf(world.latest('dana').card)).toContain('approve');
    expect(textOf(world.latest(HELPDESK).card)).not.toContain('reached in no chat');
  });

  it('an app that takes its time to be there is waited for, and installed once', async () => {
    await open();
    world.teams.graph = { status: 201, slow: 1 };
    await ask('emma');
    await world.later(10_000);
    expect(world.teams.installs).toHaveLength(1);
    expect(buttonsOf(world.latest('dana').card)).toContain('approve');
  });

  it('nobody is given it who only asks for themselves', async () => {
    await open();
    await ask('emma');
    world.teams.without.add('emma');
    await world.press('emma', world.latest('emma').card, 'cancel');
    await world.later(MINUTE_MS);
    expect(world.teams.installs.map(({ user }) => user)).toEqual(['dana']);
  });

  it('whatever Microsoft Graph has against it, the channel is asked, and Graph is asked again after five minutes', async () => {
    await open();
    const statuses: readonly GraphMood['status'][] = [403, 404, 503];
    for (const [asked, status] of statuses.entries()) {
      world.teams.graph = { status };
      await ask('emma');
      await world.later(MINUTE_MS);
      expect(textOf(world.latest(HELPDESK).card)).toContain(NOT_REACHED);
      expect(world.teams.installs).toHaveLength(asked + 1);
      await world.press('emma', world.latest('emma').card, 'cancel');
      await world.later(6 * MINUTE_MS);
    }
  });

  it('a 409 means that they have it, and it is opened a little later', async () => {
    await open();
    world.teams.graph = { status: 409, slow: 1 };
    await ask('emma');
    await world.later(10_000);
    expect(buttonsOf(world.latest('dana').card)).toContain('approve');
  });

  it('a 429 is waited for as long as it asks', async () => {
    await open();
    world.teams.graph = { status: 429, retryAfter: 60 };
    await ask('emma');
    world.teams.graph = { status: 201 };
    await world.later(30_000);
    expect(world.teams.installs).toHaveLength(1);
    await world.later(40_000);
    expect(world.teams.installs).toHaveLength(2);
    expect(buttonsOf(world.latest('dana').card)).toContain('approve');
  });
});

describe('the doctor', () => {
  async function findings(): Promise<readonly string[]> {
    const running = world.server?.parts.config;
    const { teams } = readConfig({ ...teamsEnv(world.teams), ...GIVES_THE_APP });
    if (running === undefined || teams === null) throw new Error('no Teams');
    return (await examineTeams(running, teams, world.clock.now)).map(({ state, about, text }) => `${state} ${about}: ${text}`);
  }

  it('says whether Microsoft Graph lets the bot install its app, and names who does not have it', async () => {
    await open();
    expect(await findings()).toContainEqual(expect.stringContaining('ok installing:'));
    expect(await findings()).toContainEqual(expect.stringMatching(/^warning people: .*installed for them when they are asked.*Dana Weber/));
    world.teams.graph = { status: 403 };
    expect(await findings()).toContainEqual(expect.stringContaining('problem installing: Microsoft Graph does not let the bot install its app: grant'));
    world.teams.graph = { status: 404 };
    expect(await findings()).toContainEqual(expect.stringContaining('check TEAMS_CATALOG_APP_ID'));
    world.teams.graph = { status: 503 };
    expect(await findings()).toContainEqual(expect.stringContaining('Microsoft Graph cannot be asked (Microsoft Graph: HTTP 503)'));
  });
});
