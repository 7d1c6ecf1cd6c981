// The courier on a real outbox: every copy ends up true, whatever the platforms and the other couriers do.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Courier, type CourierParts } from '../../src/chat/courier.js';
import { ENGLISH } from '../../src/chat/english.js';
import type { Message } from '../../src/chat/message.js';
import { type ChatPlatform, Undeliverable } from '../../src/chat/platform.js';
import { languagesWith } from '../../src/chat/languages.js';
import { DAY_MS, SECOND_MS } from '../../src/lib/clock.js';
import { newId } from '../../src/lib/ids.js';
import { PrismaOutbox } from '../../src/store/outbox.js';
import { actionsOf, approve, deny, newChallenge, openRequest, textOf } from '../flows/steps.js';
import { captureLog } from '../store/captured-log.js';
import { formIn, openWorld, RecordingPlatform, type World } from '../support/world.js';

const ROUNDS = 10;
const PLACES = ['person:emma', 'person:dana', 'channel:helpdesk'];

const captured = captureLog();
let world: World;
let platform: RecordingPlatform;
beforeAll(async () => {
  world = await openWorld();
  // Nothing is carried but by the couriers of the tests.
  await world.service.stop();
});
afterAll(() => world.close());
beforeEach(async () => {
  platform = new RecordingPlatform();
  await world.parts.database.notice.deleteMany();
  await passTime(DAY_MS);
});

async function passTime(ms: number): Promise<void> {
  await world.parts.sequencer.sequence();
  world.clock.forward(ms);
}

/** A courier as another process would have it. */
function newCourier(more: Partial<CourierParts> = {}): Courier {
  const now = () => world.clock.now().getTime();
  return new Courier({
    outbox: new PrismaOutbox(world.parts.database, newId()),
    platforms: [platform],
    accountsOf: (personId) => Promise.resolve([{ platform: 'playground', tenant: 'local', userId: personId, locale: null }]),
    picture: (id, viewerId) => world.service.desk.picture(id, viewerId),
    namesFor: () => Promise.resolve({ person: 'Emma', card: "Emma's card" }),
    languages: languagesWith('en', 'UTC', now),
    clock: world.clock.now,
    log: captured.log,
    ...more,
  });
}

async function openEmma(): Promise<string> {
  await passTime(30 * SECOND_MS);
  return openRequest(world, 'emma');
}

async function nextCode(personId: string): Promise<string> {
  await passTime(30 * SECOND_MS);
  return world.code(personId);
}

async function cancelEmma(id: string): Promise<void> {
  await world.press('emma', 'cancel', id);
}

function copies(address: string): readonly { message: Message; updates: number }[] {
  return [...platform.posts.values()].filter((posted) => posted.address === address);
}

