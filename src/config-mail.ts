// The part of the environment that is about e-mail.
import { isLoopback } from './lib/loopback.js';

export const MAIL_VARIABLES = [
  {
    name: 'COUNTERSIGN_SMTP_URL',
    about: 'The mail server, smtps://user:password@host:465 or smtp://user:password@host:587 (STARTTLS). Security notices go out by e-mail too: a stolen chat account must not be the only one to hear of them.',
    unset: 'no e-mail',
  },
  { name: 'COUNTERSIGN_MAIL_FROM', about: 'The sender of such e-mail, for example countersign@example.com. Needed beside COUNTERSIGN_SMTP_URL.', unset: 'no e-mail' },
  { name: 'COUNTERSIGN_SECURITY_MAIL', about: 'The e-mail address where security is alerted.', unset: 'security is alerted in chat alone' },
] as const;

export type MailVariable = (typeof MAIL_VARIABLES)[number]['name'];

export interface MailConfig {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte; else STARTTLS is required, but on this machine itself. */
  readonly implicitTls: boolean;
  readonly login: { readonly user: string; readonly password: string } | null;
  readonly from: string;
  readonly securityAddress: string | null;
}

const ADDRESS = /^[^\s@<>,;:"()[\]\\]+@[^\s@<>,;:"()[\]\\]+$/;
const DEFAULT_PORT = { 'smtp:': 587, 'smtps:': 465 } as const;

/** Null where no mail server is named. Never quotes the server's address: it holds a password. */
export function readMail(value: (name: MailVariable) => string | null, problems: string[]): MailConfig | null {
  const [url, from, securityAddress] = [value('COUNTERSIGN_SMTP_URL'), value('COUNTERSIGN_MAIL_FROM'), value('COUNTERSIGN_SECURITY_MAIL')];
  if (url === null) {
    if (from !== null || securityAddress !== null) problems.push('COUNTERSIGN_SMTP_URL is missing: e-mail needs it beside its other variables.');
    return null;
  }
  if (from === null) problems.push('COUNTERSIGN_MAIL_FROM is missing: e-mail needs a sender such as countersign@example.com.');
  for (const [name, address] of [['COUNTERSIGN_MAIL_FROM', from], ['COUNTERSIGN_SECURITY_MAIL', securityAddress]] as const) {
    if (address !== null && !ADDRESS.test(address)) problems.push(`${name} is no e-mail address: give one such as countersign@example.com.`);
  }
  const server = readServer(url);
  if (server === null) problems.push('COUNTERSIGN_SMTP_URL is no mail server: give smtps://user:password@host:465 or smtp://user:password@host:587, with special characters of the password percent-encoded.');
  return server === null || from === null ? null : { ...server, from, securityAddress };
}

function readServer(text: string): Omit<MailConfig, 'from' | 'securityAddress'> | null {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !(url.protocol === 'smtp:' || url.protocol === 'smtps:') || url.hostname === '') return null;
  const port = url.port === '' ? DEFAULT_PORT[url.protocol] : Number(url.port);
  try {
    const login = url.username === '' ? null : { user: decodeURIComponent(url.username), password: decodeURIComponent(url.password) };
    return { host: url.hostname.replace(/^\[|\]$/g, ''), port, implicitTls: url.protocol === 'smtps:', login };
  } catch {
    return null; // a stray per cent sign
  }
}

/** Where nothing leaves the machine, a mail server may do without TLS. */
export function needsStartTls({ host, implicitTls }: Pick<MailConfig, 'host' | 'implicitTls'>): boolean {
  return !implicitTls && !isLoopback(host);
}
