// Number match over Teams: the approver's dialog asks for a number, and the requester's shows it.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newChallenge } from '../flows/steps.js';
import { NUMBER_POLICY, type WrittenPolicy, writePolicy } from '../support/policy-file.js';
import { buttonsOf, type Shown, TeamsWorld, textOf } from '../support/teams-world.js';

let policy: WrittenPolicy;
let world: TeamsWorld;
beforeAll(async () => {
  policy = await writePolicy(NUMBER_POLICY);
  world = await TeamsWorld.open({ env: policy.env });
});
afterAll(async () => {
  await world.close();
  await policy.remove();
});

async function numberNow(): Promise<string> {
  const shown = await world.press('emma', world.latest('emma').card, 'show-number');
  return /Dana Weber\D*(\d\d)/.exec(textOf(shown))?.[1] ?? 'none';
}

describe('a number in Teams', () => {
  let approval: Shown;

  it('is asked for in the dialog of the approver, and waits in the chat of who asks', async () => {
    await world.install('dana');
    const welcome = await world.say('emma', 'unblock');
    const dialog = await world.press('emma', welcome.card, 'start-unblock');
    await world.submit('emma', dialog, { challenge: newChallenge(), code: world.code('emma'), reason: 'PIN forgotten' });
    await world.beat();
    approval = await world.press('dana', world.latest('dana').card, 'approve');
    expect(textOf(approval)).toContain('ask for the number on their screen');
    await world.later(2_000);
    expect(buttonsOf(world.latest('emma').card)[0]).toBe('show-number');
  });

  it('stands in no card, and a wrong one brings the dialog back', async () => {
    const number = await numberNow();
    expect(number).toMatch(/^\d\d$/);
    expect(textOf(world.latest('emma').card)).not.toContain(`: ${number}`);
    approval = await world.submit('dana', approval, { number: number === '99' ? '98' : '99', code: world.code('dana') });
    expect(textOf(approval)).toContain('not accepted together');
    expect(await numberNow()).not.toBe(number);
  });

  it('approves together with the code of the approver', async () => {
    const done = await world.submit('dana', approval, { number: await numberNow(), code: world.code('dana') });
    expect(done).toEqual({ kind: 'words', text: 'Your approval was recorded.' });
    await world.later(2_000);
    expect(textOf(world.latest('emma').card)).toContain('Approved by Dana Weber');
  });
});
