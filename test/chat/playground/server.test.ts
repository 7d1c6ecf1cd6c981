// Over real HTTP: who is let in, what the page may read, what becomes a chat event, and what the card in the PC does.
import { createCipheriv } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ENGLISH } from '../../../src/chat/english.js';
import type { Reply } from '../../../src/chat/event.js';
import type { Form, Message } from '../../../src/chat/message.js';
import { CARD_KEY, NOW, OpenPlayground, TOKEN } from './open-playground.js';

const MESSAGE: Message = {
  title: 'Waiting for approval',
  tone: 'waiting',
  blocks: [{ kind: 'text', text: 'Dana Weiss was asked.' }],
  buttons: [{ action: 'cancel', label: 'Cancel', target: 'r1' }],
};

const FORM: Form = {
  name: 'unblock',
  formId: 'f-1',
  target: '',
  title: 'Unblock my card',
  blocks: [],
  fields: [
    { id: 'challenge', label: 'Challenge', kind: 'line', maxLength: 60 },
    { id: 'code', label: 'Your one-time code', kind: 'one-time-code', optional: true, maxLength: 12 },
  ],
  submit: 'Ask for approval',
  buttons: [],
  frame: ENGLISH.frame,
};

const DATA_ADDRESSES = ['/playground/world', '/playground/codes', '/playground/events'];
const PERSON = { personId: 'p1', deliveryId: 'd-1' };
const EMMA = { platform: 'playground', tenant: 'local', userId: 'p1' };

let playground: OpenPlayground;

beforeEach(async () => {
  playground = await OpenPlayground.open();
  playground.state.addCard({ serial: 'S-1', label: 'Work card', holderId: 'p1', keyHex: CARD_KEY });
  playground.state.rememberSeed('p1', 'SEEDOFEMMA');
});

afterEach(async () => {
  await playground.close();
});

async function asPage(path: string, body: unknown): Promise<unknown> {
  const answer = await playground.post(path, body, { cookie: await playground.enter() });
  return JSON.parse(answer.text);
}

async function world(parts = ''): Promise<Record<string, unknown>> {
  const cookie = await playground.enter();
  const answer = await playground.ask(`/playground/world${parts}`, { headers: { cookie } });
  return JSON.parse(answer.text) as Record<string, unknown>;
}

