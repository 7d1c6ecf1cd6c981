// A real SMTP server on this machine for tests, which keeps what it takes.
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

export interface Letter {
  readonly from: string;
  readonly to: readonly string[];
  /** As it came over the wire. */
  readonly raw: string;
}

export interface MailServer {
  readonly port: number;
  readonly letters: readonly Letter[];
  /** What the next recipients are refused with, as an SMTP reply code; null: they are taken. */
  refuseWith: number | null;
  close(): Promise<void>;
}

export const MAIL_LOGIN = { user: 'countersign', password: 'p@ss:word' };

/** `startTls`: whether it offers STARTTLS. Whoever sends must sign in with MAIL_LOGIN. */
export async function startMailServer({ startTls = false } = {}): Promise<MailServer> {
  const letters: Letter[] = [];
  const state = { refuseWith: null as number | null };
  const server = new SMTPServer({
    logger: false,
    disabledCommands: startTls ? [] : ['STARTTLS'],
    allowInsecureAuth: true,
    onAuth({ username, password }, _session, callback) {
      const known = username === MAIL_LOGIN.user && password === MAIL_LOGIN.password;
      callback(known ? null : Object.assign(new Error('wrong login'), { responseCode: 535 }), known ? { user: username } : undefined);
    },
    onRcptTo(_address, _session, callback) {
      callback(state.refuseWith === null ? null : Object.assign(new Error('not this one'), { responseCode: state.refuseWith }));
    },
    onData(stream, session, callback) {
      const parts: Buffer[] = [];
      stream.on('data', (part: Buffer) => parts.push(part));
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        letters.push({ from: mailFrom === false ? '' : mailFrom.address, to: rcptTo.map(({ address }) => address), raw: Buffer.concat(parts).toString('utf8') });
        callback();
      });
    },
  });
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  return {
    port: (server.server.address() as AddressInfo).port,
    letters,
    get refuseWith() {
      return state.refuseWith;
    },
    set refuseWith(code) {
      state.refuseWith = code;
    },
    close: () => new Promise((done) => server.close(() => done())),
  };
}

/** The words of a letter, its lines joined again (quoted-printable, RFC 2045, section 6.7). */
export function wordsOf({ raw }: Letter): string {
  const body = raw.slice(raw.indexOf('\r\n\r\n') + 4).replaceAll('\r\n', '\n');
  if (!/^content-transfer-encoding: quoted-printable/im.test(raw)) return body;
  const bytes = body.replace(/=\n/g, '').replace(/=([0-9A-F]{2})/g, (_all, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
