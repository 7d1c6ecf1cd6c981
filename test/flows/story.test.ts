// The whole unblock, told through the conversation: what people press, type and see.
import { createDecipheriv } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { formIn, KEYS, openWorld, type World } from '../support/world.js';

const CHALLENGE = '1603 EBDF 1C8A 2E72';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

describe('a manager approves', () => {
  it('takes the employee from a blocked card to a working one', async () => {
    const ask = formIn(await world.press('emma', 'start-unblock'));
    const opened = await world.submit('emma', ask, { challenge: CHALLENGE, code: world.code('emma'), reason: 'PIN forgotten' });
    expect(opened).toMatchObject({ kind: 'done' });
    await world.beat();
    const status = world.platform.latest('person:emma');
    expect(status.tone).toBe('waiting');
    const request = status.buttons[0]?.target ?? '';

    const vote = formIn(await world.press('dana', 'approve', request));
    expect(await world.submit('dana', vote, { code: world.code('dana') })).toMatchObject({ kind: 'done' });
    await world.beat();
    expect(world.platform.latest('person:emma').tone).toBe('good');
    expect(world.platform.latest('channel:helpdesk').buttons.map(({ action }) => action)).toEqual(['revoke']);

    const show = formIn(await world.press('emma', 'show-response', request));
    const shown = formIn(await world.submit('emma', show, {}));
    const code = shown.blocks.find((block) => block.kind === 'code');
    const cipher = createDecipheriv('des-ede3', Buffer.from(KEYS.emma, 'hex'), null).setAutoPadding(false);
    const decrypted = Buffer.concat([cipher.update(Buffer.from(code?.copy ?? '', 'hex')), cipher.final()]);
    expect(decrypted.toString('hex').toUpperCase()).toBe(CHALLENGE.replaceAll(' ', ''));

    expect(await world.press('emma', 'it-worked', request)).toMatchObject({ kind: 'done' });
    await world.beat();
    expect(world.platform.latest('person:emma').blocks[0]).toMatchObject({ text: expect.stringContaining('works again') });
    expect(world.platform.latest('person:dana').buttons).toEqual([]);
    expect(world.platform.at('person:dana')).toHaveLength(1);
  });
});
