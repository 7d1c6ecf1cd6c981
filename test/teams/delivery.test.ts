// Teams repeats itself, is busy, loses the app, and the server is restarted: nothing is lost, and nothing happens twice.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DAY_MS, MINUTE_MS } from '../../src/lib/clock.js';
import { newChallenge } from '../flows/steps.js';
import { APP_ID, type Trouble } from '../support/teams-service.js';
import { buttonsOf, HELPDESK, type Shown, TeamsWorld, textOf } from '../support/teams-world.js';

let world: TeamsWorld;
beforeAll(async () => {
  world = await TeamsWorld.open();
});
afterAll(() => world.close());

/** On another day: the policy allows only so many requests on one. */
async function ask(name: string): Promise<Shown> {
  await world.later(DAY_MS);
  const welcome = await world.say(name, 'unblock');
  const dialog = await world.press(name, welcome.card, 'start-unblock');
  return await world.submit(name, dialog, { challenge: newChallenge(), code: await world.freshCode(name), reason: 'PIN forgotten' });
}

async function requests(): Promise<number> {
  return (await world.server?.parts.database.request.count()) ?? -1;
}

/** Ends what is open, so that the next test begins anew. */
async function cancel(name: string): Promise<void> {
  await world.later(5_000);
  await world.press(name, world.latest(name).card, 'cancel');
  await world.later(5_000);
}

describe('what Teams sends again', () => {
  it('as the same message is answered once', async () => {
    const message = world.activity('liam', { type: 'message', text: 'unblock' });
    await Promise.all([world.send(message), world.send(message)]);
    await world.send(message);
    expect(world.teams.at('a:liam')).toHaveLength(1);
  });

  it('as the same installation is welcomed once', async () => {
    const installed = world.activity('priya', { type: 'installationUpdate', action: 'add' });
    await Promise.all([world.send(installed), world.send(installed)]);
    await world.send(installed);
    expect(world.teams.at('a:priya')).toHaveLength(1);
  });

  it('as the same form, with the same id or a new one, has one effect and the same answer', async () => {
    const dialog = await world.press('liam', world.latest('liam').card, 'start-unblock');
    if (dialog.kind !== 'dialog') throw new Error('no dialog');
    const data = { ...Object(dialog.card.actions[0]?.data), challenge: newChallenge(), code: world.code('liam'), reason: 'PIN forgotten' } as unknown;
    const submit = world.activity('liam', { type: 'invoke', name: 'task/submit', value: { data } });
    const answers = await Promise.all([world.send(submit), world.send(submit), world.send({ ...submit, id: randomUUID() })]);
    const texts = await Promise.all(answers.map((answer) => answer.text()));
    expect(new Set(texts).size).toBe(1);
    expect(texts[0]).toContain('Your code was accepted');
    expect(await requests()).toBe(1);
    await cancel('liam');
  });

  it('as the same vote counts once, and its code is not called spent', async () => {
    await ask('emma');
    await world.later(5_000);
    const approval = await world.press('dana', world.latest('dana').card, 'approve');
    const code = { code: await world.freshCode('dana') };
    const said = await world.submit('dana', approval, code);
    expect(said).toEqual({ kind: 'words', text: 'Your approval was recorded.' });
    expect(await world.submit('dana', approval, code)).toEqual(said);
    await cancel('emma');
  });
});

describe('when Teams is busy', () => {
  it.each([429, 412, 502, 504])('%i is waited for, and the message comes then', async (status) => {
    const before = world.teams.at('a:dana').length;
    await ask('emma');
    world.teams.troubles.push(...Array.from({ length: 6 }, () => ({ status })));
    await world.beat();
    world.teams.troubles.length = 0;
    await world.later(1_000);
    await world.later(5_000);
    expect(world.teams.at('a:dana')).toHaveLength(before + 1);
    await cancel('emma');
  });

  it('nothing is tried before the time that it asked for is over', async () => {
    await ask('emma');
    world.teams.troubles.push(...Array.from({ length: 6 }, () => ({ status: 429, retryAfter: 60 })));
    await world.beat();
    world.teams.troubles.length = 0;
    const posted = world.teams.posted.length;
    await world.later(20_000);
    expect(world.teams.posted.length).toBe(posted);
    await world.later(60_000);
    expect(world.teams.posted.length).toBeGreaterThan(posted);
    await cancel('emma');
  });

  it('many changes in a second are one update', async () => {
    await ask('emma');
    await world.later(5_000);
    const { id } = world.latest('emma');
    const updates = () => world.teams.posted.find((one) => one.id === id)?.updates ?? -1;
    const before = updates();
    await world.press('emma', world.latest('emma').card, 'cancel');
    await world.press('emma', world.latest('emma').card, 'cancel');
    await world.beat();
    expect(updates()).toBe(before + 1);
  });
});

describe('somebody who removed the app', () => {
  it('is not written to, and the helpdesk is asked all the same', async () => {
    await world.install('dana', 'remove');
    world.teams.without.add('dana');
    const before = world.teams.at('a:dana').length;
    await ask('emma');
    await world.later(5_000);
    expect(world.teams.at('a:dana')).toHaveLength(before);
    const sams = await world.refresh('sam', world.latest(HELPDESK).card, HELPDESK);
    expect(sams.kind === 'card' ? buttonsOf(sams.card) : []).toEqual(['approve', 'deny']);
    await cancel('emma');
  });

  it('is not taken for somebody who has it when Teams tells of it twice, in two ways', async () => {
    const places = () => world.server?.parts.database.teamsConversation.count({ where: { conversationId: 'a:priya' } });
    await world.install('priya');
    expect(await places()).toBe(1);
    await world.install('priya', 'remove');
    await world.send(world.activity('priya', { type: 'conversationUpdate', membersRemoved: [{ id: `28:${APP_ID}` }] }));
    expect(await places()).toBe(0);
    await world.send(world.activity('priya', { type: 'conversationUpdate', membersRemoved: [{ id: '29:liam' }] }));
    expect(await places()).toBe(1);
  });

  it('hears of the next request when they have it again', async () => {
    world.teams.without.delete('dana');
    await world.install('dana');
    await ask('emma');
    await world.later(5_000);
    expect(textOf(world.latest('dana').card)).toContain('Emma Novak');
    await cancel('emma');
  });
});

