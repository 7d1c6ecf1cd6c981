// Requests to Slack's address that Slack would never make, as fast-check makes them up: forged, malformed, misframed.
import { createHmac } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { SIGNING_SECRET } from '../support/slack-world.js';

/** Several values of one header are sent as several lines. */
export interface Sent {
  readonly what: string;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: Uint8Array;
}

interface Signed {
  readonly body: Uint8Array;
  readonly type: string;
  readonly time: string;
  readonly signature: string;
}

export const JSON_TYPE = 'application/json';
export const FORM_TYPE = 'application/x-www-form-urlencoded';
const FIVE_MINUTES = 300;

export function signatureOf(body: Uint8Array, time: string, secret = SIGNING_SECRET): string {
  return `v0=${createHmac('sha256', secret).update(`v0:${time}:`).update(body).digest('hex')}`;
}

/** What would open a dialog, press a button, send a dialog or say something, if it came from Slack. */
function bodies(users: readonly string[], team: string): fc.Arbitrary<Pick<Signed, 'body' | 'type'>> {
  const ids = { user: fc.constantFrom(...users), nonce: fc.uuid() };
  const command = fc.record(ids).map(({ user, nonce }) => form({ command: '/unblock', text: '', user_id: user, team_id: team, trigger_id: nonce, response_url: 'http://127.0.0.1:9/' }));
  const pressed = fc.record({ ...ids, action: fc.constantFrom('start-unblock:0', 'approve:0', 'not-me:3') }).map(({ user, nonce, action }) =>
    form({ payload: JSON.stringify({ type: 'block_actions', user: { id: user, team_id: team }, team: { id: team }, trigger_id: nonce, actions: [{ type: 'button', action_id: action, value: nonce }] }) }),
  );
  const sent = fc.record({ ...ids, code: fc.integer({ min: 0, max: 999_999 }) }).map(({ user, nonce, code }) =>
    form({
      payload: JSON.stringify({
        type: 'view_submission',
        user: { id: user, team_id: team },
        team: { id: team },
        trigger_id: nonce,
        view: { id: 'V1', callback_id: 'dialog', private_metadata: JSON.stringify({ form: 'approve', formId: 'A'.repeat(22), target: nonce }), state: { values: { 'code.x': { value: { value: String(code) } } } } },
      }),
    }),
  );
  const said = fc.record({ ...ids, text: fc.string({ maxLength: 300 }) }).map(({ user, nonce, text }) =>
    json({ type: 'event_callback', team_id: team, event_id: nonce, event: { type: 'message', channel_type: 'im', channel: 'D0', user, text, ts: '1' } }),
  );
  return fc.oneof(command, pressed, sent, said);
}

/** What somebody sends who does not have the signing secret, or has caught what is over. */
export function forgedRequests({ users, team, now, caught }: { readonly users: readonly string[]; readonly team: string; readonly now: () => number; readonly caught: readonly Signed[] }): fc.Arbitrary<Sent> {
  const content = bodies(users, team);
  const good = content.map((one) => signedAt(one, String(now())));
  const hex = fc.stringMatching(/^[0-9a-f]{64}$/);
  const unlike = fc.oneof(hex.map((digits) => `v0=${digits}`), hex.map((digits) => `v1=${digits}`), hex, fc.stringMatching(/^v0=[0-9a-f]{0,63}$/), fc.stringMatching(/^v0=[0-9A-F]{64}$/), fc.stringMatching(/^[!-~]{1,200}$/));
  const wrongTime = fc.oneof(fc.integer({ min: FIVE_MINUTES + 1, max: 10_000_000 }), fc.integer({ min: -10_000_000, max: -FIVE_MINUTES - 1 }));
  const noTime = fc.constantFrom('', 'now', '1e9', '-1', '0x5f', '1.5', 'NaN', 'Infinity', '9'.repeat(13), '１２３', '0', `${'0'.repeat(20)}1`);
  return fc.oneof(
    content.map((one) => ({ what: 'no signature', headers: { 'content-type': one.type, 'x-slack-request-timestamp': String(now()) }, body: one.body })),
    content.map((one) => ({ what: 'nothing but a body', headers: { 'content-type': one.type }, body: one.body })),
    good.map((one) => ({ ...toSend('no time', one), headers: { 'content-type': one.type, 'x-slack-signature': one.signature } })),
    fc.tuple(good, unlike).map(([one, signature]) => toSend('a made-up signature', { ...one, signature })),
    fc.tuple(good, fc.stringMatching(/^[!-~]{1,64}$/)).map(([one, secret]) => toSend('the signature of another secret', { ...one, signature: signatureOf(one.body, one.time, `${secret}!`) })),
    fc.tuple(good, content).map(([one, other]) => toSend('the signature of another body', { ...one, body: Buffer.concat([other.body, Buffer.from(' ')]) })),
    fc.tuple(good, fc.nat()).map(([one, at]) => toSend('a body cut short', { ...one, body: one.body.subarray(0, at % one.body.length) })),
    fc.tuple(good, fc.nat(), fc.integer({ min: 1, max: 255 })).map(([one, at, bits]) => toSend('a changed byte', { ...one, body: flipped(one.body, at, bits) })),
    fc.tuple(content, wrongTime).map(([one, off]) => toSend('a stale or future time', signedAt(one, String(now() - off)))),
    fc.tuple(content, noTime).map(([one, time]) => toSend('a time that is none', signedAt(one, time))),
    fc.tuple(good, fc.integer({ min: 1, max: 299 })).map(([one, off]) => toSend('another time than was signed', { ...one, time: String(now() - off) })),
    fc.tuple(good, unlike).map(([one, other]) => doubled('x-slack-signature', one, [other, one.signature])),
    good.map((one) => doubled('x-slack-signature', one, [one.signature, one.signature])),
    good.map((one) => doubled('x-slack-request-timestamp', one, [one.time, one.time])),
    fc.constantFrom(...caught).map((one) => toSend('a captured request', one)),
  );
}

