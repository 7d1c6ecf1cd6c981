// The bot is taken out of the helpdesk's channel while a request waits.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newChallenge } from '../flows/steps.js';
import { buttonsOf, SlackWorld, textOf, viewIn } from '../support/slack-world.js';

let world: SlackWorld;
beforeAll(async () => {
  world = await SlackWorld.open();
});
afterAll(() => world.close());

describe('a bot that was removed from the channel', () => {
  it('still asks the manager in person, whose decision everybody else sees', async () => {
    const channel = await world.slack.channelId('helpdesk');
    world.slack.fail('conversations.info', 'channel_not_found');
    const dialog = viewIn(await world.command('emma'));
    viewIn(await world.submit('emma', dialog, { challenge: newChallenge(), code: world.code('emma'), reason: 'PIN forgotten' }));
    await world.beat();
    expect(await world.slack.messages(channel)).toEqual([]);
    const asked = await world.latest('dana');
    expect(buttonsOf(asked.message)).toContain('approve');
    const approval = viewIn(await world.press('dana', 'approve', asked));
    viewIn(await world.submit('dana', approval, { code: world.code('dana') }));
    await world.beat();
    expect(textOf((await world.latest('emma')).message)).toContain('Approved by Dana Weber');
  });

  it('and was invited again is heard there with the next change', async () => {
    const channel = await world.slack.channelId('helpdesk');
    await world.beat();
    expect(textOf((await world.latest({ channel })).message)).toContain('Approved');
    expect(await world.slack.messages(channel)).toHaveLength(1);
  });
});
