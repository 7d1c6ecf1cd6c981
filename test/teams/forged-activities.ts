// Requests that are not the Bot Connector's, and such as are but make no sense: what an attacker, or a fault, would send.
import { createHmac, generateKeyPairSync, randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { APP_ID, TENANT, type TokenParts } from '../support/teams-service.js';
import type { TeamsWorld, TestActivity } from '../support/teams-world.js';

export interface Sent {
  /** What is wrong with it, for the report of a failing run. */
  readonly what: string;
  /** The Authorization header; null: none. */
  readonly authorization: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array<ArrayBuffer>;
}

const OTHER_TENANT = '12345678-8888-4777-8666-555555555555';
const MICROSOFT_ADDRESS = 'https://smba.trafficmanager.net/teams/';
/** More than any activity may have. */
const HUGE = 300_000;

const intruder = generateKeyPairSync('rsa', { modulusLength: 2048 });
const jwkOfIntruder = { ...intruder.publicKey.export({ format: 'jwk' }), kid: 'key-of-a-test', use: 'sig' };

/** Any request with a right activity, or a wrong one, that nobody may believe. */
export function forgedRequests(world: TeamsWorld): fc.Arbitrary<Sent> {
  const good = world.teams.token({}, world.clock.now());
  const headers = fc.oneof(
    { weight: 4, arbitrary: mutated(good) },
    { weight: 2, arbitrary: unsigned(good) },
    { weight: 2, arbitrary: underPublicKey(world, good) },
    { weight: 3, arbitrary: fc.constantFrom(...wronglySigned(world), ...wronglyClaimed(world)) },
    { weight: 1, arbitrary: withoutToken(good) },
  );
  const bodies = fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...rightBodies(world)) }, { weight: 1, arbitrary: strangeBodies() });
  return fc.tuple(headers, bodies).map(([{ what, authorization }, body]) => ({ what, authorization, body }));
}

type Header = Pick<Sent, 'what' | 'authorization'>;

function bearer(what: string, token: string): Header {
  return { what, authorization: `Bearer ${token}` };
}

/** One bit of a right token turned over, in what it decodes to: its last letter has bits that mean nothing. */
function mutated(good: string): fc.Arbitrary<Header> {
  const parts = good.split('.').map((part) => Buffer.from(part, 'base64url'));
  return fc.tuple(fc.nat({ max: 2 }), fc.nat(), fc.nat({ max: 7 })).map(([which, at, bit]) => {
    const turned = parts.map((part, index) => {
      const copy = Buffer.from(part);
      if (index === which) copy[at % copy.length] = (copy[at % copy.length] ?? 0) ^ (1 << bit);
      return copy.toString('base64url');
    });
    return bearer(`bit ${bit} of byte ${at} in part ${which} turned`, turned.join('.'));
  });
}

function unsigned(good: string): fc.Arbitrary<Header> {
  const [, claims = '', signature = ''] = good.split('.');
  const alg = fc.constantFrom('none', 'None', 'NONE', 'nOnE', '', 'RS256 ', 'null');
  return fc.tuple(alg, fc.constantFrom('', signature, 'AAAA', '-')).map(([name, end]) =>
    bearer(`algorithm '${name}'`, `${part({ alg: name, typ: 'JWT', kid: 'key-of-a-test' })}.${claims}.${end}`));
}

/** The trap of libraries that let the token say how it is to be checked. */
function underPublicKey(world: TeamsWorld, good: string): fc.Arbitrary<Header> {
  const [, claims = ''] = good.split('.');
  const pem = world.teams.publicPem;
  const secrets = fc.constantFrom(pem, pem.trim(), pem.replace(/-----[^-]+-----|\s/g, ''), '', APP_ID);
  const hash = fc.constantFrom(['HS256', 'sha256'], ['HS384', 'sha384'], ['HS512', 'sha512'], ['RS256', 'sha256']);
  return fc.tuple(secrets, hash).map(([secret, [alg = '', digest = '']]) => {
    const text = `${part({ alg, typ: 'JWT', kid: 'key-of-a-test' })}.${claims}`;
    return bearer(`${alg}, an HMAC under the public key`, `${text}.${createHmac(digest, secret).update(text).digest('base64url')}`);
  });
}

