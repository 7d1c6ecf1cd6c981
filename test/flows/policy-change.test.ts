// The policy is changed while a request is open.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MINUTE_MS } from '../../src/lib/clock.js';
import { openWorld, type World } from '../support/world.js';
import { approve, ask, freshCode, later, no, openRequest, openRequestOf, request, responseIn, reveal, sentenceIn, stateOf } from './steps.js';

const STRICTER = `version: 1
times:
  expireMinutes: 5
rules:
  - name: two of the helpdesk
    approvals:
      - from: [helpdesk]
        count: 2
`;

const LAXER = `version: 1
rules:
  - name: nobody
    approvals: []
    iAcceptNoApproval: true
`;

let before: World;
let after: World;
let lax: World;
beforeAll(async () => {
  before = await openWorld();
  after = await openWorld({ beside: before, policyText: STRICTER });
  lax = await openWorld({ beside: before, policyText: LAXER });
  // One of the three does what is due for all of them.
  await before.service.stop();
  await lax.service.stop();
});
afterAll(async () => {
  await lax.close();
  await after.close();
  await before.close();
});

describe('a request that was opened under the old policy', () => {
  it('is decided by the old rule, and lasts as long as that said', async () => {
    const id = await openRequest(before, 'emma');
    const opened = await request(before, id);
    await later(after, 9 * MINUTE_MS);
    await approve(after, 'dana', id);
    expect(await stateOf(after, id)).toBe('approved');
    expect(await request(after, id)).toMatchObject({ policyHash: opened.policyHash, requirement: { rule: 'manager or helpdesk' } });
    expect(responseIn(await reveal(after, 'emma', id))).toHaveLength(16);
  });

  it('does not become easier either', async () => {
    const id = await openRequest(before, 'liam');
    await later(after, MINUTE_MS);
    expect(await stateOf(lax, id)).toBe('awaiting-approval');
    expect(sentenceIn(await lax.press('liam', 'show-response', id))).toContain(no('not-now'));
  });
});

describe('a request that is opened after the change', () => {
  it('falls under the new rule', async () => {
    const reply = await ask(after, 'dana', { code: await freshCode(after, 'dana') });
    expect(reply).toMatchObject({ kind: 'done' });
    const id = (await openRequestOf(after, 'dana'))?.id ?? '';
    await approve(after, 'sam', id);
    expect(await stateOf(after, id)).toBe('awaiting-approval');
    await later(after, 5 * MINUTE_MS);
    expect(await stateOf(after, id)).toBe('expired');
  });
});