describe('the courier', () => {
  it('posts one copy to each who has to see the request', async () => {
    const id = await openEmma();
    expect(await newCourier().deliver()).toBe(3);
    expect(PLACES.map((place) => copies(place).length)).toEqual([1, 1, 1]);
    expect(platform.posts.size).toBe(3);
    await cancelEmma(id);
  });

  it.each([
    ['has a fault', () => new Error('Entra gives no token')],
    ['may never be written to', () => new Undeliverable('no such address')],
  ])('writes on one platform while another, asked for the address, %s', async (_, fault) => {
    const id = await openEmma();
    const broken: ChatPlatform = { name: 'teams', addressOf: () => Promise.reject(fault()), post: () => Promise.reject(fault()), update: () => Promise.reject(fault()) };
    const accountsOf = (userId: string) => Promise.resolve((['playground', 'teams'] as const).map((name) => ({ platform: name, tenant: 'local', userId, locale: null })));
    await newCourier({ platforms: [broken, platform], accountsOf }).deliver();
    expect(PLACES.map((place) => copies(place).length)).toEqual([1, 1, 1]);
    await cancelEmma(id);
  });

  it('writes to a person in the language of each platform, and to a channel in the default', async () => {
    const id = await openEmma();
    const teams = new RecordingPlatform();
    const german = languagesWith('de', 'UTC', () => world.clock.now().getTime()).byDefault.words;
    const elsewhere: ChatPlatform = { name: 'teams', addressOf: (to) => teams.addressOf(to), post: (address, message) => teams.post(address, message), update: (address, copy, message) => teams.update(address, copy, message) };
    const locales = { playground: 'de-DE', teams: 'en-US' } as const;
    const accountsOf = (userId: string) => Promise.resolve((['playground', 'teams'] as const).map((name) => ({ platform: name, tenant: 'local', userId, locale: locales[name] })));
    await newCourier({ platforms: [elsewhere, platform], accountsOf }).deliver();
    expect(textOf(platform.latest('person:dana'))).toContain(german.say.state.awaiting);
    expect(textOf(teams.latest('person:dana'))).toContain(ENGLISH.say.state.awaiting);
    expect(textOf(platform.latest('channel:helpdesk'))).toContain(ENGLISH.say.state.awaiting);
    await cancelEmma(id);
  });

  it('makes one update of five changes', async () => {
    const id = await openEmma();
    const courier = newCourier();
    await courier.deliver();
    for (let change = 1; change <= 4; change += 1) {
      await passTime(30 * SECOND_MS);
      const form = formIn(await world.press('emma', 'give-new-challenge', id));
      await world.submit('emma', form, { challenge: newChallenge(), code: world.code('emma') });
    }
    await deny(world, 'sam', id);
    await courier.deliver();
    for (const place of PLACES) {
      expect(copies(place)).toHaveLength(1);
      expect(copies(place)[0]?.updates).toBe(1);
      expect(textOf(platform.latest(place))).toContain('Denied by Sam Ortiz');
    }
    expect(await courier.deliver()).toBe(0);
  });

  it('draws what is true when it sends, not what was true when it was told', async () => {
    const id = await openEmma();
    await cancelEmma(id);
    await newCourier().deliver();
    for (const place of PLACES) expect(textOf(platform.latest(place))).toContain('Cancelled by the person who asked.');
    expect(actionsOf(platform.latest('person:dana'))).toEqual([]);
  });

  it('leaves nothing half told: every copy of an ended request says how it ended, without a button to decide', async () => {
    const courier = newCourier();
    const ended: string[] = [];
    for (const end of ['cancelled', 'denied'] as const) {
      const id = await openEmma();
      await courier.deliver();
      await (end === 'denied' ? deny(world, 'sam', id) : cancelEmma(id));
      ended.push(id);
    }
    await courier.deliver();
    const notices = await world.parts.database.notice.findMany({ where: { requestId: { in: ended } } });
    expect(notices.filter(({ sent, wanted }) => sent !== wanted)).toEqual([]);
    for (const { message } of platform.posts.values()) expect(actionsOf(message).filter((action) => action !== 'not-me')).toEqual([]);
  });
});

