// The numbers of a month: told once, to whoever leads the helpdesk, and with nobody's name in them.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openMail } from '../../src/app/mail.js';
import { ENGLISH } from '../../src/chat/english.js';
import { DAY_MS, HOUR_MS } from '../../src/lib/clock.js';
import { readNumbers } from '../../src/store/numbers.js';
import { parseNumbers } from '../../src/unblock/numbers.js';
import { MAIL_LOGIN, type MailServer, startMailServer, wordsOf } from '../support/mail-server.js';
import { openWorld, type World } from '../support/world.js';
import { answeredRequest, freshCode, later, openRequest, reimport, settle, textOf } from './steps.js';

const NAMES = /Emma|Liam|Dana|PIN forgotten|CARD-/;
let server: MailServer;
let world: World;
let other: World;

beforeAll(async () => {
  server = await startMailServer();
  const config = { host: '127.0.0.1', port: server.port, implicitTls: false, login: MAIL_LOGIN, from: 'countersign@example.com', securityAddress: null };
  world = await openWorld({ sinks: [openMail(config)] });
  other = await openWorld({ beside: world, sinks: [openMail(config)] });
});
afterAll(async () => {
  await other.close();
  await world.close();
  await server.close();
});

/** By whichever of the two processes. */
const told = (place: string) => [...world.platform.at(place), ...other.platform.at(place)].filter(({ title }) => title.startsWith('Unblocked cards'));

describe('the numbers of June', () => {
  it('come on the first working morning of July, and not before', async () => {
    const worked = await answeredRequest(world, 'emma');
    await world.press('emma', 'it-worked', worked);
    const cancelled = await openRequest(world, 'liam');
    await world.press('liam', 'cancel', cancelled);
    await later(world, 29 * DAY_MS + 22 * HOUR_MS); // 1 July, 07:00
    expect(told('channel:helpdesk')).toEqual([]);
    world.clock.forward(HOUR_MS);
    await Promise.all([other.beat(), world.beat(), other.beat(), world.beat()]);
    await settle(world);
    expect(told('channel:helpdesk')).toHaveLength(1);
    expect(await world.parts.database.notice.count({ where: { kind: 'monthly-numbers' } })).toBe(1);
  });

  it('say how much, how fast and how well, and name nobody', async () => {
    const [message] = told('channel:helpdesk');
    const numbers = await readNumbers(world.parts, '2026-06', 'UTC');
    expect(numbers).toMatchObject({ requests: 2, answered: 1, firstTime: 1, cancelled: 1, assisted: 0 });
    expect(message?.title).toBe('Unblocked cards: June 2026');
    expect(message === undefined ? '' : textOf(message)).toBe(ENGLISH.numbers.lines(numbers ?? parseNumbers({})).join('\n'));
    expect(JSON.stringify(message)).not.toMatch(NAMES);
  });

  it('come once, however often the bot starts anew', async () => {
    const third = await openWorld({ beside: world });
    try {
      await third.beat();
      await later(world, 3 * DAY_MS);
      await third.beat();
    } finally {
      await third.close();
    }
    expect(told('channel:helpdesk')).toHaveLength(1);
    expect(await world.parts.database.notice.count({ where: { kind: 'monthly-numbers' } })).toBe(1);
  });
});

describe('the numbers of July', () => {
  it('go to the lead in person and by e-mail, and not to the manager of who asked', async () => {
    await reimport(world, ['sam,Sam Ortiz,sam@example.com,,helpdesk;helpdesk-leads,,']);
    await openRequest(world, 'emma', { code: await freshCode(world, 'emma') });
    const letters = server.letters.length;
    await later(world, 33 * DAY_MS); // 6 August: the bot had been away on the 3rd
    // The letter may be in the hands of either.
    await settle(world);
    await settle(other);
    expect(told('person:sam')).toHaveLength(1);
    expect(told('channel:helpdesk')).toHaveLength(1);
    for (const place of ['person:dana', 'person:emma', 'person:priya']) expect(told(place)).toEqual([]);
    const [letter] = server.letters.slice(letters).filter(({ raw }) => raw.includes('Unblocked cards: July 2026'));
    expect(letter?.to).toEqual(['sam@example.com']);
    expect(letter === undefined ? '' : wordsOf(letter)).toContain('Requests: 1.');
    expect(letter?.raw).not.toMatch(NAMES);
  });
});

describe('a new installation', () => {
  it('has nothing to tell of the month before it', async () => {
    const fresh = await openWorld();
    try {
      await settle(fresh); // 1 June, 09:00: a working morning
      expect(fresh.platform.at('channel:helpdesk')).toEqual([]);
    } finally {
      await fresh.close();
    }
  });
});