/** Signed well, by somebody else, in all the ways that a token may name its own key. */
function wronglySigned(world: TeamsWorld): readonly Header[] {
  const names = ['key-of-a-test', 'another', '__proto__', 'constructor', '../../keys', "' OR 1=1 --", '', 'x'.repeat(5_000)];
  const heads: readonly TokenParts['head'][] = [
    ...names.map((kid) => ({ kid })),
    { jwk: jwkOfIntruder },
    { jku: `${world.teams.origin}/keys` },
    { x5u: 'http://127.0.0.1:9/certificate' },
    { x5c: [intruder.publicKey.export({ type: 'spki', format: 'der' }).toString('base64')] },
    { crit: ['exp'] },
    { kid: 7 },
    { alg: ['RS256'] },
    { alg: 'PS256' },
    { alg: 'RS512' },
  ];
  return heads.map((head = {}) => bearer(`signed by another, with ${JSON.stringify(head).slice(0, 60)}`, world.teams.token({ head, key: intruder.privateKey }, world.clock.now())));
}

/** Signed by the Bot Connector, but not for us, not now, or not in this form. */
function wronglyClaimed(world: TeamsWorld): readonly Header[] {
  const seconds = Math.floor(Date.now() / 1_000);
  const claims: readonly TokenParts['claims'][] = [
    ...['', '22222222-2222-4333-8444-555555555555', APP_ID.slice(1), [APP_ID], null, undefined, { id: APP_ID }].map((aud) => ({ aud })),
    ...['https://api.botframework.com', `${world.teams.origin}/`, world.teams.origin.toUpperCase(), [world.teams.origin], null, undefined, 'https://sts.windows.net/d6d49420-f39b-4df7-a1dc-d59a935871db/'].map((iss) => ({ iss })),
    ...[MICROSOFT_ADDRESS, '', world.teams.origin, [world.teams.serviceUrl], null, undefined, 'https://evil.example/teams/'].map((serviceurl) => ({ serviceurl })),
    ...[seconds - 600, 0, -1, 1e-300, String(seconds + 600), null, undefined].map((exp) => ({ exp })),
    ...[seconds + 600, 8e15, String(seconds)].map((nbf) => ({ nbf })),
  ];
  return claims.map((wrong = {}) => bearer(`with ${JSON.stringify(wrong)}`, world.teams.token({ claims: wrong }, world.clock.now())));
}

function withoutToken(good: string): fc.Arbitrary<Header> {
  const [head = '', claims = '', signature = ''] = good.split('.');
  const fixed = ['', 'Bearer', 'Bearer ', `bearer ${good}`, `Basic ${good}`, good, `Bearer ${good} `.concat(good), `Bearer ${head}.${claims}`, `Bearer ${head}..${signature}`, `Bearer ${good}.${signature}`, `Bearer ${signature}.${claims}.${head}`, `Bearer ${'A'.repeat(8_000)}`, 'Bearer ..', 'Bearer e30.e30.e30'];
  const typed = fc.string({ maxLength: 200 }).map((text) => text.replaceAll(/[^\x21-\x7e]/g, ''));
  return fc.oneof(fc.constantFrom(null, ...fixed), typed, typed.map((text) => `Bearer ${text}`)).map((authorization) => ({ what: 'no token', authorization }));
}

function rightBodies(world: TeamsWorld): readonly string[] {
  return rightActivities(world).map((activity) => JSON.stringify(activity));
}

function rightActivities(world: TeamsWorld): readonly TestActivity[] {
  const press = { kind: 'pressed', action: 'start-unblock', target: '' };
  return [
    world.activity('emma', { type: 'message', text: 'unblock' }),
    world.activity('dana', { type: 'installationUpdate', action: 'add' }),
    world.activity('dana', { type: 'conversationUpdate' }),
    world.activity('emma', { type: 'invoke', name: 'task/fetch', value: { data: press } }),
    world.activity('emma', { type: 'invoke', name: 'task/submit', value: { data: { kind: 'submitted', form: 'unblock', formId: 'f'.repeat(22), target: '', code: '000000' } } }),
    world.activity('sam', { type: 'invoke', name: 'adaptiveCard/action', value: { action: { verb: 'refresh', data: { target: randomUUID() } } } }),
  ];
}

