// Ways around the first day of a new authenticator: a request from before it, and whoever vouched for it.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Reply } from '../../src/chat/event.js';
import { DAY_MS, MINUTE_MS } from '../../src/lib/clock.js';
import { currentCode, seedFromBase32 } from '../../src/stepup/totp.js';
import { sweepOldRows } from '../../src/store/code-columns.js';
import { formIn, openWorld, type World } from '../support/world.js';
import { approve, ask, auditOf, cancelOpen, errorAt, freshCode, later, latestRequest, newChallenge, no, openRequest, request, sentenceIn, stateOf, wrongCode } from './steps.js';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

function keyIn(reply: Reply): string {
  const shown = formIn(reply).blocks.find((block) => block.kind === 'code');
  if (shown?.kind !== 'code') throw new Error(`no code came: ${sentenceIn(reply)}`);
  return shown.copy;
}

async function voucher(giver: string, person: string): Promise<string> {
  const form = formIn(await world.press(giver, 'vouch'));
  return keyIn(await world.submit(giver, form, { person: `${person}@example.com`, code: await freshCode(world, giver) }));
}

/** Takes the old authenticator away and sets up another one, for which these vouched. */
async function enrolAnew(person: string, giver: string): Promise<void> {
  await world.parts.database.authenticator.deleteMany({ where: { personId: person } });
  const shown = await world.submit(person, formIn(await world.press(person, 'my-authenticator')), { invitation: await voucher(giver, person) });
  const seed = seedFromBase32(keyIn(shown));
  world.seeds.set(person, seed);
  formIn(await world.submit(person, formIn(shown), { newCode: currentCode(seed, world.clock.now()) }));
}

describe('a request that was opened before the authenticator was set up', () => {
  it('ends with the set-up, and the next one needs the helpdesk', async () => {
    expect(errorAt(await ask(world, 'emma', { code: wrongCode(world, 'emma') }), 'code')).toBe(no('code-not-accepted'));
    const { id } = await latestRequest(world, 'emma');
    await enrolAnew('emma', 'dana');
    expect(await stateOf(world, id)).toBe('cancelled');
    expect((await auditOf(world, id)).at(-1)).toMatchObject({ kind: 'cancelled', facts: { why: 'authenticator-replaced' } });
    const next = await openRequest(world, 'emma', { code: await freshCode(world, 'emma') });
    expect(await request(world, next)).toMatchObject({ requirement: { stages: [{ from: ['helpdesk'], count: 1 }] } });
    await cancelOpen(world, 'emma');
  });

  it('needs the helpdesk like one that is opened after it, where it goes on', async () => {
    const form = formIn(await world.press('dana', 'start-unblock'));
    const inputs = { challenge: newChallenge(), reason: 'PIN forgotten' };
    await world.submit('dana', form, { ...inputs, code: wrongCode(world, 'dana') });
    const { id } = await latestRequest(world, 'dana');
    await later(world, MINUTE_MS);
    const { database, authenticators, clock } = world.parts;
    const old = await database.authenticator.findFirstOrThrow({ where: { personId: 'dana' } });
    await database.authenticator.delete({ where: { id: old.id } });
    const sealed = { kekId: old.kekId, wrappedKey: old.wrappedKey, sealed: old.sealedSeed };
    await authenticators.addSample({ id: old.id, personId: 'dana', algorithm: old.algorithm, sealed, createdAt: clock() }, clock());
    await world.submit('dana', form, { ...inputs, code: await freshCode(world, 'dana') });
    expect(await request(world, id)).toMatchObject({ state: 'awaiting-approval', requirement: { stages: [{ from: ['helpdesk'], count: 1 }] } });
    expect((await auditOf(world, id)).find(({ kind }) => kind === 'identity-proved')?.facts).toMatchObject({ guards: ['new-authenticator'] });
    await approve(world, 'sam', id, await freshCode(world, 'sam'));
    expect(await stateOf(world, id)).toBe('approved');
  });
});

describe('whoever vouched at the helpdesk for a new authenticator', () => {
  it('does not agree for the helpdesk while it is new, and a colleague does', async () => {
    await enrolAnew('liam', 'sam');
    const id = await openRequest(world, 'liam', { code: await freshCode(world, 'liam') });
    expect(await request(world, id)).toMatchObject({ requirement: { notBy: ['sam'] } });
    expect(sentenceIn(await world.press('sam', 'approve', id))).toBe(no('not-your-decision'));
    await approve(world, 'priya', id, await freshCode(world, 'priya'));
    expect(await stateOf(world, id)).toBe('approved');
    await cancelOpen(world, 'liam');
  });

  it('is not replaced by anybody where there is no colleague: the request is refused', async () => {
    const { database } = world.parts;
    const priya = await database.person.findUniqueOrThrow({ where: { id: 'priya' } });
    await database.person.delete({ where: { id: 'priya' } });
    expect(sentenceIn(await ask(world, 'liam', { code: await freshCode(world, 'liam') }))).toContain('Your authenticator is new');
    await database.person.create({ data: priya });
  });

  it('is still known when old rows were swept away', async () => {
    await sweepOldRows(world.parts.database, new Date(world.clock.now().getTime() + 30 * DAY_MS));
    const id = await openRequest(world, 'liam', { code: await freshCode(world, 'liam') });
    expect(await request(world, id)).toMatchObject({ requirement: { notBy: ['sam'] } });
    await cancelOpen(world, 'liam');
  });

  it('agrees like everybody once it is not new any more', async () => {
    await later(world, DAY_MS);
    const id = await openRequest(world, 'liam', { code: await freshCode(world, 'liam') });
    await approve(world, 'sam', id, await freshCode(world, 'sam'));
    expect(await stateOf(world, id)).toBe('approved');
  });
});