describe('a platform that is down', () => {
  it('loses nothing: everything is told when it is back, and later each time it is not', async () => {
    const id = await openEmma();
    const courier = newCourier();
    platform.down = true;
    expect(await courier.deliver()).toBe(0);
    expect(captured.lines.join('\n')).toContain('will be tried again');
    platform.down = false;
    expect(await courier.deliver()).toBe(0);
    world.clock.forward(2 * SECOND_MS - 1);
    expect(await courier.deliver()).toBe(0);
    world.clock.forward(1);
    expect(await courier.deliver()).toBe(3);
    expect(platform.posts.size).toBe(3);
    await cancelEmma(id);
  });

  it('is asked less and less often, but every five minutes at least', async () => {
    const id = await openEmma();
    const courier = newCourier();
    platform.down = true;
    const waits: number[] = [];
    for (let failure = 0; failure < 10; failure += 1) {
      await courier.deliver();
      const [notice] = await world.parts.database.notice.findMany({ where: { requestId: id } });
      const wait = (notice?.nextAttemptAt.getTime() ?? 0) - world.clock.now().getTime();
      waits.push(wait / SECOND_MS);
      world.clock.forward(wait);
    }
    expect(waits).toEqual([2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
    platform.down = false;
    await courier.deliver();
    expect(copies('person:emma')).toHaveLength(1);
    await world.parts.sequencer.sequence();
    await cancelEmma(id);
  });

  it('does not keep another platform from being told', async () => {
    const id = await openEmma();
    const other = new RecordingPlatform();
    const slack: ChatPlatform = {
      name: 'slack',
      addressOf: (recipient) => other.addressOf(recipient),
      post: (address, message) => other.post(address, message),
      update: (address, messageId, message) => other.update(address, messageId, message),
    };
    platform.down = true;
    const courier = newCourier({ platforms: [platform, slack] });
    await courier.deliver();
    platform.down = false;
    world.clock.forward(2 * SECOND_MS);
    await courier.deliver();
    expect(copies('channel:helpdesk')).toHaveLength(1);
    expect(other.at('channel:helpdesk')).toHaveLength(1);
    await cancelEmma(id);
  });
});

describe('a message that was deleted', () => {
  it('is posted anew with the next change, and updated from then on', async () => {
    const id = await openEmma();
    const courier = newCourier();
    await courier.deliver();
    platform.posts.clear();
    await approve(world, 'dana', id, await nextCode('dana'));
    await courier.deliver();
    expect(PLACES.map((place) => copies(place).length)).toEqual([1, 1, 1]);
    await deny(world, 'sam', id);
    await courier.deliver();
    expect(PLACES.map((place) => copies(place)[0]?.updates)).toEqual([1, 1, 1]);
  });
});

describe('two couriers', () => {
  it('never post a second copy, however often they go at the same moment', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      await passTime(DAY_MS);
      const id = await openEmma();
      await Promise.all([newCourier().deliver(), newCourier().deliver(), newCourier().deliver()]);
      await cancelEmma(id);
      await Promise.all([newCourier().deliver(), newCourier().deliver()]);
    }
    expect(PLACES.map((place) => copies(place).length)).toEqual([ROUNDS, ROUNDS, ROUNDS]);
  });

  it('leave a notice to the one who claimed it, until that one has been silent for half a minute', async () => {
    const id = await openEmma();
    const silent = new PrismaOutbox(world.parts.database, newId());
    expect(await silent.claim(world.clock.now(), 20)).toHaveLength(3);
    expect(await newCourier().deliver()).toBe(0);
    world.clock.forward(30 * SECOND_MS - 1);
    expect(await newCourier().deliver()).toBe(0);
    world.clock.forward(1);
    expect(await newCourier().deliver()).toBe(3);
    await cancelEmma(id);
  });

  it('see to it that a change during a delivery is told too', async () => {
    const id = await openEmma();
    const courier = newCourier();
    const meanwhile = platform.post.bind(platform);
    let cancelled: Promise<void> | null = null;
    platform.post = async (address, message) => {
      cancelled ??= cancelEmma(id);
      await cancelled;
      return meanwhile(address, message);
    };
    await courier.deliver();
    await courier.deliver();
    for (const place of PLACES) expect(textOf(platform.latest(place))).toContain('Cancelled by the person who asked.');
  });
});

describe('a recipient whom no platform reaches', () => {
  it('holds nothing up', async () => {
    const id = await openEmma();
    platform.addressOf = (recipient) => Promise.resolve(recipient.kind === 'channel' ? null : `person:${recipient.userId}`);
    expect(await newCourier().deliver()).toBe(3);
    expect(platform.posts.size).toBe(2);
    expect(captured.lines.join('\n')).toContain('no chat platform reaches this recipient');
    await cancelEmma(id);
  });
});

describe('a request that is gone', () => {
  it('is told to nobody, and its notices end', async () => {
    const id = await openEmma();
    const courier = newCourier({ picture: () => Promise.resolve(null) });
    await courier.deliver();
    expect(platform.posts.size).toBe(0);
    expect(await newCourier().deliver()).toBe(0);
    await cancelEmma(id);
  });
});
