// Somebody changes people and their chat accounts in the database: nobody becomes somebody else, or more than they were.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { approvedRequest, ask, hasResponse, no, request, reveal, sentenceIn, stateOf } from '../flows/steps.js';
import { change, openTamperingWorld, swap, type TamperingWorld } from './tampering-world.js';

const TO_THE_HELPDESK = change('Person', "id = 'eve'", 'groups', "CASE WHEN groups = '{}' THEN '{helpdesk}'::text[] ELSE '{}' END");
const ANOTHER_MANAGER = change('Person', "id = 'emma'", 'managerId', "CASE \"managerId\" WHEN 'dana' THEN 'eve' ELSE 'dana' END");

let tampering: TamperingWorld;
beforeAll(async () => {
  tampering = await openTamperingWorld();
});
afterAll(() => tampering.world.close());

describe('a chat account', () => {
  it.each<[string, readonly string[]]>([
    ['its person', ['personId']],
    ['its person and the HMAC that goes with it', ['personId', 'mac']],
  ])("exchanged with another's, %s, is nobody's", async (_, columns) => {
    const exchanged = swap('ChatIdentity', 'userId', ['eve', 'dana'], columns);
    await tampering.whileChanged(exchanged, () => tampering.world.say('eve', 'unblock'), 'row-tampered');
    await tampering.whileChanged(exchanged, () => tampering.world.say('dana', 'unblock'), 'row-tampered');
  });

  it("given to another user of the platform is nobody's", async () => {
    const { world } = tampering;
    const row = await world.parts.database.chatIdentity.findFirstOrThrow({ where: { personId: 'dana' } });
    const renamed = change('ChatIdentity', `id = '${row.id}'`, 'userId', "CASE \"userId\" WHEN 'dana' THEN 'mallory' ELSE 'dana' END");
    await tampering.whileChanged(renamed, () => world.say('mallory', 'unblock'), 'row-tampered');
    await tampering.tamper(renamed);
    expect(sentenceIn(await world.say('dana', 'unblock'))).toBe(no('stranger'));
    await tampering.tamper(renamed);
  });
});

describe('a person', () => {
  it.each([
    ['another manager', ANOTHER_MANAGER],
    ['another name', change('Person', "id = 'emma'", 'name', 'reverse(name)')],
    ['another e-mail address', change('Person', "id = 'emma'", 'email', 'reverse(email)')],
    ['another site', change('Person', "id = 'emma'", 'site', "CASE WHEN site IS NULL THEN 'HQ' END")],
    ['one group more', change('Person', "id = 'emma'", 'groups', "CASE WHEN groups = '{}' THEN '{helpdesk}'::text[] ELSE '{}' END")],
    ["another person's HMAC", swap('Person', 'id', ['emma', 'liam'], ['mac'])],
  ])('with %s is believed nothing', async (_, changed) => {
    await tampering.whileChanged(changed, () => tampering.world.press('emma', 'start-unblock'), 'row-tampered');
  });

  it('who left does not come back for one changed word', async () => {
    await tampering.whileChanged(change('Person', "id = 'eve'", 'active', 'NOT active'), () => tampering.world.say('eve', 'unblock'), 'row-tampered');
  });

  it('who was written into the helpdesk is no approver: no request is opened on their account', async () => {
    const { world } = tampering;
    await tampering.whileChanged(TO_THE_HELPDESK, () => ask(world, 'dana'), 'row-tampered');
    expect(await world.parts.database.request.count({ where: { requesterId: 'dana' } })).toBe(0);
  });

  it('who was written in as manager shows no response that the true one approved', async () => {
    const { world } = tampering;
    const id = await approvedRequest(world, 'liam');
    const form = await world.press('liam', 'show-response', id);
    if (form.kind !== 'form') throw new Error('no form came');
    const changed = ANOTHER_MANAGER.replaceAll("'emma'", "'liam'");
    await tampering.whileChanged(changed, () => world.submit('liam', form.form, {}), 'row-tampered');
    expect(await stateOf(world, id)).toBe('approved');
    expect(hasResponse(await reveal(world, 'liam', id))).toBe(true);
    expect(await request(world, id)).toMatchObject({ state: 'answered', timesShown: 1 });
  });
});