describe('the page', () => {
  it('is served to anyone on this machine and holds no data', async () => {
    playground.state.post('person:p1', MESSAGE, { copyId: 'c1', at: NOW });
    const page = await playground.ask('/');
    expect(page.status).toBe(200);
    for (const secret of ['Emma', 'Waiting for approval', 'S-1', 'SEEDOFEMMA', TOKEN]) expect(page.text).not.toContain(secret);
  });

  it.each(['/playground/page.css', '/playground/adaptivecards.min.js'])('gets %s without a cookie', async (path) => {
    expect((await playground.ask(path)).status).toBe(200);
  });

  it('may run no script but its own', async () => {
    const policy = String((await playground.ask('/')).headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self';");
    expect(policy).not.toContain('unsafe');
  });

  it('is not remembered as one for HTTPS', async () => {
    expect((await playground.ask('/')).headers['strict-transport-security']).toBeUndefined();
  });

  it('cannot be asked for files elsewhere', async () => {
    expect((await playground.ask('/playground/..%2f..%2fserver.js')).status).not.toBe(200);
  });

  it('leaves the other addresses of the server alone', async () => {
    const health = await playground.ask('/health', { headers: { host: 'elsewhere.example' } });
    expect(health.status).toBe(200);
  });
});

describe('the door', () => {
  it('gives a cookie that scripts and other sites cannot use', async () => {
    const answer = await playground.post('/playground/session', { token: TOKEN });
    expect(answer.status).toBe(204);
    expect(answer.headers['set-cookie']?.[0]).toMatch(/HttpOnly; SameSite=Strict$/);
    expect(answer.headers['set-cookie']?.[0]).not.toContain(TOKEN);
  });

  it.each([{ token: 'wrong' }, { token: '' }, { token: 7 }, {}, [], 'text'])('stays shut for %j', async (body) => {
    const answer = await playground.post('/playground/session', body);
    expect([answer.status >= 400, answer.headers['set-cookie']]).toEqual([true, undefined]);
  });

  it.each(DATA_ADDRESSES)('is before %s', async (path) => {
    const answer = await playground.ask(path);
    expect(answer.status).toBe(401);
    expect(JSON.parse(answer.text)).toEqual({ error: 'Open the address that the server printed when it started.' });
  });

  it.each(['/playground/say', '/playground/press', '/playground/submit', '/playground/pc/challenge'])('is before %s', async (path) => {
    expect((await playground.post(path, { ...PERSON, text: 'hello', serial: 'S-1' })).status).toBe(401);
    expect(playground.events).toEqual([]);
  });

  it('does not take a cookie that was made up', async () => {
    const [name = ''] = (await playground.enter()).split('=');
    const answer = await playground.ask('/playground/world', { headers: { cookie: `${name}=${TOKEN}` } });
    expect(answer.status).toBe(401);
  });
});

describe('a request that did not come straight from the page', () => {
  it.each(['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'X-Forwarded-Anything'])(
    'is refused when it carries %s',
    async (header) => {
      const cookie = await playground.enter();
      for (const path of ['/', ...DATA_ADDRESSES]) {
        expect((await playground.ask(path, { headers: { cookie, [header]: 'x' } })).status).toBe(403);
      }
    },
  );

  it.each(['elsewhere.example', 'elsewhere.example:3978', '127.0.0.1', 'localhost:1', '0.0.0.0:80'])(
    'is refused under the name %s',
    async (host) => {
      const cookie = await playground.enter();
      for (const path of ['/', '/playground/world']) {
        expect((await playground.ask(path, { headers: { cookie, host } })).status).toBe(403);
      }
    },
  );

  it('is welcome under localhost and its own port', async () => {
    const host = playground.host.replace('127.0.0.1', 'localhost');
    expect((await playground.ask('/', { headers: { host } })).status).toBe(200);
  });

  it.each([
    ['another origin', { origin: 'http://elsewhere.example' }],
    ['another port of this machine', { origin: 'http://127.0.0.1:1' }],
    ['no origin that it would name', { origin: 'null' }],
    ['another site, as the browser says', { 'sec-fetch-site': 'cross-site' }],
    ['another port, as the browser says', { 'sec-fetch-site': 'same-site' }],
  ])('is refused when it comes from %s', async (_whence, headers) => {
    const cookie = await playground.enter();
    expect((await playground.post('/playground/say', { ...PERSON, text: 'hello' }, { cookie, ...headers })).status).toBe(403);
    expect((await playground.ask('/playground/world', { headers: { cookie, ...headers } })).status).toBe(403);
    expect(playground.events).toEqual([]);
  });

  it('is refused when it changes something and does not say where it comes from', async () => {
    const cookie = await playground.enter();
    const headers = { cookie, 'content-type': 'application/json' };
    const body = JSON.stringify({ ...PERSON, text: 'hello' });
    expect((await playground.ask('/playground/say', { method: 'POST', headers, body })).status).toBe(403);
  });
});

describe('the world', () => {
  it('holds people, chats, cards and the audit, and is not stored by the browser', async () => {
    playground.state.post('channel:helpdesk', MESSAGE, { copyId: 'c1', at: NOW });
    const cookie = await playground.enter();
    const answer = await playground.ask('/playground/world', { headers: { cookie } });
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(JSON.parse(answer.text)).toMatchObject({
      people: [{ id: 'p1', name: 'Emma Bauer' }, { id: 'p2' }],
      places: { 'channel:helpdesk': [{ kind: 'bot', title: 'Waiting for approval', drawing: { type: 'AdaptiveCard' } }] },
      cards: [{ serial: 'S-1', blocked: true }],
      trail: { entries: [{ text: 'Opened' }], size: 1, root: 'abcd' },
    });
  });

  it('tells no key and no seed', async () => {
    const told = JSON.stringify(await world()).toUpperCase();
    expect(told).not.toContain(CARD_KEY);
    expect(told).not.toContain('SEEDOFEMMA');
  });

  it('comes in parts', async () => {
    expect(Object.keys(await world('?parts=cards,trail,nonsense'))).toEqual(['cards', 'trail']);
  });

  it('has the codes of the authenticators that are samples or were made here', async () => {
    const cookie = await playground.enter();
    const answer = await playground.ask('/playground/codes', { headers: { cookie } });
    expect(JSON.parse(answer.text)).toEqual([
      { personId: 'p1', name: 'Emma Bauer', isNew: false, code: 'code of SEEDOFEMMA', secondsLeft: 12 },
    ]);
  });
});

describe('the event stream', () => {
  it('tells of a posted message', async () => {
    const stream = await playground.listen(await playground.enter());
    expect(await stream.next()).toContain('event: codes');
    await playground.platform.post('person:p1', MESSAGE, 'c1');
    expect(await stream.next()).toBe('event: changed\ndata: ["places"]');
  });

  it('tells of a card, and of people and audit', async () => {
    const stream = await playground.listen(await playground.enter());
    await stream.next();
    playground.state.withCard('S-1', (card) => card.newChallenge());
    expect(await stream.next()).toBe('event: changed\ndata: ["cards"]');
    for (const listener of playground.castListeners) listener();
    expect(await stream.next()).toBe('event: changed\ndata: ["people","trail"]');
  });

  it('sends the codes again as soon as one runs out', async () => {
    const stream = await playground.listen(await playground.enter());
    await stream.next();
    expect(playground.alarms.map((alarm) => alarm.ms)).toEqual([12_000]);
    playground.alarms[0]?.ring();
    expect(await stream.next()).toContain('code of SEEDOFEMMA');
  });

  it('ends when the server closes, and nobody listens any longer', async () => {
    const stream = await playground.listen(await playground.enter());
    await stream.next();
    playground.closing.abort();
    expect(await stream.next()).toBe('undefined');
    expect([playground.castListeners.size, playground.alarms.length]).toEqual([0, 0]);
  });
});

describe('what a person does', () => {
  it('in words becomes a chat event, and stands in their chat', async () => {
    await asPage('/playground/say', { ...PERSON, text: ' unblock ' });
    expect(playground.events).toEqual([{ kind: 'said', from: EMMA, deliveryId: 'd-1', text: 'unblock' }]);
    expect((await world())['places']).toMatchObject({ 'person:p1': [{ kind: 'words', text: 'unblock' }] });
  });

  it('with a button becomes a chat event', async () => {
    await asPage('/playground/press', { ...PERSON, action: 'approve', target: 'r1' });
    expect(playground.events).toEqual([{ kind: 'pressed', from: EMMA, deliveryId: 'd-1', action: 'approve', target: 'r1' }]);
  });

  it('with a dialog becomes a chat event that carries its form id', async () => {
    const sent = { form: 'unblock', formId: 'f-1', target: '', inputs: { challenge: '1603 EBDF', code: '123456' } };
    await asPage('/playground/submit', { ...PERSON, ...sent });
    expect(playground.events).toEqual([{ kind: 'submitted', from: EMMA, deliveryId: 'd-1', ...sent }]);
  });

  it.each([
    ['/playground/say', { text: '' }],
    ['/playground/say', { text: 'x'.repeat(2_001) }],
    ['/playground/press', { action: 'no-such-action', target: '' }],
    ['/playground/press', { action: 'toString', target: '' }],
    ['/playground/submit', { form: 'no-such-form', formId: 'f', target: '', inputs: {} }],
    ['/playground/submit', { form: 'unblock', formId: 'f', target: '', inputs: { code: 7 } }],
  ])('at %s with %j is not understood and goes nowhere', async (path, body) => {
    expect(await asPage(path, { ...PERSON, ...body })).toEqual({ error: 'That request could not be read.' });
    expect(playground.events).toEqual([]);
  });

  it('as somebody unknown goes nowhere', async () => {
    expect(await asPage('/playground/say', { ...PERSON, personId: 'p9', text: 'hello' })).toHaveProperty('error');
    expect(playground.events).toEqual([]);
  });

  it('at too great length is refused', async () => {
    const cookie = await playground.enter();
    const answer = await playground.post('/playground/say', { ...PERSON, text: 'x'.repeat(40_000) }, { cookie });
    expect([answer.status, JSON.parse(answer.text)]).toEqual([413, { error: 'That is too long.' }]);
  });
});

describe('a reply', () => {
  async function replyTo(reply: Reply): Promise<unknown> {
    playground.reply = reply;
    return asPage('/playground/press', { ...PERSON, action: 'start-unblock', target: '' });
  }

  it.each<Reply>([{ kind: 'nothing' }, { kind: 'field-errors', errors: { code: 'That code was not accepted.' } }])(
    'of kind $kind goes to the page as it is',
    async (reply) => {
      expect(await replyTo(reply)).toEqual(reply);
    },
  );

  it('that says something brings the sentence', async () => {
    expect(await replyTo({ kind: 'done', say: 'Sent.' })).toEqual({ kind: 'done', say: 'Sent.' });
    expect(await replyTo({ kind: 'done' })).toEqual({ kind: 'done', say: null });
  });

  it('with a message stands in that person’s chat, once for one delivery', async () => {
    await replyTo({ kind: 'message', message: MESSAGE });
    expect(await replyTo({ kind: 'message', message: MESSAGE })).toMatchObject({ kind: 'message', drawing: { type: 'AdaptiveCard' } });
    expect(playground.state.messagesAt('person:p1')).toHaveLength(1);
  });

  it('with a form brings what a dialog needs', async () => {
    expect(await replyTo({ kind: 'form', form: FORM })).toMatchObject({
      kind: 'form',
      form: {
        title: 'Unblock my card',
        drawing: { type: 'AdaptiveCard' },
        fields: [
          { id: 'challenge', oneTimeCode: false, required: true },
          { id: 'code', oneTimeCode: true, required: false },
        ],
        copies: [],
        emptyInMs: null,
      },
    });
  });

  it('that must be emptied says in how long, and what may be copied from it', async () => {
    const code = { kind: 'code', label: 'Response', groups: '1603 EBDF', copyLabel: 'Without blanks', copy: '1603EBDF' } as const;
    const emptyAt = new Date(NOW.getTime() + 90_000).toISOString();
    expect(await replyTo({ kind: 'form', form: { ...FORM, blocks: [code], emptyAt } })).toMatchObject({
      form: { emptyInMs: 90_000, copies: [{ elementId: 'block-0', label: 'Response', text: '1603EBDF' }] },
    });
  });

  it('that fails is one sentence with a reference, and the log has the rest', async () => {
    playground.reply = new Error('the inner workings');
    const cookie = await playground.enter();
    const answer = await playground.post('/playground/say', { ...PERSON, text: 'hello' }, { cookie });
    expect(answer.status).toBe(500);
    expect(answer.text).toMatch(/^\{"error":"Something went wrong\. Try again\. The log names it [0-9a-f]{8}\."\}$/);
    expect(playground.log.join('')).toContain('the inner workings');
  });
});

describe('an authenticator that is set up on the page', () => {
  const prove: Form = {
    ...FORM,
    name: 'enroll-prove',
    blocks: [{ kind: 'qr', alt: 'QR code', instead: 'Type the key.', text: 'otpauth://totp/Countersign:emma?secret=NEWSEED&issuer=Countersign' }],
  };
  const recoveryCodes: Form = { ...FORM, name: 'notice', blocks: [{ kind: 'keep', label: 'Recovery codes', lines: ['A', 'B'] }] };
  const sent = { ...PERSON, form: 'enroll-prove', formId: 'f-2', target: '', inputs: { newCode: '123456' } };

  beforeEach(async () => {
    playground.reply = { kind: 'form', form: prove };
    await asPage('/playground/press', { ...PERSON, action: 'my-authenticator', target: '' });
  });

  it('shows its codes beside those of the one in use', async () => {
    const cookie = await playground.enter();
    const codes = await playground.ask('/playground/codes', { headers: { cookie } });
    expect(JSON.parse(codes.text)).toMatchObject([
      { code: 'code of SEEDOFEMMA', isNew: false },
      { code: 'code of NEWSEED', isNew: true },
    ]);
  });

  it('replaces it once it is proved', async () => {
    playground.reply = { kind: 'form', form: recoveryCodes };
    await asPage('/playground/submit', sent);
    expect(playground.state.seeds()).toEqual([{ personId: 'p1', inUse: 'NEWSEED', beingSetUp: null }]);
  });

  it.each<Reply>([
    { kind: 'field-errors', errors: { newCode: 'That code was not accepted.' } },
    { kind: 'form', form: { ...FORM, name: 'notice' } },
    { kind: 'message', message: MESSAGE },
  ])('does not replace it when the reply is $kind', async (reply) => {
    playground.reply = reply;
    await asPage('/playground/submit', sent);
    expect(playground.state.seeds()).toEqual([{ personId: 'p1', inUse: 'SEEDOFEMMA', beingSetUp: 'NEWSEED' }]);
  });
});

describe('the card in the PC', () => {
  function responseTo(challenge: string): string {
    const cipher = createCipheriv('des-ede3-ecb', Buffer.from(CARD_KEY, 'hex'), null).setAutoPadding(false);
    return cipher.update(Buffer.from(challenge.replaceAll(' ', ''), 'hex')).toString('hex');
  }

  function challenge(): string {
    return playground.state.cards()[0]?.challenge ?? '';
  }

  it('is unblocked by the right response, once', async () => {
    const answer = { serial: 'S-1', response: responseTo(challenge()), newPin: '2468', confirmPin: '2468' };
    expect(await asPage('/playground/pc/answer', answer)).toMatchObject({ good: true, card: { blocked: false } });
    expect(await asPage('/playground/pc/answer', answer)).toMatchObject({ good: false });
  });

  it('gives a new challenge, and forgets it when the window closes', async () => {
    const before = challenge();
    await asPage('/playground/pc/challenge', { serial: 'S-1' });
    expect(challenge()).not.toBe(before);
    expect(await asPage('/playground/pc/close', { serial: 'S-1' })).toMatchObject({ card: { challenge: null } });
  });

  it('takes the new PIN, and can be blocked to play again', async () => {
    await asPage('/playground/pc/answer', { serial: 'S-1', response: responseTo(challenge()), newPin: '2468', confirmPin: '2468' });
    expect(await asPage('/playground/pc/sign-in', { serial: 'S-1', pin: '2468' })).toMatchObject({ good: true });
    expect(await asPage('/playground/pc/block', { serial: 'S-1' })).toMatchObject({ card: { blocked: true } });
    expect(challenge()).toMatch(/^[0-9A-F]{4} /);
  });

  it('of another serial is not there', async () => {
    expect(await asPage('/playground/pc/challenge', { serial: 'S-9' })).toEqual({ error: 'There is no such card in this PC.' });
  });
});