/** Signed as Slack signs, so that only what is in it can be wrong: as if Slack itself had a bad day. */
export function malformedRequests({ users, team, now }: { readonly users: readonly string[]; readonly team: string; readonly now: () => number }): fc.Arbitrary<Sent> {
  const text = fc.oneof(fc.string({ maxLength: 500 }), fc.string({ unit: 'binary', maxLength: 200 }), fc.json({ maxDepth: 6 }), fc.constantFrom('', '{', '[]', 'null', '"x"', '{"__proto__":{"a":1}}', '{"type":"event_callback"}', '{"type":"url_verification"}', '['.repeat(5_000)));
  const type = fc.constantFrom(JSON_TYPE, FORM_TYPE, `${FORM_TYPE}; charset=utf-16`, 'text/plain', 'multipart/form-data', '', 'application/json, text/html', 'x'.repeat(500));
  const noise = fc.tuple(text, type).map(([body, of]) => ({ body: Buffer.from(body), type: of }));
  const bytes = fc.tuple(fc.uint8Array({ maxLength: 400 }), type).map(([body, of]) => ({ body, type: of }));
  const inPayload = text.map((payload) => form({ payload }));
  const known = fc.constantFrom('block_actions', 'view_submission', 'view_closed', 'shortcut', 'message_action', 'block_suggestion', 'event_callback', 'url_verification', 'no_such_type');
  const halfRight = fc.tuple(known, fc.dictionary(fc.constantFrom('user', 'team', 'team_id', 'actions', 'view', 'container', 'channel', 'event', 'event_id', 'trigger_id', 'callback_id', 'authorizations', 'is_enterprise_install'), fc.jsonValue({ maxDepth: 3 })), fc.boolean()).map(([name, rest, isEvent]) =>
    isEvent ? json({ ...rest, type: name }) : form({ payload: JSON.stringify({ ...rest, type: name }) }),
  );
  const changed = fc.tuple(bodies(users, team), fc.nat(), fc.integer({ min: 1, max: 255 })).map(([one, at, bits]) => ({ ...one, body: flipped(one.body, at, bits) }));
  return fc.tuple(fc.oneof(noise, bytes, inPayload, halfRight, changed), fc.integer({ min: -299, max: 299 })).map(([one, off]) => toSend('signed nonsense', signedAt(one, String(now() - off))));
}

/** Too large for Slack, packed, or not what its headers say. */
export function misframedRequests(now: () => number): fc.Arbitrary<Sent> {
  const huge = fc.integer({ min: 1_100_000, max: 3_000_000 }).map((size) => toSend('a huge body', signedAt({ body: Buffer.alloc(size, 'x'), type: JSON_TYPE }, String(now()))));
  const packed = (what: string, encoding: string, body: Uint8Array) => ({ what, headers: { ...toSend(what, signedAt({ body, type: JSON_TYPE }, String(now()))).headers, 'content-encoding': encoding }, body });
  const odd = fc.constantFrom('gzip', 'deflate', 'br', 'zstd', 'identity, gzip', 'utf-8', 'x').chain((encoding) => fc.uint8Array({ minLength: 1, maxLength: 300 }).map((body) => packed('an encoding that it does not have', encoding, body)));
  const bomb = fc.constant(packed('a bomb', 'gzip', BOMB));
  return fc.oneof({ weight: 3, arbitrary: huge }, { weight: 6, arbitrary: odd }, { weight: 1, arbitrary: bomb });
}

/** 20 MB in 20 kB. */
const BOMB = gzipSync(Buffer.alloc(20_000_000));

function signedAt({ body, type }: Pick<Signed, 'body' | 'type'>, time: string): Signed {
  return { body, type, time, signature: signatureOf(body, time) };
}

export function toSend(what: string, { body, type, time, signature }: Signed): Sent {
  return { what, headers: { 'content-type': type, 'x-slack-request-timestamp': latin(time), 'x-slack-signature': signature }, body };
}

function doubled(name: string, one: Signed, values: readonly string[]): Sent {
  const { headers, ...rest } = toSend(`two of ${name}`, one);
  return { ...rest, headers: { ...headers, [name]: values } };
}

/** What a header can hold. */
function latin(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

function flipped(body: Uint8Array, at: number, bits: number): Uint8Array {
  const copy = Uint8Array.from(body);
  const place = at % copy.length;
  copy[place] = (copy[place] ?? 0) ^ bits;
  return copy;
}

function form(fields: Readonly<Record<string, string>>): Pick<Signed, 'body' | 'type'> {
  return { body: Buffer.from(new URLSearchParams(fields).toString()), type: FORM_TYPE };
}

function json(value: object): Pick<Signed, 'body' | 'type'> {
  return { body: Buffer.from(JSON.stringify(value)), type: JSON_TYPE };
}
