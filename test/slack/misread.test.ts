// A misread challenge over Slack: the modal comes back with what was meant, and nothing is asked for until it was compared.
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { View } from '../support/slack-service.js';
import { SlackWorld, textOf, viewIn } from '../support/slack-world.js';

let world: SlackWorld;
beforeAll(async () => {
  world = await SlackWorld.open();
});
afterAll(() => world.close());

const prefilled = (view: View, field: string) => view.blocks.find(({ block_id: id = '' }) => id.startsWith(`${field}.`))?.element?.initial_value;

it('a challenge that was misread comes back repaired, with the reason as it was typed and without the code', async () => {
  const dialog = viewIn(await world.command('emma'));
  const repaired = viewIn(await world.submit('emma', dialog, { challenge: '16O3 EBDF 1C8A 2E72', code: world.code('emma'), reason: 'Holidays' }));
  expect(textOf(repaired)).toContain('I read this as 1603 EBDF 1C8A 2E72');
  expect(['challenge', 'code', 'reason'].map((field) => prefilled(repaired, field))).toEqual(['1603 EBDF 1C8A 2E72', undefined, 'Holidays']);
  await world.beat();
  expect(await world.slack.messages(await world.slack.channelId('helpdesk'))).toEqual([]);
  expect(textOf(viewIn(await world.submit('emma', repaired, { code: world.code('emma') })))).toContain('Your code was accepted');
  await world.beat();
  expect(textOf((await world.latest('dana')).message)).toContain('Holidays');
});
