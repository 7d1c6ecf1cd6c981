// Nobody approves for themselves, whatever they are besides.
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readCardFile } from '../../src/card/card-file.js';
import { toHex } from '../../src/lib/bytes.js';
import { formIn, openWorld, type World } from '../support/world.js';
import { approve, ask, forgedForm, freshCode, latestRequest, newChallenge, no, openRequest, reimport, sentenceIn, settle, stateOf } from './steps.js';

const NOT_YOURS = no('not-your-decision');

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

/** Votes without having been asked, with a right code. */
async function forgeVote(personId: string, requestId: string): Promise<string> {
  return sentenceIn(await world.submit(personId, forgedForm('approve', requestId), { code: await freshCode(world, personId) }));
}

describe('the person who asked', () => {
  it('gets no dialog to approve or deny', async () => {
    const id = await openRequest(world, 'emma');
    for (const action of ['approve', 'deny', 'revoke'] as const) expect(sentenceIn(await world.press('emma', action, id))).toBe(NOT_YOURS);
    expect(await forgeVote('emma', id)).toBe(NOT_YOURS);
    expect(await stateOf(world, id)).toBe('awaiting-approval');
  });

  it('approves it neither as a manager: for a manager only others are asked', async () => {
    const id = await openRequest(world, 'dana');
    await settle(world);
    expect(world.platform.at('person:dana').map(({ title }) => title)).not.toContain('Dana Weber asks to unblock a smart card');
    expect(await forgeVote('dana', id)).toBe(NOT_YOURS);
    await approve(world, 'sam', id);
    expect(await stateOf(world, id)).toBe('approved');
  });

  it('nor as a member of the helpdesk', async () => {
    await giveCard('sam');
    await ask(world, 'sam', { code: await freshCode(world, 'sam') });
    const { id } = await latestRequest(world, 'sam');
    expect(sentenceIn(await world.press('sam', 'approve', id))).toBe(NOT_YOURS);
    expect(await forgeVote('sam', id)).toBe(NOT_YOURS);
    await approve(world, 'priya', id);
    expect(await stateOf(world, id)).toBe('approved');
  });

  it('nor as their own manager in the directory', async () => {
    await reimport(world, ['liam,Liam Okafor,liam@example.com,liam@example.com,,,']);
    const id = await openRequest(world, 'liam');
    expect(await forgeVote('liam', id)).toBe(NOT_YOURS);
    expect(await stateOf(world, id)).toBe('awaiting-approval');
  });

  it('spends no code on such a try', async () => {
    const { id } = await latestRequest(world, 'liam');
    await forgeVote('liam', id);
    const form = formIn(await world.press('liam', 'give-new-challenge', id));
    expect(await world.submit('liam', form, { challenge: newChallenge(), code: world.code('liam') })).toMatchObject({ kind: 'done' });
  });
});

describe('somebody who was not asked', () => {
  it('gets no dialog, and decides nothing with one of their own making', async () => {
    const id = (await latestRequest(world, 'emma')).id;
    for (const action of ['approve', 'deny', 'revoke'] as const) expect(sentenceIn(await world.press('eve', action, id))).toBe(NOT_YOURS);
    expect(await forgeVote('eve', id)).toBe(NOT_YOURS);
    expect(await stateOf(world, id)).toBe('awaiting-approval');
  });
});

async function giveCard(personId: string): Promise<void> {
  const key = toHex(randomBytes(24));
  const file = readCardFile(`serial,label,profile,holder,key,kcv\nCARD-X,Another card,gids,${personId}@example.com,${key},\n`, { allowDefaultKeys: false });
  expect(await world.parts.cards.import(file.cards)).toEqual([]);
}
