// One person on Slack and on Teams is one person: they see the same request on both, and cannot approve for themselves.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { newChallenge } from '../flows/steps.js';
import { SlackWorld, textOf as slackTextOf, viewIn, buttonsOf as slackButtonsOf } from '../support/slack-world.js';
import { TeamsService } from '../support/teams-service.js';
import { HELPDESK, NAMES, teamsEnv, TeamsWorld, textOf } from '../support/teams-world.js';

let service: TeamsService;
let slack: SlackWorld;
let teams: TeamsWorld;
beforeAll(async () => {
  service = await TeamsService.open(NAMES);
  service.rosters.set(HELPDESK, ['sam', 'priya', 'emma']);
  slack = await SlackWorld.open({ env: { ...teamsEnv(service), TEAMS_LINK_BY_EMAIL: 'yes' } });
  teams = TeamsWorld.beside(service, slack);
});
afterAll(async () => {
  await slack.close();
  await service.close();
});

/** Who is known from Slack links their account in Teams too. */
async function link(name: 'emma' | 'liam' | 'dana' | 'sam'): Promise<void> {
  const dialog = await teams.press(name, (await teams.say(name, 'hello')).card, 'link-account');
  expect(textOf(await teams.submit(name, dialog, { code: teams.code(name) }))).toContain('This account is yours now');
}

describe('one person on two platforms', () => {
  it('asks in Teams, and sees how it stands in both', async () => {
    for (const name of ['emma', 'dana', 'sam'] as const) await link(name);
    await teams.later(60_000);
    const dialog = await teams.press('emma', (await teams.say('emma', 'unblock')).card, 'start-unblock');
    await teams.submit('emma', dialog, { challenge: newChallenge(), code: teams.code('emma'), reason: 'PIN forgotten' });
    await teams.later(2_000);
    expect(textOf(teams.latest('emma').card)).toContain('Waiting for Dana Weber');
    expect(slackTextOf((await slack.latest('emma')).message)).toContain('Waiting for Dana Weber');
  });

  it('cannot approve their own request on the other one', async () => {
    const target = targetIn(teams.latest('dana').card.actions[0]?.data);
    const forged = await teams.invoke('emma', 'task/fetch', { data: { kind: 'pressed', action: 'approve', target } });
    expect(textOf(forged)).not.toBe('');
    expect(JSON.stringify(forged)).not.toContain('"form":"approve"');
    const view = viewIn(await slack.press('dana', 'approve', await slack.latest('dana')));
    const refused = await slack.submit('emma', view, { code: await slack.freshCode('emma') });
    expect(JSON.stringify(refused)).not.toContain('recorded');
    const request = await slack.server?.parts.database.request.findFirst({ where: { requesterId: 'emma' } });
    expect(request?.state).toBe('awaiting-approval');
  });

  it('is asked on both, approves on one, and both say so', async () => {
    expect(slackButtonsOf((await slack.latest('dana')).message)).toEqual(['approve', 'deny', 'not-my-report']);
    const approval = await teams.press('dana', teams.latest('dana').card, 'approve');
    expect(await teams.submit('dana', approval, { code: await teams.freshCode('dana') })).toEqual({ kind: 'words', text: 'Your approval was recorded.' });
    await teams.later(2_000);
    for (const shown of [textOf(teams.latest('emma').card), slackTextOf((await slack.latest('emma')).message)]) expect(shown).toContain('Approved by Dana Weber');
    expect(slackButtonsOf((await slack.latest('dana')).message)).not.toContain('approve');
    expect(textOf(teams.latest(HELPDESK).card)).toContain('Approved');
  });
});

describe('an agent on two platforms', () => {
  it('who asks for a caller in Teams cannot approve it on Slack, nor in Teams, and the caller hears of it on both', async () => {
    await link('liam');
    await teams.later(60_000);
    const picker = await teams.press('sam', (await teams.say('sam', 'hello')).card, 'help-caller');
    const dialog = await teams.submit('sam', picker, { person: teams.user('liam').objectId });
    await teams.submit('sam', dialog, { challenge: newChallenge(), code: await teams.freshCode('liam'), reason: 'PIN forgotten' });
    await teams.later(5_000);
    const asked = await slack.latest({ channel: await slack.slack.channelId('helpdesk') });
    expect(slackTextOf(asked.message)).toContain('Liam Okafor');
    expect(await slack.press('sam', 'approve', asked)).toMatchObject({ body: { text: expect.stringContaining('You cannot decide this request') } });
    const request = await slack.server?.parts.database.request.findFirstOrThrow({ where: { requesterId: 'liam' } });
    const forged = await teams.invoke('sam', 'task/fetch', { data: { kind: 'pressed', action: 'approve', target: request?.id } });
    expect(textOf(forged)).toContain('You cannot decide this request');
    expect(request?.state).toBe('awaiting-approval');
    const told = [
      teams.teams.at('a:liam').map(({ card }) => textOf(card)).join('\n'),
      (await slack.slack.messages(await slack.slack.directChannel(slack.id('liam')))).map(slackTextOf).join('\n'),
    ];
    for (const words of told) expect(words).toContain('with a code that you read out');
  });
});

function targetIn(data: unknown): string {
  return z.looseObject({ target: z.string() }).parse(data).target;
}
