// After stories that went well and stories that did not: secrets are in no table, no log line, no message and no file.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DEFAULT_POLICY_TEXT } from '../../src/approval/default-policy.js';
import type { Reply } from '../../src/chat/event.js';
import type { Block } from '../../src/chat/message.js';
import { fromHex, inGroups, utf8 } from '../../src/lib/bytes.js';
import { HOUR_MS, MINUTE_MS } from '../../src/lib/clock.js';
import { currentCode, seedBase32, seedFromBase32 } from '../../src/stepup/totp.js';
import { captureLog } from '../store/captured-log.js';
import { formIn, KEYS, openWorld, type World } from '../support/world.js';
import { deny, freshCode, type Holder, later, latestRequest, newChallenge, openRequest, responseIn, sentenceIn, settle, stateOf, wrongCode } from './steps.js';

const captured = captureLog();
/** Everything secret that came up in the stories, by what it is. */
const planted = new Map<string, Set<string>>();
/** What people saw for themselves alone: dialogs and their errors. */
const replies: Reply[] = [];
let world: World;

function plant(what: string, secret: string): string {
  planted.set(what, (planted.get(what) ?? new Set()).add(secret));
  return secret;
}

/** The person's next right code, remembered as planted. */
async function code(personId: string): Promise<string> {
  return plant('code', await freshCode(world, personId));
}

function wrong(personId: string, round: number): string {
  return plant('code', wrongCode(world, personId, round));
}

async function send(personId: string, pressed: Reply, inputs: Record<string, string>): Promise<Reply> {
  const reply = await world.submit(personId, formIn(pressed), inputs);
  replies.push(reply);
  return reply;
}

function blockIn<K extends Block['kind']>(reply: Reply, kind: K): Extract<Block, { kind: K }> {
  const block = formIn(reply).blocks.find((one): one is Extract<Block, { kind: K }> => one.kind === kind);
  if (block === undefined) throw new Error(`nothing of kind ${kind}: ${sentenceIn(reply)}`);
  return block;
}

beforeAll(async () => {
  // What is set up here is used at once.
  world = await openWorld({ log: captured.log, policyText: `${DEFAULT_POLICY_TEXT}stepUp: { coolingOffHours: 0 }\n` });
  for (const seed of world.seeds.values()) plant('seed', seedBase32(seed));
  for (const key of Object.values(KEYS)) plant('key', key);
  await enrol('emma');
  await unblock('emma', await code('emma'));
  await unblock('emma', [...(planted.get('recovery code') ?? [])][0] ?? '');
  await goWrong();
  await settle(world);
}, 60_000);
afterAll(() => world.close());

/** A new authenticator, through the chat, with an invitation; the old one agrees. */
async function enrol(personId: string): Promise<void> {
  const invitation = plant('invitation', await world.parts.enrolment.invite(personId, world.clock.now()));
  const shown = await send(personId, await world.press(personId, 'my-authenticator'), { invitation });
  const seed = seedFromBase32(plant('seed', blockIn(shown, 'code').copy));
  const old = await code(personId);
  await send(personId, shown, { newCode: wrong(personId, 5), code: old });
  const done = await send(personId, shown, { newCode: plant('code', currentCode(seed, world.clock.now())), code: old });
  for (const line of blockIn(done, 'keep').lines) plant('recovery code', line);
  world.seeds.set(personId, seed);
}

