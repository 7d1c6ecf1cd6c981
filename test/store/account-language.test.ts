// The language of an account: kept with it, in the place of the directory's, and worth nothing but words.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readPeopleFile } from '../../src/directory/people-file.js';
import { newId } from '../../src/lib/ids.js';
import type { Reply } from '../../src/chat/event.js';
import { GERMAN } from '../../src/chat/german.js';
import { ENGLISH } from '../../src/chat/english.js';
import { openWorld, type World } from '../support/world.js';

let world: World;
beforeAll(async () => {
  world = await openWorld();
  const { people } = readPeopleFile('id,name,e-mail,manager,groups,site,locale\nliam,Liam Okafor,liam@example.com,dana@example.com,,,de-CH\n');
  await world.parts.people.import(people, null);
});
afterAll(() => world.close());

const account = (userId: string) => ({ platform: 'playground' as const, tenant: 'local', userId });
const localeOf = async (id: string) => (await world.parts.people.behind(account(id)))?.locale;

function say(userId: string, locale?: string): Promise<Reply> {
  const event = { kind: 'said', from: account(userId), deliveryId: newId(), text: 'hello' } as const;
  return world.service.conversation(locale === undefined ? event : { ...event, locale });
}

describe("a person's language", () => {
  it("is the directory's until their platform says another", async () => {
    expect(await localeOf('liam')).toBe('de-CH');
    expect(await world.parts.people.accountsOf('liam')).toEqual([{ ...account('liam'), locale: 'de-CH' }]);
    expect(await say('liam')).toMatchObject({ message: { blocks: [{ text: GERMAN.say.welcome.text }] } });
    expect(await say('liam', 'en-GB')).toMatchObject({ message: { blocks: [{ text: ENGLISH.say.welcome.text }] } });
    expect(await localeOf('liam')).toBe('en-GB');
  });

  it('is the last one that the platform said', async () => {
    expect(await localeOf('emma')).toBeNull();
    await say('emma', 'de-DE');
    expect(await world.parts.people.accountsOf('emma')).toEqual([{ ...account('emma'), locale: 'de-DE' }]);
    expect(await say('emma')).toMatchObject({ message: { blocks: [{ text: GERMAN.say.welcome.text }] } });
  });

  it('of a stranger is answered, and kept nowhere', async () => {
    expect(await say('nobody', 'de')).toMatchObject({ message: { blocks: [{ text: GERMAN.refusal.stranger({}) }] } });
    expect(await world.parts.database.chatIdentity.count({ where: { userId: 'nobody' } })).toBe(0);
  });

  it('is no part of what an account is: changing it in the database changes words alone', async () => {
    await world.parts.database.chatIdentity.updateMany({ where: { personId: 'dana' }, data: { locale: 'de' } });
    expect((await world.parts.people.behind(account('dana')))?.id).toBe('dana');
    expect(await say('dana')).toMatchObject({ message: { blocks: [{ text: GERMAN.say.welcome.text }] } });
  });
});
