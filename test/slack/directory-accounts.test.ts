// Accounts that the file of people vouches for: whoever has one is known in Slack from the first word on.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Parts } from '../../src/app/parts.js';
import { readPeopleFile } from '../../src/directory/people-file.js';
import { buttonsOf, type Name, SlackWorld, TEAM } from '../support/slack-world.js';

let world: SlackWorld;
beforeAll(async () => {
  world = await SlackWorld.open({ bound: false });
});
afterAll(() => world.close());

function parts(): Parts {
  if (world.server === null) throw new Error('no server');
  return world.server.parts;
}

/** Imports these people with these accounts. */
async function bringIn(...people: readonly (readonly [Name, string])[]) {
  const lines = people.map(([id, account]) => `${id},${id},${id}@example.com,${account}`);
  const file = readPeopleFile(['id,name,e-mail,slack', ...lines].join('\n'));
  expect(file.problems).toEqual([]);
  return await parts().people.import(file.people, null);
}

const account = (name: Name) => `${TEAM}/${world.id(name)}`;

describe('an account in the file of people', () => {
  it('makes a stranger somebody who is known, without a step of theirs', async () => {
    expect(await world.command('emma')).toMatchObject({ body: { text: expect.stringContaining('I do not know this account') } });
    expect(await bringIn(['emma', account('emma')])).toMatchObject({ changed: 1, linked: 1 });
    expect(buttonsOf(await world.openHome('emma'))).toContain('start-unblock');
  });

  it('is written to the audit, once', async () => {
    expect(await bringIn(['emma', account('emma')])).toMatchObject({ linked: 0 });
    const entries = await parts().database.auditEntry.findMany({ where: { body: { contains: '"account-linked"' } } });
    expect(entries).toHaveLength(1);
    expect(entries[0]?.body).toContain('"by":"file of people"');
  });

  it('is not taken from somebody else, nor is a second one given: nobody of the file is imported then', async () => {
    const before = await parts().people.all();
    expect(await bringIn(['liam', ''], ['dana', account('emma')])).toEqual({ problems: [{ line: 3, problem: `the account ${account('emma')} is bound to emma already` }] });
    expect(await bringIn(['emma', account('liam')])).toEqual({ problems: [{ line: 2, problem: `emma has another account in ${TEAM}: take it away first (countersign accounts unlink)` }] });
    expect(await parts().people.all()).toEqual(before);
  });

  it('stays when a later file says nothing about it', async () => {
    await bringIn(['emma', '']);
    expect((await parts().people.behind({ platform: 'slack', tenant: TEAM, userId: world.id('emma') }))?.id).toBe('emma');
  });

  it('fails closed on a row that somebody changed', async () => {
    await parts().database.chatIdentity.updateMany({ where: { personId: 'emma' }, data: { personId: 'dana' } });
    await expect(bringIn(['dana', account('dana')])).rejects.toMatchObject({ code: 'row-tampered' });
  });
});