/** With a misread challenge, a wrong code, a replayed one, a second look, a refused response and another round. */
async function unblock(personId: Holder, first: string): Promise<void> {
  const ask = await world.press(personId, 'start-unblock');
  const inputs = { challenge: plant('challenge', newChallenge()), reason: 'PIN forgotten' };
  await send(personId, ask, { ...inputs, challenge: inputs.challenge.replaceAll('0', 'O'), code: first });
  await send(personId, ask, { ...inputs, code: wrong(personId, 0) });
  await send(personId, ask, { ...inputs, code: plant('code', first) });
  const { id } = await latestRequest(world, personId);
  const vote = await world.press('dana', 'approve', id);
  await send('dana', vote, { code: wrong('dana', 0) });
  await send('dana', vote, { code: await code('dana') });
  plant('response', responseIn(await send(personId, await world.press(personId, 'show-response', id), {})));
  await world.press(personId, 'show-response', id);
  const again = await world.press(personId, 'it-was-refused', id);
  await send(personId, again, { challenge: plant('challenge', newChallenge()), code: first });
  await send(personId, again, { challenge: plant('challenge', newChallenge()), code: await code(personId) });
  plant('response', responseIn(await send(personId, await world.press(personId, 'show-response', id), {})));
  await world.press(personId, 'it-worked', id);
  expect(await stateOf(world, id)).toBe('done');
}

/** A denial, an expiry, three wrong codes, a code in the chat, faults of the database at every step, and "not me". */
async function goWrong(): Promise<void> {
  const denied = await openRequest(world, 'liam', { code: await code('liam'), challenge: plant('challenge', newChallenge()) });
  await deny(world, 'sam', denied);
  await openRequest(world, 'liam', { code: await code('liam'), challenge: plant('challenge', newChallenge()) });
  await later(world, HOUR_MS);
  const ask = await world.press('liam', 'start-unblock');
  const inputs = { challenge: plant('challenge', newChallenge()), reason: 'PIN forgotten' };
  for (const round of [0, 1, 2]) await send('liam', ask, { ...inputs, code: wrong('liam', round) });
  replies.push(await world.say('liam', plant('code', world.code('liam'))));
  await breakDown();
  const mine = (await latestRequest(world, 'dana')).id;
  await send('dana', await world.press('dana', 'not-me', mine), {});
}

/** Each table goes missing once while a story goes on. */
async function breakDown(): Promise<void> {
  const { database } = world.parts;
  for (const table of ['GuessAttempt', 'Submission', 'AuditEntry', 'Notice', 'Authenticator', 'AnsweredChallenge', 'RecoveryCode']) {
    const ask = await world.press('dana', 'start-unblock');
    const typed = { challenge: plant('challenge', newChallenge()), code: await code('dana'), reason: 'PIN forgotten' };
    const forgotten = { ...typed, code: plant('recovery code', 'ABCD EFGH JKMN PQRS') };
    await database.$executeRawUnsafe(`ALTER TABLE "${table}" RENAME TO "Gone"`);
    await send('dana', ask, typed);
    await send('dana', ask, forgotten);
    await database.$executeRawUnsafe(`ALTER TABLE "Gone" RENAME TO "${table}"`);
    await later(world, MINUTE_MS);
  }
}

/** The bytes behind a secret's text, for those that have some. */
function bytesOf(what: string, plain: string): Uint8Array | null {
  if (what === 'seed') return seedFromBase32(plain);
  return ['key', 'response', 'challenge'].includes(what) ? fromHex(plain) : null;
}

/** The ways in which people and programs write a secret down, and the ways in which bytes are written as text. */
function formsOf(what: string, secret: string): { readonly written: readonly string[]; readonly encoded: readonly string[] } {
  const plain = secret.replace(/[\s-]/g, '');
  const bytes = bytesOf(what, plain);
  const written = [plain, ...[3, 4, 5].flatMap((size) => [inGroups(plain, size), inGroups(plain, size).replaceAll(' ', '-')])];
  const raw = [...written.map(utf8), ...(bytes === null ? [] : [bytes])].map((one) => Buffer.from(one));
  const encoded = raw.flatMap((one) => [one.toString('hex'), one.toString('base64').replace(/=+$/, ''), one.toString('base64url')]);
  return { written, encoded };
}

/** In either case. Six digits turn up by chance inside longer numbers, so a code counts only where it stands alone. */
function patternFor(what: string, secret: string): RegExp {
  const anyOf = (forms: readonly string[]) => [...new Set(forms)].map((form) => form.replaceAll('+', '\\+')).join('|');
  const { written, encoded } = formsOf(what, secret);
  const text = what === 'code' ? `(?<![0-9A-Za-z])(?:${anyOf(written)})(?![0-9A-Za-z])` : anyOf(written);
  return new RegExp(`${text}|${anyOf(encoded)}`, 'i');
}

