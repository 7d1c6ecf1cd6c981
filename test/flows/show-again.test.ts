// The dialog with the response was closed too early.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MINUTE_MS } from '../../src/lib/clock.js';
import { formIn, openWorld, type World } from '../support/world.js';
import { actionsOf, approvedRequest, auditKinds, forgedForm, hasResponse, later, no, request, responseIn, reveal, sentenceIn, settle } from './steps.js';

let world: World;
let id: string;
let first: string;
beforeAll(async () => {
  world = await openWorld();
  id = await approvedRequest(world, 'emma');
  first = responseIn(await reveal(world, 'emma', id));
});
afterAll(() => world.close());

describe('a response that was shown', () => {
  it('is shown again inside its window, the same one, without another code', async () => {
    await later(world, 5 * MINUTE_MS - 1);
    expect(responseIn(await world.press('emma', 'show-response', id))).toBe(first);
    expect(await request(world, id)).toMatchObject({ state: 'answered', timesShown: 2 });
  });

  it('is told to be emptied from the screen at the end of the window', async () => {
    const form = formIn(await world.press('emma', 'show-response', id));
    const known = await request(world, id);
    expect(form.emptyAt).toBe(new Date('shownUntil' in known ? known.shownUntil : 0).toISOString());
  });

  it('is audited each time it is shown, and released once', async () => {
    const kinds = await auditKinds(world, id);
    expect(kinds.filter((kind) => kind === 'released')).toHaveLength(1);
    expect(kinds.filter((kind) => kind === 'shown-again')).toHaveLength(2);
  });

  it('stands in no message', async () => {
    await settle(world);
    const posted = JSON.stringify([...world.platform.posts.values()]);
    expect(posted).not.toContain(first);
    expect(actionsOf(world.platform.latest('person:emma'))).toEqual(['show-response', 'it-worked', 'it-was-refused', 'not-me']);
  });

  it('is not shown after its window', async () => {
    await later(world, 1);
    const reply = await world.press('emma', 'show-response', id);
    expect(hasResponse(reply)).toBe(false);
    expect(sentenceIn(reply)).toContain(no('reveal-over'));
  });

  it('is not shown after its window through a dialog from before either', async () => {
    expect(hasResponse(await world.submit('emma', forgedForm('show-response', id), {}))).toBe(false);
  });

  it('may still be called right or refused', async () => {
    expect(await world.press('emma', 'it-worked', id)).toMatchObject({ kind: 'done' });
  });
});
