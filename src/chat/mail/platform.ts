// Notices by e-mail (SMTP), beside chat: what happens to somebody's card or codes must not be told to a stolen account alone.
import { createTransport } from 'nodemailer';
import { z } from 'zod';
import { SECOND_MS } from '../../lib/clock.js';
import type { Message } from '../message.js';
import { type ChatPlatform, type Recipient, Undeliverable } from '../platform.js';
import { textsOf } from '../replies.js';

/** All of it below the time that the courier gives a send. */
const CONNECT_MS = 4 * SECOND_MS;
const SILENCE_MS = 8 * SECOND_MS;
/** RFC 5321, section 4.2.1: a permanent refusal. */
const PERMANENT = 500;

export interface MailParts {
  readonly host: string;
  readonly port: number;
  readonly implicitTls: boolean;
  readonly requireStartTls: boolean;
  readonly login: { readonly user: string; readonly password: string } | null;
  /** Certificates to trust instead of the system's (PEM). */
  readonly ca?: string;
  readonly from: string;
  /** Null: security is not told by e-mail. */
  readonly securityAddress: string | null;
}

export class MailPlatform implements ChatPlatform {
  readonly name = 'mail';
  /** A request's copy changes as the request does; an e-mail cannot. */
  readonly eventsOnly = true;
  readonly #parts: MailParts;
  readonly #transport: ReturnType<typeof openTransport>;

  constructor(parts: MailParts) {
    this.#parts = parts;
    this.#transport = openTransport(parts);
  }

  addressOf(recipient: Recipient): Promise<string | null> {
    if (recipient.kind === 'account') return Promise.resolve(recipient.userId);
    return Promise.resolve(recipient.channel === 'security' ? this.#parts.securityAddress : null);
  }

  /** The same copy sent again has the same Message-ID, by which mailboxes know it. Throws Undeliverable when it is refused for good. */
  async post(address: string, message: Message, copyId: string): Promise<string> {
    const { from } = this.#parts;
    const footer = message.footer === undefined ? '' : `\n-- \n${message.footer}\n`;
    const messageId = `<${copyId}@${from.slice(from.lastIndexOf('@') + 1)}>`;
    try {
      await this.#transport.sendMail({
        from,
        to: { name: '', address },
        subject: message.title,
        text: `${textsOf(message)}\n${footer}`,
        messageId,
        headers: { 'Auto-Submitted': 'auto-generated' }, // RFC 3834: nobody's out-of-office answers
        disableFileAccess: true,
        disableUrlAccess: true,
      });
    } catch (error) {
      throw isRefusedForGood(error) ? new Undeliverable('the mail server refuses this e-mail', { cause: error }) : error;
    }
    return messageId;
  }

  update(): Promise<'updated'> {
    return Promise.resolve('updated');
  }

  /** Connects and signs in, as for a message. Throws what is in the way. */
  async verify(): Promise<void> {
    await this.#transport.verify();
  }
}

function openTransport({ host, port, implicitTls, requireStartTls, login, ca }: MailParts) {
  return createTransport({
    host,
    port,
    secure: implicitTls,
    requireTLS: requireStartTls,
    ...(login === null ? {} : { auth: { user: login.user, pass: login.password } }),
    tls: { minVersion: 'TLSv1.2', ...(ca === undefined ? {} : { ca }) },
    connectionTimeout: CONNECT_MS,
    greetingTimeout: CONNECT_MS,
    socketTimeout: SILENCE_MS,
  });
}

// A wrong password is refused with 535 too, but that is mended on our side: those are tried again.
function isRefusedForGood(error: unknown): boolean {
  const { code, responseCode } = z.looseObject({ code: z.string().optional(), responseCode: z.number().optional() }).safeParse(error).data ?? {};
  return (code === 'EENVELOPE' || code === 'EMESSAGE') && responseCode !== undefined && responseCode >= PERMANENT;
}
