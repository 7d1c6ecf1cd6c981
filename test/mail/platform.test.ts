// E-mail against a real SMTP server on this machine.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ENGLISH } from '../../src/chat/english.js';
import { MailPlatform, type MailParts } from '../../src/chat/mail/platform.js';
import type { Message } from '../../src/chat/message.js';
import { Undeliverable } from '../../src/chat/platform.js';
import { examineMail } from '../../src/app/mail.js';
import { MAIL_LOGIN, type MailServer, startMailServer, wordsOf } from '../support/mail-server.js';

const MESSAGE: Message = { title: 'A smart card was frozen', tone: 'warning', blocks: [{ kind: 'text', text: 'Zoë said "this was not me".' }], buttons: [], footer: ENGLISH.say.mailFooter };
const EMMA = 'emma@example.com';

let server: MailServer;

function mail(changes: Partial<MailParts> = {}): MailPlatform {
  return new MailPlatform({
    host: '127.0.0.1',
    port: server.port,
    implicitTls: false,
    requireStartTls: false,
    login: MAIL_LOGIN,
    from: 'countersign@example.com',
    securityAddress: 'security@example.com',
    ...changes,
  });
}

beforeAll(async () => {
  server = await startMailServer();
});

beforeEach(() => {
  server.refuseWith = null;
});

afterAll(() => server.close());

describe('a notice by e-mail', () => {
  it('arrives with its title, its words and who sent it', async () => {
    await mail().post(EMMA, MESSAGE, 'copy-1');
    const letter = server.letters.at(-1);
    if (letter === undefined) throw new Error('nothing arrived');
    expect(letter).toMatchObject({ from: 'countersign@example.com', to: [EMMA] });
    expect(letter.raw).toMatch(/^subject: A smart card was frozen\r$/im);
    expect(letter.raw).toMatch(/^auto-submitted: auto-generated\r$/im);
    expect(letter.raw).toMatch(/^content-type: text\/plain; charset=utf-8\r$/im);
    expect(wordsOf(letter)).toContain('Zoë said "this was not me".');
    expect(wordsOf(letter)).toContain(ENGLISH.say.mailFooter);
  });

  it('that is sent twice is known by its Message-ID', async () => {
    const ids = [await mail().post(EMMA, MESSAGE, 'copy-2'), await mail().post(EMMA, MESSAGE, 'copy-2')];
    expect(ids).toEqual(['<copy-2@example.com>', '<copy-2@example.com>']);
    for (const { raw } of server.letters.slice(-2)) expect(raw).toMatch(/^message-id: <copy-2@example\.com>\r$/im);
  });

  it('has no further header and no further recipient, whatever its title and address hold', async () => {
    await mail().post(EMMA, { ...MESSAGE, title: 'Frozen\r\nBcc: eve@example.com' }, 'copy-3');
    expect(server.letters.at(-1)?.raw).not.toMatch(/^bcc:/im);
    await mail().post('eve@example.com, sam@example.com', MESSAGE, 'copy-4').catch(() => undefined);
    expect(server.letters.at(-1)?.to).not.toContain('sam@example.com');
  });

  it('that the server refuses for good is not tried again, and one that it puts off is', async () => {
    server.refuseWith = 550;
    await expect(mail().post(EMMA, MESSAGE, 'copy-5')).rejects.toBeInstanceOf(Undeliverable);
    server.refuseWith = 451;
    const putOff = await mail().post(EMMA, MESSAGE, 'copy-6').catch((error: unknown) => error);
    expect(putOff).toBeInstanceOf(Error);
    expect(putOff).not.toBeInstanceOf(Undeliverable);
  });

  it('waits for a mended password rather than being given up, and names none', async () => {
    const failed = await mail({ login: { ...MAIL_LOGIN, password: 'not-the-password' } }).post(EMMA, MESSAGE, 'copy-7').catch((error: unknown) => error);
    expect(failed).toMatchObject({ code: 'EAUTH' });
    expect(failed).not.toBeInstanceOf(Undeliverable);
    expect(JSON.stringify([failed, String(failed), (failed as Error).stack])).not.toContain('not-the-password');
  });

  it('is never sent in clear text over the network: without STARTTLS nothing goes out', async () => {
    const before = server.letters.length;
    await expect(mail({ requireStartTls: true }).post(EMMA, MESSAGE, 'copy-8')).rejects.toThrow();
    expect(server.letters).toHaveLength(before);
  });

  it('is not handed to a server whose certificate nobody vouches for', async () => {
    const impostor = await startMailServer({ startTls: true });
    await expect(mail({ port: impostor.port, requireStartTls: true }).post(EMMA, MESSAGE, 'copy-9')).rejects.toThrow(/certificate/i);
    expect(impostor.letters).toEqual([]);
    await impostor.close();
  });
});

describe('whom it reaches', () => {
  it('is everybody with an address, and security', async () => {
    expect(await mail().addressOf({ kind: 'account', tenant: '', userId: EMMA })).toBe(EMMA);
    expect(await mail().addressOf({ kind: 'channel', channel: 'security' })).toBe('security@example.com');
    expect(await mail().addressOf({ kind: 'channel', channel: 'helpdesk' })).toBeNull();
    expect(await mail({ securityAddress: null }).addressOf({ kind: 'channel', channel: 'security' })).toBeNull();
  });
});

describe('the examination', () => {
  const config = (changes = {}) => ({ host: '127.0.0.1', port: server.port, implicitTls: false, login: MAIL_LOGIN, from: 'c@example.com', securityAddress: null, ...changes });

  it('warns where there is no mail server, and where security gets nothing', async () => {
    expect(await examineMail(null)).toEqual([{ about: 'e-mail', state: 'warning', text: expect.stringContaining('COUNTERSIGN_SMTP_URL') }]);
    expect(await examineMail(config())).toMatchObject([{ state: 'ok' }, { state: 'warning', text: expect.stringContaining('COUNTERSIGN_SECURITY_MAIL') }]);
    expect(await examineMail(config({ securityAddress: 'security@example.com' }))).toMatchObject([{ state: 'ok' }]);
  });

  it('says what is wrong with the server, without its password', async () => {
    const [found] = await examineMail(config({ login: { user: 'countersign', password: 'wrong-one' } }));
    expect(found).toMatchObject({ state: 'problem', text: expect.stringContaining('EAUTH') });
    expect(found?.text).not.toContain('wrong-one');
  });
});
