// Teams, or somebody who listened, sends again what was sent before: with the same token, the same id, or a new one.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { HOUR_MS } from '../../src/lib/clock.js';
import { newChallenge } from '../flows/steps.js';
import { HELPDESK, TeamsWorld } from '../support/teams-world.js';

let world: TeamsWorld;
beforeAll(async () => {
  world = await TeamsWorld.open();
});
afterAll(() => world.close());

describe('what was sent before', () => {
  const token = (): string => world.teams.token({}, world.clock.now());
  const database = () => {
    const { server } = world;
    if (server === null) throw new Error('the server is not running');
    return server.parts.database;
  };

  it('with the same token and the same id is answered once, at once or half an hour later', async () => {
    const message = world.activity('liam', { type: 'message', text: 'unblock' });
    const heard = token();
    for (let count = 0; count < 3; count += 1) expect((await world.send(message, heard)).status).toBe(200);
    world.clock.forward(HOUR_MS / 2);
    expect((await world.send(message, heard)).status).toBe(200);
    expect(world.teams.at('a:liam')).toHaveLength(1);
  });

  it('is refused when its token is over', async () => {
    const heard = token();
    world.clock.forward(2 * HOUR_MS);
    expect((await world.send(world.activity('liam', { type: 'message', text: 'unblock' }), heard)).status).toBe(401);
    expect(world.teams.at('a:liam')).toHaveLength(1);
  });

  it('as a form has its effect once, under whatever id: a token does not say for which activity it is', async () => {
    const heard = token();
    await world.send(world.activity('liam', { type: 'message', text: 'unblock' }), heard);
    const press = world.latest('liam').card.actions[0];
    const opened = await world.send(world.activity('liam', { type: 'invoke', name: 'task/fetch', value: { data: press?.data } }), heard);
    const formId = /"formId":"([\w-]+)"/.exec(await opened.text())?.[1] ?? '';
    const data = { kind: 'submitted', form: 'unblock', formId, target: '', challenge: newChallenge(), code: world.code('liam'), reason: 'PIN forgotten' };
    const submit = world.activity('liam', { type: 'invoke', name: 'task/submit', value: { data } });
    const first = await (await world.send(submit, heard)).text();
    const before = await effects();
    const again = [submit, { ...submit, id: randomUUID() }, { ...submit, id: randomUUID(), timestamp: world.clock.now().toISOString() }, { ...submit, id: undefined }];
    for (const activity of again) expect(await (await world.send(activity, heard)).text()).toBe(first);
    expect(await effects()).toEqual(before);
    expect(before.requests).toBe(1);
    await world.beat();
    expect(world.teams.at(HELPDESK)).toHaveLength(1);
  });

  it('by its owner does nothing when somebody else sends it', async () => {
    const submission = await database().submission.findFirstOrThrow();
    const data = { kind: 'submitted', form: 'unblock', formId: submission.formId, target: '', challenge: newChallenge(), code: world.code('emma'), reason: 'PIN forgotten' };
    const answer = await world.send(world.activity('emma', { type: 'invoke', name: 'task/submit', value: { data } }), token());
    expect(answer.status).toBe(200);
    expect(await answer.text()).not.toContain('Your code was accepted');
    expect((await effects()).requests).toBe(1);
  });

  async function effects(): Promise<{ readonly requests: number; readonly entries: number; readonly submissions: number }> {
    const [requests, entries, submissions] = await Promise.all([database().request.count(), database().auditEntry.count(), database().submission.count()]);
    return { requests, entries, submissions };
  }
});
