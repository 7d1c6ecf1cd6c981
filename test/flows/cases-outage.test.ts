// Chat is away just when a response was released: nothing is released twice, and every copy is put right afterwards.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ENGLISH } from '../../src/chat/english.js';
import { MINUTE_MS } from '../../src/lib/clock.js';
import { openWorld, type World } from '../support/world.js';
import { approvedRequest, auditKinds, later, responseIn, reveal, settle, textOf } from './steps.js';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

describe('an outage between the release of a response and its delivery', () => {
  let id: string;
  let response: string;

  it('keeps it from nobody: the same response is shown again, by another process too, and released once', async () => {
    id = await approvedRequest(world, 'emma');
    await settle(world);
    world.platform.down = true;
    response = responseIn(await reveal(world, 'emma', id));
    await settle(world);
    const other = await openWorld({ beside: world });
    expect(responseIn(await other.press('emma', 'show-response', id))).toBe(response);
    await other.close();
    expect((await auditKinds(world, id)).slice(-2)).toEqual(['released', 'shown-again']);
  });

  it('leaves every copy to be put right when chat is back', async () => {
    expect(textOf(world.platform.latest('person:dana'))).toContain(ENGLISH.say.state.approved);
    world.platform.down = false;
    await later(world, MINUTE_MS);
    for (const place of ['person:dana', 'channel:helpdesk']) expect(textOf(world.platform.latest(place))).toContain(ENGLISH.say.state.answered);
    expect(world.platform.at('person:dana')).toHaveLength(1);
    expect(responseIn(await world.press('emma', 'show-response', id))).toBe(response);
  });
});
