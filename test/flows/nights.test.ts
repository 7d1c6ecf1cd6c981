// So many responses in a night and no more: then the breaker opens, whatever the hour allows.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readBreaker } from '../../src/store/breaker.js';
import { openWorld, type World } from '../support/world.js';
import { answeredRequest, approvedRequest, freshCode, hasResponse, no, reveal, sentenceIn } from './steps.js';

// The world's clock begins at 09:00 UTC, which is night in this place.
const POLICY = `version: 1
limits: { unblocksPerNight: 1 }
night: { timeZone: Pacific/Auckland }
rules: [{ name: all, approvals: [{ from: [manager, helpdesk] }] }]
`;

let world: World;
beforeAll(async () => {
  world = await openWorld({ policyText: POLICY });
});
afterAll(() => world.close());

describe('a night', () => {
  it('has its own limit, which stops what is approved already and opens the breaker', async () => {
    const waiting = await approvedRequest(world, 'liam');
    await answeredRequest(world, 'emma', { code: await freshCode(world, 'emma') });
    const reply = await reveal(world, 'liam', waiting);
    expect(hasResponse(reply)).toBe(false);
    expect(sentenceIn(reply)).toContain(no('breaker-open'));
    expect(await readBreaker(world.parts.database, world.parts.rowMac)).toMatchObject({ state: 'open', why: 'night' });
  });
});
