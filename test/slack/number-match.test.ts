// Number match over Slack: the approver's modal asks for a number, and the requester's shows it.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newChallenge } from '../flows/steps.js';
import { NUMBER_POLICY, type WrittenPolicy, writePolicy } from '../support/policy-file.js';
import type { View } from '../support/slack-service.js';
import { buttonsOf, SlackWorld, textOf, viewIn } from '../support/slack-world.js';

let policy: WrittenPolicy;
let world: SlackWorld;
beforeAll(async () => {
  policy = await writePolicy(NUMBER_POLICY);
  world = await SlackWorld.open({ env: policy.env });
});
afterAll(async () => {
  await world.close();
  await policy.remove();
});

async function numberNow(): Promise<string> {
  const shown = viewIn(await world.press('emma', 'show-number', await world.latest('emma')));
  return /Dana Weber\D*(\d\d)/.exec(textOf(shown))?.[1] ?? 'none';
}

describe('a number in Slack', () => {
  let approval: View;

  it('is asked for in the modal of the approver, and waits in the chat of who asks', async () => {
    const dialog = viewIn(await world.command('emma', newChallenge()));
    viewIn(await world.submit('emma', dialog, { challenge: newChallenge(), code: world.code('emma'), reason: 'PIN forgotten' }));
    await world.beat();
    approval = viewIn(await world.press('dana', 'approve', await world.latest('dana')));
    expect(textOf(approval)).toContain('ask for the number on their screen');
    await world.later(2_000);
    expect(buttonsOf((await world.latest('emma')).message)[0]).toBe('show-number');
  });

  it('stands in no message, and a wrong one is refused at its field', async () => {
    const number = await numberNow();
    expect(number).toMatch(/^\d\d$/);
    expect(textOf((await world.latest('emma')).message)).not.toContain(`: ${number}`);
    const wrong = await world.submit('dana', approval, { number: number === '99' ? '98' : '99', code: world.code('dana') });
    expect(wrong).toMatchObject({ kind: 'errors', errors: { number: expect.stringContaining('not accepted together') } });
    expect(await numberNow()).not.toBe(number);
  });

  it('approves together with the code of the approver', async () => {
    const done = viewIn(await world.submit('dana', approval, { number: await numberNow(), code: world.code('dana') }));
    expect(textOf(done)).toBe('Your approval was recorded.');
    await world.later(2_000);
    expect(textOf((await world.latest('emma')).message)).toContain('Approved by Dana Weber');
  });
});