describe('somebody who has the app and never wrote', () => {
  it('is reached in a chat that is opened for it', async () => {
    await ask('liam');
    await world.later(5_000);
    const opened = world.teams.calls.filter(({ method, path }) => method === 'POST' && path === 'conversations');
    expect(opened.length).toBeGreaterThan(0);
    expect(textOf(world.latest('dana').card)).toContain('Liam Okafor');
    await cancel('liam');
  });
});

describe('a message that Teams', () => {
  async function troubled(trouble: Trouble): Promise<readonly string[]> {
    await world.later(DAY_MS);
    const dialog = await world.press('emma', (await world.say('emma', 'unblock')).card, 'start-unblock');
    const inputs = { challenge: newChallenge(), code: await world.freshCode('emma'), reason: 'PIN forgotten' };
    await world.submit('emma', dialog, inputs);
    const before = world.teams.calls.length;
    world.teams.troubles.push(...Array.from({ length: 30 }, () => trouble));
    for (let minute = 0; minute < 5; minute += 1) await world.later(MINUTE_MS);
    world.teams.troubles.length = 0;
    return world.teams.calls.slice(before).map(({ method, path }) => `${method} ${path}`);
  }

  it('took without naming its id is not posted again and again', async () => {
    const calls = await troubled({ status: 202, posted: true });
    expect(calls.filter((call) => call === 'POST conversations/a:emma/activities')).toHaveLength(1);
    await cancel('emma');
  });

  it('calls malformed does not make it forget where the person is reached', async () => {
    const calls = await troubled({ status: 400 });
    expect(calls.filter((call) => call === 'POST conversations/a:dana/activities')).toHaveLength(1);
    expect(await world.server?.parts.database.teamsConversation.count({ where: { conversationId: 'a:dana' } })).toBe(1);
    const { id = '' } = (await world.server?.parts.database.request.findFirst({ orderBy: { openedAt: 'desc' } })) ?? {};
    await world.invoke('emma', 'task/fetch', { data: { kind: 'pressed', action: 'cancel', target: id } });
    await world.later(5_000);
    expect(textOf(world.latest('dana').card)).toContain('Emma Novak');
  });
});

describe('a copy that somebody deleted', () => {
  it('is posted anew at the next change', async () => {
    await ask('emma');
    await world.later(5_000);
    const { id } = world.latest('dana');
    world.teams.posted.splice(world.teams.posted.findIndex((one) => one.id === id), 1);
    await cancel('emma');
    expect(world.latest('dana').id).not.toBe(id);
    expect(textOf(world.latest('dana').card)).toContain('Cancelled by the person who asked');
  });
});

describe('a restart in between', () => {
  it('loses no request, no place and no copy', async () => {
    await ask('emma');
    await world.later(5_000);
    const copies = world.teams.posted.length;
    await world.restart();
    const approval = await world.press('dana', world.latest('dana').card, 'approve');
    await world.restart();
    expect(await world.submit('dana', approval, { code: await world.freshCode('dana') })).toEqual({ kind: 'words', text: 'Your approval was recorded.' });
    await world.later(5_000);
    expect(textOf(world.latest('emma').card)).toContain('Approved by Dana Weber');
    expect(world.teams.posted.length).toBe(copies);
    await cancel('emma');
  });
});

describe('a copy in a channel', () => {
  it('that asks often for its newest state leaves its reader free to decide', async () => {
    await ask('emma');
    await world.later(5_000);
    const { card } = world.latest(HELPDESK);
    const sams = await world.refresh('sam', card, HELPDESK);
    if (sams.kind !== 'card') throw new Error('no copy');
    for (let look = 0; look < 60; look += 1) await world.refresh('sam', card, HELPDESK);
    expect(textOf(await world.press('sam', sams.card, 'approve', HELPDESK))).not.toContain('a lot at once');
    await cancel('emma');
  });
});

describe('a channel', () => {
  it.each([
    ['people of another organisation', { tenantId: '12345678-8888-4777-8666-555555555555' }],
    ['guests', { role: 'guest' as const }],
    ['guests whose role is not told', { email: 'fred_example.org#EXT#@example.com' }],
  ])('with %s in it is told nothing', async (_, facts) => {
    world.teams.addUser('fred', facts);
    world.teams.rosters.set(HELPDESK, ['sam', 'fred']);
    await world.later(6 * 60_000);
    const before = world.teams.at(HELPDESK).length;
    await ask('emma');
    await world.later(5_000);
    expect(world.teams.at(HELPDESK)).toHaveLength(before);
    await cancel('emma');
    world.teams.rosters.set(HELPDESK, ['sam', 'priya']);
  });

  it('hears nothing about cards when somebody speaks to the bot in it', async () => {
    const message = world.activity('emma', { type: 'message', text: '<at>Countersign</at> unblock 1603 EBDF 1C8A 2E72' }, HELPDESK);
    await world.send(message);
    const answer = world.teams.posted.at(-1);
    expect(answer?.conversationId).toBe(`${HELPDESK};messageid=1`);
    expect(textOf(answer?.card ?? { type: 'AdaptiveCard', version: '1.5', body: [], actions: [] })).toContain('Write to me there');
    expect(JSON.stringify(answer)).not.toContain('1603');
  });
});