function strangeBodies(): fc.Arbitrary<string> {
  const fixed = ['', '[]', 'null', '{', '"text"', '{"__proto__":{"serviceUrl":"x"}}', '\u0000', '<html>', '['.repeat(2_000), 'a=b&c=d'];
  return fc.oneof(fc.constantFrom(...fixed), fc.json({ maxDepth: 4 }), fc.string({ unit: 'binary', maxLength: 200 }));
}

/** With a right token: activities of which something is missing, of the wrong kind, or of somebody else. */
export function malformedRequests(world: TeamsWorld): fc.Arbitrary<Sent> {
  const authorization = `Bearer ${world.teams.token({}, world.clock.now())}`;
  const activities = rightActivities(world);
  const spoiled = fc.tuple(fc.constantFrom(...activities), spoilings(activities)).map(([activity, spoil]) => ({ ...activity, id: randomUUID(), ...spoil, serviceUrl: world.teams.serviceUrl }));
  const strangers = fc.tuple(fc.constantFrom(...activities), fc.constantFrom(...STRANGERS)).map(([activity, facts]) => ({ ...activity, ...facts }));
  const body = fc.oneof({ weight: 5, arbitrary: spoiled }, { weight: 2, arbitrary: strangers }).map((activity) => JSON.stringify(activity));
  return fc.oneof({ weight: 6, arbitrary: body }, { weight: 1, arbitrary: strangeBodies() }).map((text) => ({ what: 'a right token', authorization, body: text }));
}

/** One to three fields of an activity, each gone or something else. */
function spoilings(activities: readonly TestActivity[]): fc.Arbitrary<TestActivity> {
  const names = [...new Set(activities.flatMap((activity) => Object.keys(activity)))];
  const content = fc.oneof(fc.constant(undefined), fc.jsonValue({ maxDepth: 3 }), fc.constantFrom('x'.repeat(3_000), -1, { id: '' }, { id: {} }, [[]]));
  return fc.dictionary(fc.constantFrom(...names), content, { minKeys: 1, maxKeys: 3, noNullPrototype: true });
}

const STRANGERS: readonly TestActivity[] = [
  { conversation: { id: 'a:emma', tenantId: OTHER_TENANT, conversationType: 'personal' } },
  { conversation: { id: 'a:emma', tenantId: OTHER_TENANT, conversationType: 'personal' }, channelData: { tenant: { id: OTHER_TENANT } } },
  { channelData: { tenant: { id: OTHER_TENANT } } },
  { conversation: { id: 'a:emma', conversationType: 'personal' }, channelData: null },
  { from: { id: '28:another-app', aadObjectId: TENANT } },
  { from: { id: '29:x', aadObjectId: TENANT, role: 'skill' } },
  { from: { id: '29:x' } },
  { from: { id: '29:x', aadObjectId: '__proto__' } },
];

/** With a right token: bodies that are too large, or not what their headers say. */
export function misframedRequests(world: TeamsWorld): fc.Arbitrary<Sent> {
  const authorization = `Bearer ${world.teams.token({}, world.clock.now())}`;
  const [body = ''] = rightBodies(world);
  const huge = (text: string): string => JSON.stringify({ ...world.activity('emma', { type: 'message' }), text });
  return fc.constantFrom<Sent>(
    { what: 'huge words', authorization, body: huge('x'.repeat(HUGE)) },
    { what: 'huge words in many bytes a letter', authorization, body: huge('\u{1f512}'.repeat(HUGE / 4)) },
    { what: 'huge and deep', authorization, body: '['.repeat(HUGE) },
    { what: 'said to be packed', authorization, headers: { 'content-encoding': 'gzip' }, body },
    { what: 'packed in an unknown way', authorization, headers: { 'content-encoding': 'compress' }, body },
    { what: 'in an unknown alphabet', authorization, headers: { 'content-type': 'application/json; charset=x-unknown' }, body },
    { what: 'in another alphabet', authorization, headers: { 'content-type': 'application/json; charset=utf-16' }, body },
    { what: 'no letters at all', authorization, headers: { 'content-type': 'application/octet-stream' }, body: Uint8Array.of(0xff, 0xfe, 0x00, 0x80) },
    { what: 'a form', authorization, headers: { 'content-type': 'multipart/form-data; boundary=x' }, body: '--x\r\n\r\n--x--' },
  );
}

function part(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
