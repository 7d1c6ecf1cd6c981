// The app manifest, as it lies in the repository and as `countersign manifest slack` fills it in: what Slack takes, and no more.
import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { ValidateFunction } from 'ajv';
import { parse } from 'yaml';
import { UNBLOCK_SHORTCUT } from '../../src/chat/slack/bot.js';
import { SCOPE_NAMES } from '../../src/chat/slack/scopes.js';
import { runCli } from '../../src/cli/countersign.js';
import type { Io } from '../../src/cli/io.js';
import { problemsInManifest } from '../support/slack-manifest-rules.js';
import { manifestSchema } from '../support/slack-schema.js';

const FILE = new URL('../../manifests/slack.yaml', import.meta.url);
const URL_GIVEN = 'https://unblock.example.com';

let isManifest: ValidateFunction;
beforeAll(() => {
  isManifest = manifestSchema();
}, 60_000);

async function run(args: string): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  let [out, err] = ['', ''];
  const io: Io = {
    stdout: (text) => void (out += text),
    stderr: (text) => void (err += text),
    readFile: (path) => readFile(path, 'utf8'),
    readStdin: () => Promise.resolve(''),
  };
  const code = await runCli(['manifest', 'slack', ...args.split(' ').filter((arg) => arg !== '')], io);
  return { code, out, err };
}

async function printed(args: string): Promise<unknown> {
  const { code, out } = await run(args);
  expect(code).toBe(0);
  return parse(out);
}

function expectGood(manifest: unknown): void {
  expect([isManifest(manifest), isManifest.errors]).toEqual([true, null]);
  expect(problemsInManifest(manifest)).toEqual([]);
}

describe('the manifest', () => {
  it.each([`--url ${URL_GIVEN}`, `--url ${URL_GIVEN}/`, '--socket', `--url ${URL_GIVEN} --several`, `--url ${URL_GIVEN} --command /unblock-test`])('is good with %s', async (args) => {
    expectGood(await printed(args));
  });

  it('is good as it lies in the repository', async () => {
    expectGood(parse(await readFile(FILE, 'utf8')));
  });

  it('asks for the scopes that the doctor looks for, and for the shortcut that the bot knows', async () => {
    const manifest = await printed('--socket');
    expect(manifest).toMatchObject({ oauth_config: { scopes: { bot: SCOPE_NAMES } }, features: { shortcuts: [{ callback_id: UNBLOCK_SHORTCUT }] } });
    expect(manifest).not.toHaveProperty('oauth_config.scopes.user');
  });

  it.each([
    ['', '--socket'],
    [`--socket --url ${URL_GIVEN}`, 'one of the two'],
    ['--url http://unblock.example.com', 'https'],
    ['--socket --command unblock', 'slash'],
    ['--socket --several', '--url'],
  ])('is not printed with "%s", and why is said', async (args, words) => {
    expect(await run(args)).toMatchObject({ code: 2, out: '', err: expect.stringContaining(words) });
  });

  it('names one address, and over Socket Mode none', async () => {
    const over = (manifest: unknown) => JSON.stringify(manifest).match(/https?:\/\/[^/"]+/g) ?? [];
    expect(new Set(over(await printed(`--url ${URL_GIVEN} --several`)))).toEqual(new Set([URL_GIVEN]));
    expect(over(await printed('--socket'))).toEqual([]);
    expect(await printed('--socket')).toMatchObject({ settings: { socket_mode_enabled: true } });
    expect(await printed(`--url ${URL_GIVEN}`)).toMatchObject({ settings: { socket_mode_enabled: false } });
  });
});

/** A copy of the manifest with one value changed. */
async function broken(path: readonly (string | number)[], value: unknown): Promise<unknown> {
  const manifest = await printed(`--url ${URL_GIVEN}`);
  let place: unknown = manifest;
  for (const step of path.slice(0, -1)) place = Reflect.get(Object(place), step);
  Reflect.set(Object(place), path.at(-1) ?? '', value);
  return manifest;
}

describe('a manifest with a mistake is refused', () => {
  it.each<[string, readonly (string | number)[], unknown]>([
    ['a name of 36 characters', ['display_information', 'name'], 'x'.repeat(36)],
    ['a description of 141 characters', ['display_information', 'description'], 'x'.repeat(141)],
    ['a colour that is none', ['display_information', 'background_color'], 'blue'],
    ['a command without its slash', ['features', 'slash_commands', 0, 'command'], 'unblock'],
    ['a shortcut with a long name', ['features', 'shortcuts', 0, 'name'], 'x'.repeat(25)],
    ['a property that there is not', ['features', 'home'], true],
    ['an address that is none', ['settings', 'interactivity', 'request_url'], 'unblock.example.com'],
    ['events without an address', ['settings', 'event_subscriptions', 'request_url'], undefined],
    ['a command without an address', ['features', 'slash_commands', 0, 'url'], undefined],
    ['an event twice', ['settings', 'event_subscriptions', 'bot_events'], ['message.im', 'message.im']],
    ['messages without the scope to read them', ['oauth_config', 'scopes', 'bot'], ['commands', 'chat:write']],
  ])('by its own rules: %s', async (_what, path, value) => {
    expect(problemsInManifest(await broken(path, value))).not.toEqual([]);
  });

  it.each<[string, readonly (string | number)[], unknown]>([
    ['a scope that there is not', ['oauth_config', 'scopes', 'bot', 0], 'chat:shout'],
    ['an event that there is not', ['settings', 'event_subscriptions', 'bot_events', 0], 'message.whispered'],
    ['a property that there is not', ['settings', 'socket_mode'], true],
    ['no name', ['display_information'], {}],
  ])('by the type of @slack/web-api: %s', async (_what, path, value) => {
    expect(isManifest(await broken(path, value))).toBe(false);
  });
});
