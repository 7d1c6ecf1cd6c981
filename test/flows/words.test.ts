// What people say to the bot in the chat itself.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Reply } from '../../src/chat/event.js';
import { ENGLISH } from '../../src/chat/english.js';
import { formIn, openWorld, type World } from '../support/world.js';
import { ask, freshCode, openRequest, sentenceIn } from './steps.js';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

function startOf(reply: Reply): string | undefined {
  if (reply.kind !== 'message') throw new Error(`no message came: ${JSON.stringify(reply)}`);
  return reply.message.buttons.find(({ action }) => action === 'start-unblock')?.target;
}

describe('a code typed into the chat', () => {
  it.each<[string, (code: string) => string]>([
    ['as it is', (code) => code],
    ['in two groups', (code) => ` ${code.slice(0, 3)} ${code.slice(3)} `],
    ['with a dash', (code) => `${code.slice(0, 3)}-${code.slice(3)}`],
    ['with a long dash and blanks', (code) => `${code.slice(0, 3)} – ${code.slice(3)}`],
    ['in pairs', (code) => `it is ${code.replace(/(..)(?=.)/g, '$1 ')}!`],
    ['in full-width digits', (code) => code.replace(/\d/g, (digit) => String.fromCodePoint(0xff10 + Number(digit)))],
  ])('%s is not used, and the person is told to delete it', async (_, write) => {
    const code = world.code('emma');
    const reply = await world.say('emma', write(code));
    expect(sentenceIn(reply)).toBe(ENGLISH.say.codeInChat);
    expect(JSON.stringify(reply)).not.toContain(code);
  });

  it('does not work afterwards in the dialog either, for others may have read it; the next one does', async () => {
    expect(await ask(world, 'emma')).toMatchObject({ kind: 'field-errors', errors: { code: ENGLISH.refusal['code-not-accepted']({}) } });
    const next = await freshCode(world, 'emma');
    expect(await openRequest(world, 'emma', { code: next })).toHaveLength(36);
  });

  it.each<[string, (code: string) => string]>([
    ['in pairs', (code) => `it is ${code.replace(/(..)(?=.)/g, '$1 ')}!`],
    ['with a long dash', (code) => `${code.slice(0, 3)}–${code.slice(3)}`],
  ])('%s is spent too', async (_, write) => {
    const code = await freshCode(world, 'liam');
    const lastStep = async () => (await world.parts.authenticators.activeAuthenticator('liam'))?.lastStep ?? 0n;
    const before = await lastStep();
    await world.say('liam', write(code));
    expect(await lastStep()).toBeGreaterThan(before);
  });

  it('costs no try when it was none', async () => {
    for (let number = 0; number < 12; number += 1) await world.say('dana', `call me at ${100_000 + number}`);
    expect((await world.parts.authenticators.activeAuthenticator('dana'))?.tries).toBe(0);
  });
});

describe('any other words', () => {
  it.each(['unblock', 'hello', '', '12345', '1234567', 'on 23-11-26', '12 34 56 78 90 12 34 56', 'A1 12 34 56', '12 34 56 AB', 'my PIN is blocked'])('%p are answered with what the bot is for', async (text) => {
    expect(startOf(await world.say('emma', text))).toBe('');
  });

  it('a challenge that was pasted waits in the dialog', async () => {
    for (const text of ['1603 EBDF 1C8A 2E72', 'unblock 1603-EBDF-1C8A-2E72']) {
      const target = startOf(await world.say('liam', text)) ?? '';
      const form = formIn(await world.press('liam', 'start-unblock', target));
      expect(form.fields.find(({ id }) => id === 'challenge')?.value?.replace(/[^0-9A-F]/g, '')).toBe('1603EBDF1C8A2E72');
    }
  });

  it('open nothing by themselves', async () => {
    expect(await world.parts.database.request.count({ where: { requesterId: 'liam' } })).toBe(0);
  });
});
