// What is secret stays out of the log, the database and Slack's messages, also where something fails.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newChallenge } from '../flows/steps.js';
import { captureLog } from '../store/captured-log.js';
import { BOT_TOKEN, SIGNING_SECRET, SlackWorld, textOf, viewIn } from '../support/slack-world.js';

const captured = captureLog();
const secrets: string[] = [BOT_TOKEN, SIGNING_SECRET];
let world: SlackWorld;
beforeAll(async () => {
  world = await SlackWorld.open({ log: captured.log });
  const dialog = viewIn(await world.command('emma'));
  const code = world.code('emma');
  world.slack.fail('users.info', 'internal_error');
  await world.command('liam', world.code('liam'));
  await world.submit('emma', dialog, { challenge: newChallenge(), code: '999999', reason: 'x' });
  await world.submit('emma', dialog, { challenge: newChallenge(), code, reason: 'x' });
  world.slack.fail('chat.postMessage', 'internal_error');
  await world.later(30_000);
  const approval = viewIn(await world.press('dana', 'approve', await world.latest('dana')));
  const approval2 = world.code('dana');
  await world.submit('dana', approval, { code: approval2 });
  await world.later(30_000);
  const confirm = viewIn(await world.press('emma', 'show-response', await world.latest('emma')));
  const shown = viewIn(await world.submit('emma', confirm, {}));
  const response = /^[0-9A-F]{16}$/m.exec(textOf(shown))?.[0] ?? '';
  secrets.push(code, approval2, response, response.replace(/(.{4})(?=.)/g, '$1 '));
  world.slack.fail('views.update', 'internal_error');
  await world.later(6 * 60_000);
  await world.send(world.signed('payload={"type":"block_actions"}', 'application/x-www-form-urlencoded'));
  world.slack.tokens.clear();
  await world.command('emma').catch(() => null);
}, 60_000);
afterAll(() => world.close());

describe('a code, a response, a token', () => {
  it('were all there to be told', () => {
    expect(secrets.map((secret) => secret.length > 5)).toEqual(secrets.map(() => true));
    expect(captured.lines.length).toBeGreaterThan(3);
  });

  it('stand in no line of the log', () => {
    const told = secrets.filter((secret) => captured.lines.some((line) => line.includes(secret)));
    expect(told).toEqual([]);
  });

  it('stand in no call to Slack, but for the token that makes it', () => {
    const bodies = world.slack.calls.map(({ body }) => JSON.stringify(body)).join('\n');
    expect(secrets.filter((secret) => bodies.includes(secret))).toEqual([]);
  });

  it('stand in no row', async () => {
    const { database } = world.server?.parts ?? {};
    const rows = [
      await database?.auditEntry.findMany(),
      await database?.notice.findMany(),
      await database?.request.findMany(),
      await database?.slackDelivery.findMany(),
      await database?.slackDialog.findMany(),
      await database?.submission.findMany(),
    ];
    const text = JSON.stringify(rows, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
    expect(secrets.filter((secret) => text.includes(secret))).toEqual([]);
  });
});
