// What goes out by e-mail beside chat: what happened to cards and codes, never a request's copy.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openMail } from '../../src/app/mail.js';
import { ENGLISH } from '../../src/chat/english.js';
import { GERMAN } from '../../src/chat/german.js';
import { MAIL_LOGIN, type MailServer, startMailServer, wordsOf } from '../support/mail-server.js';
import { formIn, openWorld, type World } from '../support/world.js';
import { approvedRequest, settle } from './steps.js';

let server: MailServer;
let world: World;

beforeAll(async () => {
  server = await startMailServer();
  const config = { host: '127.0.0.1', port: server.port, implicitTls: false, login: MAIL_LOGIN, from: 'countersign@example.com', securityAddress: 'security@example.com' };
  world = await openWorld({ sinks: [openMail(config)] });
});

afterAll(async () => {
  await world.close();
  await server.close();
});

const told = () => server.letters.map(({ to: [to] }) => to).sort();

describe('e-mail', () => {
  let id: string;

  it('carries no copy of a request, whatever becomes of it', async () => {
    id = await approvedRequest(world, 'emma');
    await settle(world);
    expect(world.platform.at('person:dana')).not.toEqual([]);
    expect(server.letters).toEqual([]);
  });

  it('tells of a freeze to the person, the manager and security, in the words of the chat', async () => {
    await world.submit('emma', formIn(await world.press('emma', 'not-me', id)), {});
    await settle(world);
    expect(told()).toEqual(['dana@example.com', 'emma@example.com', 'security@example.com']);
    const mine = server.letters.find(({ to }) => to[0] === 'emma@example.com');
    const { text } = ENGLISH.event['card-frozen']({ person: 'Emma Novak', card: "Emma's card", mine: true });
    expect(mine === undefined ? '' : wordsOf(mine).replaceAll('\n', ' ')).toContain(text);
  });

  it('that the server puts off goes out later, and chat is not told twice', async () => {
    const before = server.letters.length;
    await world.parts.people.keepLocale({ platform: 'playground', tenant: 'local', userId: 'liam' }, 'de-DE');
    server.refuseWith = 451;
    world.clock.forward(30_000); // Dana's code was spent
    const liams = await approvedRequest(world, 'liam');
    await world.submit('liam', formIn(await world.press('liam', 'not-me', liams)), {});
    await settle(world);
    expect(server.letters).toHaveLength(before);
    const posts = world.platform.at('person:liam').length;
    server.refuseWith = null;
    world.clock.forward(10_000);
    await world.beat();
    expect(told()).toContain('liam@example.com');
    expect(world.platform.at('person:liam')).toHaveLength(posts);
  });

  it('is written in the language of who gets it', () => {
    const [liam, dana] = ['liam', 'dana'].map((name) => {
      const letter = server.letters.filter(({ to }) => to[0] === `${name}@example.com`).at(-1);
      return letter === undefined ? '' : wordsOf(letter).replaceAll('\n', ' ');
    });
    expect(liam).toContain('Sie haben „Das war ich nicht“ gemeldet.');
    expect(liam).toContain(GERMAN.say.mailFooter);
    expect(dana).toContain('Liam Okafor said "this was not me".');
    expect(dana).toContain(ENGLISH.say.mailFooter);
  });
});
