// Every code that is refused is in the audit, whatever it was typed for: guesses are counted over the whole organisation.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { alarmWrongCodes } from '../../src/store/refused-codes.js';
import { formIn, openWorld, type World } from '../support/world.js';
import { errorAt, freshCode, later, NEXT_CODE_MS, no, wrongCode } from './steps.js';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

async function refusedFor(): Promise<readonly unknown[]> {
  const rows = await world.parts.database.auditEntry.findMany({ where: { body: { contains: '"kind":"code-refused"' } }, orderBy: { id: 'asc' } });
  return rows.map(({ body }) => {
    const { actor, personId, facts } = JSON.parse(body) as { actor: string; personId: string; facts: { purpose: string } };
    return [actor, personId, facts.purpose];
  });
}

describe('a code that is refused', () => {
  it('is written down when somebody would vouch with it', async () => {
    const form = formIn(await world.press('dana', 'vouch'));
    expect(errorAt(await world.submit('dana', form, { person: 'emma@example.com', code: wrongCode(world, 'dana') }), 'code')).toBe(no('code-not-accepted'));
    expect(await refusedFor()).toEqual([['dana', 'dana', 'voucher']]);
  });

  it('and when it should pay for new recovery codes', async () => {
    const form = formIn(await world.press('emma', 'my-recovery-codes'));
    await world.submit('emma', form, { code: wrongCode(world, 'emma') });
    expect((await refusedFor()).at(-1)).toEqual(['emma', 'emma', 'recovery-codes']);
  });

  it('and when an authenticator is set up, for the new one and for the old one', async () => {
    const code = await world.parts.enrolment.invite('emma', world.clock.now());
    const form = formIn(await world.submit('emma', formIn(await world.press('emma', 'my-authenticator')), { invitation: code }));
    await world.submit('emma', form, { newCode: '000000', code: await freshCode(world, 'emma') });
    expect((await refusedFor()).at(-1)).toEqual(['emma', 'emma', 'enrolment']);
  });

  it('is one of those of which security is told when there are too many', async () => {
    await later(world, NEXT_CODE_MS);
    expect(await alarmWrongCodes(world.parts, { limit: 4, at: world.clock.now() })).toBe(0);
    expect(await alarmWrongCodes(world.parts, { limit: 3, at: world.clock.now() })).toBe(1);
  });
});
