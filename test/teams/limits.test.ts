// What Teams takes in one conversation, the size of what it takes, tokens that end early, and a process that leaves.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { MINUTE_MS } from '../../src/lib/clock.js';
import { readPeopleFile } from '../../src/directory/people-file.js';
import { newChallenge } from '../flows/steps.js';
import { TENANT } from '../support/teams-service.js';
import { HELPDESK, TeamsWorld, textOf } from '../support/teams-world.js';

let world: TeamsWorld;
beforeEach(async () => {
  world = await TeamsWorld.open();
});
afterEach(() => world.close());

async function ask(name: string): Promise<void> {
  const dialog = await world.press(name, (await world.say(name, 'unblock')).card, 'start-unblock');
  await world.submit(name, dialog, { challenge: newChallenge(), code: world.code(name), reason: 'PIN forgotten' });
}

/** Words of ten different messages, sent as fast as they can be. */
async function chatter(name: string): Promise<void> {
  const messages = Array.from({ length: 10 }, () => world.activity(name, { type: 'message', text: 'hello' }));
  await Promise.all(messages.map((message) => world.send(message)));
}

describe("the platform's table", () => {
  it('is kept by our own counting: Teams never has to refuse', async () => {
    await chatter('emma');
    expect(world.teams.at('a:emma')).toHaveLength(7);
    await world.later(60_000);
    await ask('liam');
    for (let second = 0; second < 20; second += 1) await world.later(1_000);
    expect(world.teams.refusedByTable).toBe(0);
  });

  it('holds a copy back that finds no room, and loses nothing of it', async () => {
    const dialog = await world.press('emma', (await world.say('emma', 'unblock')).card, 'start-unblock');
    await chatter('emma');
    await world.submit('emma', dialog, { challenge: newChallenge(), code: world.code('emma'), reason: 'PIN forgotten' });
    await world.beat();
    const waiting = () => world.teams.at('a:emma').filter(({ card }) => textOf(card).includes('Waiting for Dana Weber'));
    expect(waiting()).toEqual([]);
    await world.later(10_000);
    await world.later(30_000);
    expect(waiting()).toHaveLength(1);
    expect(world.teams.refusedByTable).toBe(0);
  });
});

describe('the whole tenant', () => {
  it('is called thirty times a second at most, and nobody is forgotten', async () => {
    const crowd = Array.from({ length: 60 }, (_, at) => world.teams.addUser(`colleague${at}`).name);
    // Half of them were heard of, so that looking them up has a part in it.
    for (const [at, name] of crowd.entries()) {
      await world.install(name);
      if (at % 10 === 9) world.clock.forward(1_000);
    }
    world.clock.forward(MINUTE_MS);
    await Promise.all(crowd.map((name) => world.send(world.activity(name, { type: 'message', text: 'hello' }))));
    expect(world.teams.refusedByTable).toBe(0);
  });
});

describe('an answer to words', () => {
  it.each([429, 412, 502, 504])('that a %i holds up is posted a moment later', async (status) => {
    world.teams.troubles.push({ status: 200, through: true }, { status, retryAfter: 0.05 });
    const response = await world.send(world.activity('emma', { type: 'message', text: 'hello' }));
    expect(response.status).toBe(200);
    await world.server?.stop();
    expect(world.teams.at('a:emma')).toHaveLength(1);
    await world.start();
  });
});

describe('a process that is asked to leave', () => {
  it('posts what waits for room, and takes nothing more', async () => {
    world.teams.troubles.push({ status: 200, through: true }, { status: 429, retryAfter: 600 });
    await world.send(world.activity('emma', { type: 'message', text: 'hello' }));
    expect(world.teams.at('a:emma')).toEqual([]);
    await world.server?.stop();
    expect(world.teams.at('a:emma')).toHaveLength(1);
    await expect(world.send(world.activity('emma', { type: 'message', text: 'hello' }))).rejects.toThrow();
    await world.start();
  });
});

describe('a token', () => {
  it('that Teams takes no more is given up, and the message goes out with a new one', async () => {
    await world.say('emma', 'hello');
    const [first] = world.teams.calls.map(({ authorization }) => authorization).slice(-1);
    world.teams.withdrawTokens();
    await world.say('emma', 'hello');
    expect(world.teams.at('a:emma')).toHaveLength(2);
    expect(world.teams.calls.at(-1)?.authorization).not.toBe(first);
  });
});

describe('the helpdesk', () => {
  const crowd = Array.from({ length: 80 }, (_, at) => `colleague${at}`);

  it('has buttons even behind a crowd in its channel, for those who may decide', async () => {
    for (const name of crowd) world.teams.addUser(name);
    world.teams.rosters.set(HELPDESK, [...crowd, 'emma', 'sam', 'priya']);
    await ask('emma');
    await world.later(5_000);
    expect(world.latest(HELPDESK).card.refresh?.userIds).toEqual(['29:sam', '29:priya']);
  });

  it('finds a guest on any page of the roster, and is told nothing then', async () => {
    const many = Array.from({ length: 600 }, (_, at) => `colleague${at}`);
    for (const name of many) world.teams.addUser(name);
    world.teams.addUser('gus', { role: 'guest' });
    world.teams.rosters.set(HELPDESK, ['sam', ...many, 'gus']);
    await ask('emma');
    await world.later(5_000);
    expect(world.teams.calls.filter(({ path }) => path.endsWith('pagedmembers'))).toHaveLength(2);
    expect(world.teams.at(HELPDESK)).toEqual([]);
    await world.later(MINUTE_MS);
  });
});

/** Makes them people of the helpdesk, with their Teams accounts. */
async function hire(names: readonly string[]): Promise<void> {
  const { people } = readPeopleFile(`id,name,e-mail,manager,groups\n${names.map((name) => `${name},Agent ${name},${name}@example.com,,helpdesk`).join('\n')}\n`);
  await world.server?.parts.people.import(people, ({ id }) => ({ platform: 'teams', tenant: TENANT, userId: world.user(id).objectId }));
}

describe('sixty agents who look at one card', () => {
  it('all get their own copy at once, without being looked up one by one', async () => {
    const agents = Array.from({ length: 60 }, (_, at) => `agent${at}`);
    for (const name of agents) world.teams.addUser(name);
    await hire(agents);
    world.teams.rosters.set(HELPDESK, [...agents, 'sam']);
    await ask('emma');
    await world.later(5_000);
    const { card } = world.latest(HELPDESK);
    expect(card.refresh?.userIds).toHaveLength(60);
    const shown = await Promise.all(agents.map((name) => world.refresh(name, card, HELPDESK)));
    expect(new Set(shown.map(({ kind }) => kind))).toEqual(new Set(['card']));
    expect(world.teams.refusedByTable).toBe(0);
  });
});

describe('somebody who is not in the conversation any more', () => {
  it('is refused as anybody else, and no fault is told', async () => {
    const chat = { conversation: { id: 'a:nobody', conversationType: 'personal', tenantId: world.user('emma').tenantId } };
    await world.send(world.activity('emma', { type: 'message', text: 'hello', ...chat }));
    const dialog = await world.invokeWith('emma', { name: 'task/fetch', value: { data: { kind: 'pressed', action: 'start-unblock', target: '' } }, ...chat });
    expect(textOf(dialog)).toContain('Only full members');
  });
});
