// What the doctor finds in a Teams installation.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { examineTeams } from '../../src/app/teams-doctor.js';
import { type Config, readConfig } from '../../src/config.js';
import { HELPDESK, teamsEnv, TeamsWorld } from '../support/teams-world.js';

let world: TeamsWorld;
beforeAll(async () => {
  world = await TeamsWorld.open();
});
afterAll(() => world.close());

async function findings(env: Readonly<Record<string, string>> = {}): Promise<readonly string[]> {
  const running = world.server?.parts.config;
  if (running === undefined) throw new Error('no server');
  const { teams } = readConfig({ ...teamsEnv(world.teams), ...env });
  if (teams === null) throw new Error('no Teams');
  const config: Config = { ...running, publicUrl: env.COUNTERSIGN_PUBLIC_URL ?? running.publicUrl };
  return (await examineTeams(config, teams, world.clock.now)).map(({ state, about, text }) => `${state} ${about}: ${text}`);
}

describe('the doctor', () => {
  it('finds what works, who was not heard of yet, and that Teams needs https', async () => {
    await world.install('dana');
    expect(await findings()).toEqual([
      'ok credentials: Entra gives the bot a token.',
      "ok signing keys: The Bot Connector's signing keys can be read.",
      expect.stringContaining('problem address: Teams sends to https addresses alone'),
      'ok channel: The app is in the helpdesk channel, with 4 people.',
      'ok channel: The app is in the security channel, with 1 people.',
      expect.stringMatching(/^warning people: .*Priya Raman, Sam Ortiz\.$/),
    ]);
  });

  it('says that the secret is wrong, without the secret', async () => {
    const told = await findings({ MicrosoftAppPassword: 'another-secret' });
    expect(told[0]).toContain('the client secret is wrong');
    expect(told.join('\n')).not.toContain('another-secret');
  });

  it('says that the keys cannot be read', async () => {
    expect((await findings({ TEAMS_OPENID_METADATA: 'http://127.0.0.1:9/openid' }))[1]).toContain('problem signing keys');
  });

  it('finds a channel without the app, and one with people of another organisation', async () => {
    expect(await findings({ TEAMS_HELPDESK_CHANNEL: '19:another@thread.tacv2' })).toContainEqual(expect.stringContaining('problem channel: The helpdesk channel cannot be seen'));
    world.teams.addUser('fred', { tenantId: '12345678-8888-4777-8666-555555555555' });
    world.teams.rosters.set(HELPDESK, ['sam', 'fred']);
    expect(await findings()).toContainEqual(expect.stringContaining('problem channel: 1 people of another organisation'));
  });

  it("finds the helpdesk's people who are not in its channel", async () => {
    world.teams.rosters.set(HELPDESK, ['sam']);
    expect(await findings()).toContainEqual(expect.stringMatching(/^warning channel: .*Priya Raman\.$/));
  });
});
