// Somebody changes requests in the database: no consent that was not given, no time that was not left.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/lib/clock.js';
import { actionsOf, freshCode, later, openRequest, settle, stateOf } from '../flows/steps.js';
import { change, openTamperingWorld, type TamperingWorld } from './tampering-world.js';

let tampering: TamperingWorld;
let id: string;
/** The row as Countersign wrote it. */
let kept: { readonly text: string };
beforeAll(async () => {
  tampering = await openTamperingWorld();
});
afterAll(() => tampering.world.close());

beforeEach(async () => {
  const { world } = tampering;
  id = await openRequest(world, 'emma', { code: await freshCode(world, 'emma') });
  [kept = { text: '' }] = await world.parts.database.$queryRaw<{ text: string }[]>`SELECT to_jsonb(r)::text AS text FROM "Request" r WHERE id = ${id}::uuid`;
});

afterEach(async () => {
  const { world } = tampering;
  await world.parts.database.$executeRaw`
    UPDATE "Request" r SET body = k.body, state = k.state, version = k.version, "deadlineAt" = k."deadlineAt",
      "cardId" = k."cardId", "requesterId" = k."requesterId"
    FROM jsonb_populate_record(NULL::"Request", ${kept.text}::jsonb) k WHERE r.id = k.id`;
  await world.press('emma', 'cancel', id);
  await later(world, DAY_MS);
});

function changed(column: string, expression: string): string {
  return change('Request', `id = '${id}'`, column, expression);
}

const CHANGES: readonly (readonly [string, string, string])[] = [
  ['called approved', 'body', `body || '{"state":"approved","round":0,"firstRevealedAt":null}'`],
  ['called approved in its column', 'state', "'approved'"],
  ['given an approval', 'body', `jsonb_set(body, '{approvals}', '[{"approverId":"dana","at":1}]')`],
  ['made to ask nobody', 'body', "jsonb_set(body, '{requirement,stages}', '[]')"],
  ['given more time', 'deadlineAt', `"deadlineAt" + interval '1 day'`],
  ['given more time in its body', 'body', "jsonb_set(body, '{expiresAt}', '99999999999999')"],
  ['moved to another card', 'cardId', `(SELECT id FROM "Card" WHERE serial = 'CARD-LIAM')`],
  ['moved to another person', 'requesterId', "'eve'"],
  ['put back by a version', 'version', 'version - 1'],
  ['given another challenge', 'body', `jsonb_set(body, '{challenge}', '"1122334455667788"')`],
];

describe('a request', () => {
  it.each(CHANGES)("that was %s is nobody's to see, to decide or to end", async (_, column, expression) => {
    const { world, captured } = tampering;
    const from = captured.lines.length;
    await tampering.tamper(changed(column, expression));
    const steps = [['emma', 'show-response'], ['emma', 'cancel'], ['dana', 'approve'], ['dana', 'deny']] as const;
    for (const [personId, action] of steps) tampering.expectFault(await world.press(personId, action, id), 'row-tampered', from);
    await expect(world.service.desk.freeze({ actorId: 'emma', formId: 'f', requestId: id })).rejects.toMatchObject({ code: 'row-tampered' });
  });

  it('that was put into the state of another request is nobody\'s either', async () => {
    const { world } = tampering;
    const other = await openRequest(world, 'liam');
    await world.parts.database.$executeRaw`
      UPDATE "Request" a SET body = b.body, mac = b.mac FROM "Request" b WHERE a.id = ${id}::uuid AND b.id = ${other}::uuid`;
    await expect(stateOf(world, id)).rejects.toMatchObject({ code: 'row-tampered' });
    await world.parts.database.$executeRaw`
      UPDATE "Request" r SET mac = k.mac FROM jsonb_populate_record(NULL::"Request", ${kept.text}::jsonb) k WHERE r.id = k.id`;
  });

  it('that was changed does not keep others from their deadlines', async () => {
    const { world } = tampering;
    await later(world, MINUTE_MS);
    const others = await openRequest(world, 'liam');
    await tampering.tamper(changed('version', 'version + 1'));
    await later(world, HOUR_MS);
    expect(await stateOf(world, others)).toBe('expired');
    await expect(stateOf(world, id)).rejects.toMatchObject({ code: 'row-tampered' });
  });

  it('that was changed does not keep others from their messages', async () => {
    const { world } = tampering;
    await settle(world);
    await tampering.tamper(changed('version', 'version + 1'));
    await tampering.tamper(`UPDATE "Notice" SET wanted = wanted + 5 WHERE "requestId" = '${id}'`);
    await openRequest(world, 'liam');
    await settle(world);
    expect(actionsOf(world.platform.latest('person:liam'))).toContain('cancel');
  });
});
