// `card freeze`, `release`, `return` and `assign` on a real database: what stops needs no code, what lets go on needs two.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runCli } from '../../src/cli/countersign.js';
import type { Io } from '../../src/cli/io.js';
import { ENGLISH } from '../../src/chat/english.js';
import { systemClock } from '../../src/lib/clock.js';
import { hotpCode } from '../../src/stepup/hotp.js';
import { newSeed, seedBase32 } from '../../src/stepup/totp.js';
import { cardMac } from '../../src/store/rows.js';
import { approvedRequest, ask, freshCode, hasResponse, later, no, openRequest, reimport, request, sentenceIn, settle, textOf } from '../flows/steps.js';
import { formIn, openWorld, type World } from '../support/world.js';

const HOTP = { type: 'hotp', hash: 'sha1', digits: 6 } as const;
const seeds = { ada: newSeed(), kim: newSeed() };
const BOTH = '--as ada@example.com --with kim@example.com';
const environment = { ...process.env };
let world: World;
let press = 0;
let typed = '';
let out = '';
let err = '';

const io: Io = {
  stdout: (text) => void (out += text),
  stderr: (text) => void (err += text),
  readFile: () => Promise.reject(new Error('nothing is read')),
  readStdin: () => Promise.resolve(typed),
};

async function run(args: string, input = ''): Promise<number> {
  [out, err, typed] = ['', '', input];
  return await runCli(args.split(' '), io);
}

/** The next codes of both administrators. */
function codes(): string {
  press += 1;
  return [seeds.ada, seeds.kim].map((seed) => hotpCode(seed, BigInt(press - 1), HOTP)).join('\n');
}

const cardOf = async (personId: string) => (await world.service.desk.cardsOf(personId))[0];

async function lastEntry(kind: string): Promise<unknown> {
  const row = await world.parts.database.auditEntry.findFirstOrThrow({ where: { body: { contains: `"kind":"${kind}"` } }, orderBy: { id: 'desc' } });
  return JSON.parse(row.body);
}

beforeAll(async () => {
  world = await openWorld();
  // The command line goes by the clock of this machine.
  await later(world, systemClock().getTime() - world.clock.now().getTime());
  await reimport(world, ['ada,Ada King,ada@example.com,,administrators,,', 'kim,Kim Park,kim@example.com,,administrators,,']);
  Object.assign(process.env, { DATABASE_URL: world.url, COUNTERSIGN_DATA: world.folder, COUNTERSIGN_LOG_LEVEL: 'error' });
  const tokens = Object.entries(seeds).map(([id, seed]) => `otpauth://hotp/${id}?secret=${seedBase32(seed)}&counter=0`);
  expect(await run('authenticators import -', tokens.join('\n'))).toBe(0);
});
afterAll(async () => {
  process.env = environment;
  await world.close();
});

describe('card freeze', () => {
  it('ends the open request and stops the card, without a code', async () => {
    const id = await approvedRequest(world, 'emma');
    expect(await run('card freeze --serial CARD-EMMA --reason lost')).toBe(0);
    expect(out).toContain('The card is frozen');
    expect(await request(world, id)).toMatchObject({ state: 'cancelled', why: 'frozen' });
    expect((await cardOf('emma'))?.state).toBe('frozen');
    expect(sentenceIn(await ask(world, 'emma', { code: await freshCode(world, 'emma') }))).toBe(no('card-frozen'));
    expect(await lastEntry('frozen')).toMatchObject({ actor: 'cli', personId: 'emma', facts: { reason: 'lost' } });
  });

  it('tells the holder, the manager and security', async () => {
    await settle(world);
    for (const place of ['person:emma', 'person:dana', 'channel:security']) {
      const about = { person: 'Emma Novak', card: "Emma's card", mine: place === 'person:emma' };
      expect(world.platform.at(place).map(textOf)).toContain(ENGLISH.event['card-frozen-by-administrator'](about).text);
    }
  });

  it.each([
    ['a card that is frozen', 'card freeze --serial CARD-EMMA --reason x', 1, 'frozen already'],
    ['a card that is not there', 'card freeze --serial CARD-NOBODY --reason x', 1, 'no card with this serial'],
    ['without a reason', 'card freeze --serial CARD-EMMA', 2, '--reason'],
  ])('does nothing to %s', async (_what, command, exit, words) => {
    expect(await run(command)).toBe(exit);
    expect(err).toContain(words);
  });
});

