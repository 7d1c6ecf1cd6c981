// "My recovery codes" on the Home tab: how many are left, and new ones for a code of the authenticator.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Parts } from '../../src/app/parts.js';
import { MINUTE_MS } from '../../src/lib/clock.js';
import { buttonsOf, eventually, SlackWorld, textOf, unlessWaiting, viewIn } from '../support/slack-world.js';
import type { View } from '../support/slack-service.js';

let world: SlackWorld;
beforeAll(async () => {
  world = await SlackWorld.open();
});
afterAll(() => world.close());

function parts(): Parts {
  if (world.server === null) throw new Error('no server');
  return world.server.parts;
}

/** Presses the button on the Home tab, which opens a dialog. */
async function open(): Promise<View> {
  const home = await world.openHome('emma');
  const before = world.slack.views.size;
  const place = { container: { type: 'view', view_id: home.id }, view: { ...home, type: 'home' } };
  await world.send(await world.pressing('emma', { action: 'my-recovery-codes', blocks: home.blocks, place }));
  const dialog = await eventually(() => (world.slack.views.size > before ? unlessWaiting([...world.slack.views.values()].at(-1) ?? null) : null));
  if (dialog === null) throw new Error('no dialog came');
  return dialog;
}

const codesIn = (text: string): readonly string[] => text.match(/(?:[0-9A-Z]{4}[ -]){3}[0-9A-Z]{4}/g) ?? [];

describe('the Home tab', () => {
  it('says how many recovery codes are left, and leads to them', async () => {
    const home = await world.openHome('emma');
    expect(textOf(home)).toContain('You have 0 recovery codes left.');
    expect(buttonsOf(home)).toContain('my-recovery-codes');
  });

  it('gives ten new ones once, for a code of the authenticator, and empties the dialog ten minutes later', async () => {
    const sent = await world.submit('emma', await open(), { code: await world.freshCode('emma') });
    const shown = viewIn(sent);
    expect(codesIn(textOf(shown))).toHaveLength(10);
    expect(textOf(await world.openHome('emma'))).toContain('You have 10 recovery codes left.');
    await world.later(10 * MINUTE_MS);
    expect(textOf(world.view(shown.id))).toBe('The time to look at this is over, so it is not shown any more.');
  });

  it('voids the old ones with the new ones, writes it down, and tells the person', async () => {
    const first = codesIn(textOf(viewIn(await world.submit('emma', await open(), { code: await world.freshCode('emma') }))));
    const second = codesIn(textOf(viewIn(await world.submit('emma', await open(), { code: await world.freshCode('emma') }))));
    expect(first.filter((code) => second.includes(code))).toEqual([]);
    expect(await parts().database.recoveryCode.count({ where: { personId: 'emma' } })).toBe(10);
    const entries = await parts().database.auditEntry.findMany({ where: { body: { contains: '"recovery-codes-renewed"' } } });
    expect(entries.length).toBeGreaterThanOrEqual(2);
    const written = JSON.stringify(entries.map(({ body }) => body)) + JSON.stringify(world.slack.calls.filter(({ method }) => method === 'chat.postMessage'));
    expect([...first, ...second].filter((code) => written.includes(code))).toEqual([]);
    await world.beat();
    expect(textOf((await world.latest('emma')).message)).toContain('You have new recovery codes');
    expect(textOf((await world.latest('dana')).message)).toContain('made new recovery codes');
  });

  it('gives none for a recovery code or a wrong one, and says so at the field', async () => {
    const codes = codesIn(textOf(viewIn(await world.submit('emma', await open(), { code: await world.freshCode('emma') }))));
    const refusal = { kind: 'errors', errors: { code: expect.stringContaining('not accepted') } };
    expect(await world.submit('emma', await open(), { code: codes[0] ?? '' })).toMatchObject(refusal);
    expect(await world.submit('emma', await open(), { code: '000000' })).toMatchObject(refusal);
    expect(textOf(await world.openHome('emma'))).toContain('You have 10 recovery codes left.');
  });

  it('sends whoever has no authenticator to set one up', async () => {
    await parts().database.authenticator.deleteMany({ where: { personId: 'eve' } });
    const home = await world.openHome('eve');
    expect(textOf(home)).not.toContain('recovery codes left');
    const before = world.slack.views.size;
    await world.send(await world.pressing('eve', { action: 'my-recovery-codes', blocks: home.blocks, place: { container: { type: 'view' }, view: { ...home, type: 'home' } } }));
    await eventually(() => (world.slack.views.size > before ? true : null));
    expect(textOf([...world.slack.views.values()].at(-1) ?? {})).toContain('You have no authenticator that works.');
  });
});