function found(text: string, kinds: readonly string[]): readonly string[] {
  return kinds.flatMap((what) => [...(planted.get(what) ?? [])].filter((secret) => patternFor(what, secret).test(text)).map(() => what));
}

const NOWHERE = ['code', 'recovery code', 'invitation', 'seed', 'key', 'response'];
const PLACES: readonly (readonly [string, () => Promise<string>])[] = [
  ['the log', () => Promise.resolve(captured.lines.join('\n'))],
  ['the messages', () => Promise.resolve(JSON.stringify([...world.platform.posts.values()]))],
  ['the audit file', () => readFile(join(world.folder, 'audit.log'), 'utf8')],
];

async function tables(): Promise<readonly string[]> {
  const rows = await world.parts.database.$queryRaw<{ name: string }[]>`
    SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'`;
  return rows.map(({ name }) => name);
}

/** Every row with every column as text; bytes as hex. */
async function dump(table: string): Promise<string> {
  const rows = await world.parts.database.$queryRawUnsafe<{ row: string }[]>(`SELECT to_jsonb(t)::text AS row FROM "${table}" t`);
  return rows.map(({ row }) => row).join('\n');
}

describe('the stories', () => {
  it('brought up every kind of secret, several times', () => {
    const counts = Object.fromEntries([...planted].map(([what, secrets]) => [what, secrets.size]));
    expect(counts).toMatchObject({ response: 4, invitation: 1, key: 3 });
    for (const what of ['code', 'recovery code', 'seed', 'challenge']) expect(counts[what]).toBeGreaterThan(6);
    expect(captured.errorCodes().length).toBeGreaterThan(4);
  });

  it('showed secrets only in dialogs, so that looking for them finds them there', () => {
    expect(new Set(found(JSON.stringify(replies), ['seed', 'response', 'recovery code']))).toEqual(new Set(['seed', 'response', 'recovery code']));
  });
});

describe('looking for a secret', () => {
  it.each([
    ['a code in a sentence', 'code', '123456', 'typed 123456 here'],
    ['a code as hex', 'code', '123456', '\\x313233343536'],
    ['a code as base64', 'code', '123456', '"MTIzNDU2"'],
    ['a key in lower case', 'key', 'A1B2C3D4E5F60718', 'x a1b2c3d4e5f60718 y'],
    ['a response in groups', 'response', 'A1B2C3D4E5F60718', 'A1B2 C3D4 E5F6 0718'],
    ['a response as bytes in base64', 'response', 'A1B2C3D4E5F60718', '"obLD1OX2Bxg="'],
    ['a seed as bytes', 'seed', 'JBSWY3DPEHPK3PXP', '\\x48656c6c6f21deadbeef'],
    ['a recovery code without blanks', 'recovery code', 'ABCD EFGH JKMN PQRS', '"ABCDEFGHJKMNPQRS"'],
  ])('finds %s', (_, what, secret, text) => {
    expect(patternFor(what, secret).test(text)).toBe(true);
  });
});

describe('afterwards', () => {
  it('no table holds a secret', async () => {
    const names = await tables();
    expect(names).toContain('Request');
    for (const name of names) expect({ name, found: found(await dump(name), NOWHERE) }).toEqual({ name, found: [] });
  });

  it('no table holds a challenge of a request that has ended', async () => {
    expect(await world.parts.database.request.count({ where: { deadlineAt: { not: null } } })).toBe(0);
    for (const name of await tables()) expect({ name, found: found(await dump(name), ['challenge']) }).toEqual({ name, found: [] });
  });

  it.each(PLACES)('%s holds neither a secret nor a challenge', async (_, read) => {
    const text = await read();
    expect(text.length).toBeGreaterThan(1_000);
    expect(found(text, [...NOWHERE, 'challenge'])).toEqual([]);
  });
});