describe('card release', () => {
  it.each([
    ['without two', 'card release --serial CARD-EMMA --reason x --as ada@example.com', 2, '--with'],
    ['by one twice', 'card release --serial CARD-EMMA --reason x --as ada@example.com --with Ada@example.com', 2, 'two administrators'],
    ['with a wrong code', `card release --serial CARD-EMMA --reason x ${BOTH}`, 1, 'was not accepted'],
    ['by who is no administrator', 'card release --serial CARD-EMMA --reason x --as ada@example.com --with sam@example.com', 1, 'not in the group administrators'],
  ])('lets nothing go %s', async (_what, command, exit, words) => {
    expect(await run(command, '000000\n000000')).toBe(exit);
    expect(err).toContain(words);
    expect((await cardOf('emma'))?.state).toBe('frozen');
  });

  it('by two lets a frozen card be asked for again, and tells the holder', async () => {
    expect(await run(`card release --serial CARD-EMMA --reason found ${BOTH} --json`, codes())).toBe(0);
    expect(JSON.parse(out)).toEqual({ serial: 'CARD-EMMA', released: true });
    expect(await lastEntry('card-released')).toMatchObject({ actor: 'ada', personId: 'emma', facts: { administrators: ['ada', 'kim'], reason: 'found', wasFrozen: true } });
    await settle(world);
    expect(world.platform.at('person:emma').map(textOf)).toContain(ENGLISH.event['card-released']({ person: 'Emma Novak', card: "Emma's card", mine: true }).text);
    const id = await openRequest(world, 'emma', { code: await freshCode(world, 'emma') });
    await world.press('emma', 'cancel', id);
  });

  it('of a card that is well changes nothing, and costs no code', async () => {
    expect(await run(`card release --serial CARD-EMMA --reason x ${BOTH}`, codes())).toBe(1);
    expect(err).toContain('neither frozen nor stopped');
    press -= 1;
  });

  it('counts anew what a card refused that was stopped', async () => {
    const row = await world.parts.database.card.findUniqueOrThrow({ where: { serial: 'CARD-LIAM' } });
    const stopped = { ...row, refusedResponses: 5 };
    await world.parts.database.card.update({ where: { id: row.id }, data: { refusedResponses: 5, mac: cardMac(stopped, world.parts.rowMac) } });
    expect(sentenceIn(await ask(world, 'liam', { code: await freshCode(world, 'liam') }))).toBe(no('card-stopped'));
    expect(await run(`card release --serial CARD-LIAM --reason tested ${BOTH}`, codes())).toBe(0);
    expect(await cardOf('liam')).toMatchObject({ state: 'active', refusedResponses: 0 });
  });

  it('gives back no authenticator: a voucher or an invitation does', async () => {
    const id = await openRequest(world, 'liam', { code: await freshCode(world, 'liam') });
    await world.submit('liam', formIn(await world.press('liam', 'not-me', id)), {});
    expect(await run(`card release --serial CARD-LIAM --reason mistake ${BOTH}`, codes())).toBe(0);
    expect(out).toContain('countersign people enroll');
    expect(await world.parts.authenticators.activeAuthenticator('liam')).toBeNull();
    const pending = await world.parts.enrolment.begin({ invitation: await world.parts.enrolment.invite('liam', world.clock.now()), personId: 'liam', at: world.clock.now() });
    expect(pending).toMatchObject({ needsOldCode: false });
  });
});

describe('card return and card assign', () => {
  it('end what is open, so that nothing more is shown to who had the card', async () => {
    const id = await approvedRequest(world, 'dana', { code: await freshCode(world, 'dana') });
    expect(await run('card return --serial CARD-DANA --reason leaves')).toBe(0);
    expect(await request(world, id)).toMatchObject({ state: 'denied', by: null, why: 'not-your-card' });
    expect(await cardOf('dana')).toBeUndefined();
    expect(hasResponse(await world.press('dana', 'show-response', id))).toBe(false);
    expect(await lastEntry('card-returned')).toMatchObject({ actor: 'cli', personId: 'dana', facts: { reason: 'leaves' } });
    await settle(world);
    expect(world.platform.at('person:dana').map(textOf)).toContain(ENGLISH.event['card-returned']({ person: 'Dana Weber', card: "Dana's card", mine: true }).text);
    expect(await run('card return --serial CARD-DANA --reason leaves')).toBe(1);
    expect(err).toContain('Nobody holds this card');
  });

  it.each([
    ['that somebody holds', 'card assign --serial CARD-EMMA --to eve@example.com', 1, 'Somebody holds this card'],
    ['to nobody who is known', 'card assign --serial CARD-DANA --to nobody@example.com', 1, 'Nobody has the e-mail'],
  ])('hand out no card %s', async (_what, command, exit, words) => {
    const before = press;
    expect(await run(`${command} --reason new ${BOTH}`, codes())).toBe(exit);
    expect(err).toContain(words);
    press = before;
  });

  it('hand a card to somebody else by two, who then asks for it with their own code', async () => {
    expect(await run(`card assign --serial CARD-DANA --to emma@example.com --reason spare ${BOTH}`, codes())).toBe(0);
    expect(out).toContain('belongs to Emma Novak');
    expect((await world.service.desk.cardsOf('emma')).map(({ serial }) => serial).sort()).toEqual(['CARD-DANA', 'CARD-EMMA']);
    await settle(world);
    expect(world.platform.at('person:emma').map(textOf)).toContain(ENGLISH.event['card-assigned']({ person: 'Emma Novak', card: "Dana's card", mine: true }).text);
    expect(await lastEntry('card-assigned')).toMatchObject({ personId: 'emma', facts: { administrators: ['ada', 'kim'], reason: 'spare' } });
  });

  it('leave a frozen card frozen', async () => {
    await run('card freeze --serial CARD-DANA --reason x');
    await run('card return --serial CARD-DANA --reason x');
    await run(`card assign --serial CARD-DANA --to dana@example.com --reason x ${BOTH}`, codes());
    expect(await cardOf('dana')).toMatchObject({ serial: 'CARD-DANA', state: 'frozen' });
  });
});

describe('numbers', () => {
  it('prints a month as text and as JSON', async () => {
    const month = world.clock.now().toISOString().slice(0, 7);
    expect(await run(`numbers --month ${month} --json`)).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ month, requests: 4, denied: 1 });
    expect(await run(`numbers --month ${month}`)).toBe(0);
    expect(out).toMatch(/^Unblocked cards: .+\nRequests: 4\./);
    expect(out).not.toMatch(/Emma|Liam|Dana/);
    expect(await run('numbers --month 2025-01')).toBe(0);
    expect(out).toContain('Nobody asked for a card.');
  });

  it('takes nothing for a month that is none', async () => {
    for (const month of ['2026-13', 'June', '2026-6']) {
      expect(await run(`numbers --month ${month}`)).toBe(2);
      expect(err).toContain('such as 2026-11');
    }
  });
});
