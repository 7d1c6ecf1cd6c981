// Payloads as Slack sends them (test/vectors/slack, each with its source), at the real receiver: what comes of each.
import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { newToken } from '../../src/lib/ids.js';
import { eventually, SlackWorld, textOf, viewIn } from '../support/slack-world.js';
import { FORM_TYPE, JSON_TYPE } from './forged-requests.js';

const FOLDER = new URL('../vectors/slack/', import.meta.url);
const record = z.record(z.string(), z.unknown());
const vectorSchema = z.object({
  source: z.array(z.url()).min(1),
  sent: z.enum(['form', 'payload', 'json']).optional(),
  fields: z.record(z.string(), z.string()).optional(),
  payload: record.optional(),
  body: record.optional(),
  headers: z.array(z.record(z.string(), z.string())).optional(),
});
type Vector = z.infer<typeof vectorSchema>;

function vector(name: string): Vector {
  return vectorSchema.parse(JSON.parse(readFileSync(new URL(`${name}.json`, FOLDER), 'utf8')));
}

let world: SlackWorld;
beforeAll(async () => {
  world = await SlackWorld.open();
});
afterAll(() => world.close());

/** The vector with the ids of this test's world in it, and what is new at each delivery. */
async function body(name: string, more: Readonly<Record<string, unknown>> = {}): Promise<string> {
  const { sent, fields, payload, body: whole } = vector(name);
  const [trigger, channel] = [await world.slack.triggerId(world.id('emma')), await world.slack.directChannel(world.id('emma'))];
  const ours = (value: unknown) => JSON.parse(JSON.stringify(value).replaceAll('U00000EMMA', world.id('emma')).replaceAll('D000000001', channel).replaceAll('U000000BOT', 'U0BOT')) as Record<string, unknown>;
  if (sent === 'json') return JSON.stringify({ ...ours(whole), event_id: newToken(), ...more });
  const fresh = { trigger_id: trigger, ...more };
  if (sent === 'form') return new URLSearchParams(z.record(z.string(), z.string()).parse({ ...ours(fields), ...fresh })).toString();
  return new URLSearchParams({ payload: JSON.stringify({ ...ours(payload), ...fresh }) }).toString();
}

const typeOf = (name: string) => (vector(name).sent === 'json' ? JSON_TYPE : FORM_TYPE);
const deliver = async (name: string, more: Readonly<Record<string, unknown>> = {}) => world.send(world.signed(await body(name, more), typeOf(name)));

async function opened(deliver: () => Promise<Response>) {
  const before = world.slack.views.size;
  expect((await deliver()).status).toBe(200);
  await eventually(() => (world.slack.views.size > before ? true : null));
  const view = [...world.slack.views.values()].at(-1);
  if (view === undefined || world.slack.views.size === before) throw new Error('no dialog came');
  return view;
}

const names = readdirSync(FOLDER).map((file) => file.replace('.json', ''));

it.each(names)('%s names the pages that it is taken from', (name) => {
  for (const source of vector(name).source) expect(source).toMatch(/^https:\/\/(docs|api)\.slack\.(dev|com)\//);
});

describe('a command', () => {
  it('opens the dialog, with what was typed behind it', async () => {
    const view = await opened(() => deliver('slash-command'));
    expect(view.blocks.map(({ element }) => element?.initial_value)).toContain('1603 EBDF 1C8A 2E72');
  });

  it('opens it in a workspace of an organisation too', async () => {
    expect((await opened(() => deliver('slash-command-enterprise'))).title?.text).toBe('Unblock my card');
  });
});

describe('a button', () => {
  it.each(['block-actions-message', 'block-actions-home'])('opens its dialog: %s', async (name) => {
    expect((await opened(() => deliver(name))).title?.text).toBe('Unblock my card');
  });

  it('inside a dialog replaces it', async () => {
    const dialog = viewIn(await world.command('liam'));
    const { payload } = vector('block-actions-modal');
    const view = { ...record.parse(payload?.view), id: dialog.id };
    expect((await deliver('block-actions-modal', { view, container: { type: 'view', view_id: dialog.id } })).status).toBe(200);
    await eventually(() => (world.slack.called('views.update').length > 0 ? true : null));
    expect(textOf(world.view(dialog.id))).toContain('This request is gone.');
  });
});

describe('a dialog', () => {
  it('that is sent is answered in the answer', async () => {
    const dialog = viewIn(await world.command('emma'));
    const values = Object.fromEntries(dialog.blocks.flatMap(({ type, block_id: id = '' }) => (type === 'input' ? [[id, { value: { type: 'plain_text_input', value: '12' } }]] : [])));
    const { payload } = vector('view-submission');
    const view = { ...record.parse(payload?.view), id: dialog.id, private_metadata: dialog.private_metadata, state: { values } };
    const answer = await deliver('view-submission', { view });
    expect(await answer.json()).toMatchObject({ response_action: 'errors' });
  });
});

describe('a shortcut', () => {
  it('opens the dialog', async () => {
    expect((await opened(() => deliver('shortcut'))).title?.text).toBe('Unblock my card');
  });
});

describe('what needs no answer', () => {
  it.each(['view-closed', 'message-action', 'event-message-bot', 'event-app-home-messages'])('%s is acknowledged, and nothing comes of it', async (name) => {
    const before = world.slack.calls.length;
    expect((await deliver(name)).status).toBe(200);
    await world.beat();
    expect(world.slack.calls.slice(before).filter(({ method }) => method.startsWith('views.') || method.startsWith('chat.'))).toEqual([]);
  });
});

describe('an event', () => {
  it('with words is answered in the direct chat, once however often it is sent', async () => {
    const channel = await world.slack.directChannel(world.id('emma'));
    const text = await body('event-message-im');
    const before = (await world.slack.messages(channel)).length;
    expect((await world.send(world.signed(text, JSON_TYPE))).status).toBe(200);
    await eventually(async () => ((await world.slack.messages(channel)).length > before ? true : null));
    for (const headers of vector('retry').headers ?? []) {
      world.clock.forward(20_000);
      const again = world.signed(text, JSON_TYPE);
      expect((await world.send({ ...again, headers: { ...again.headers, ...headers } })).status).toBe(200);
    }
    await world.beat();
    expect(await world.slack.messages(channel)).toHaveLength(before + 1);
  });

  it('draws the Home tab', async () => {
    world.slack.homes.delete(world.id('emma'));
    expect((await deliver('event-app-home-opened')).status).toBe(200);
    expect(await eventually(() => world.slack.homes.get(world.id('emma')) ?? null)).toMatchObject({ type: 'home' });
  });

  it('that verifies the address gets its challenge back', async () => {
    const answer = await deliver('url-verification');
    expect(await answer.json()).toEqual({ challenge: vector('url-verification').body?.challenge });
  });

  it.each(['event-tokens-revoked', 'event-app-uninstalled'])('%s is acknowledged', async (name) => {
    expect((await deliver(name)).status).toBe(200);
  });
});
