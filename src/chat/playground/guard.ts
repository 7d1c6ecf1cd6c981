// Who may talk to the playground: this machine's own browser, on the page itself, after the printed address was opened.
import { createHash, createHmac } from 'node:crypto';
import type { Request, RequestHandler } from 'express';
import { equalBytes, utf8 } from '../../lib/bytes.js';
import { TurnedAway } from './problem.js';

const LOOPBACK_NAMES = ['127.0.0.1', 'localhost', '[::1]'];
const HTTP_PORT = 80;
const FORWARDED = /^(forwarded|x-forwarded-.*)$/;

/** Refuses what did not come straight from a browser on this machine to the address it was given. */
export const fromThisMachine: RequestHandler = (req, _res, next) => {
  if (Object.keys(req.headers).some((name) => FORWARDED.test(name))) {
    throw new TurnedAway(403, 'The playground does not work behind a proxy. Open it on the machine it runs on.');
  }
  // A page elsewhere whose name was pointed at this machine (DNS rebinding) still sends its own name here.
  if (!ownHosts(req).includes(req.headers.host ?? '')) {
    throw new TurnedAway(403, 'The playground answers only under its own address.');
  }
  next();
};

/** Refuses what another site's page sent; a changing request must say that it comes from this page. */
export const fromThisPage: RequestHandler = (req, _res, next) => {
  const { origin } = req.headers;
  const site = req.get('sec-fetch-site');
  const elsewhere = origin !== undefined && origin !== `http://${req.headers.host ?? ''}`;
  const unsaid = origin === undefined && req.method !== 'GET';
  if (elsewhere || unsaid || (site !== undefined && site !== 'same-origin' && site !== 'none')) {
    throw new TurnedAway(403, 'The playground answers only to its own page.');
  }
  next();
};

/** Turns the printed token into a cookie, and checks that cookie afterwards. */
export class Door {
  readonly #token: string;
  readonly #ticket: string;

  constructor(token: string) {
    this.#token = token;
    // Derived, so that an open page outlives a restart with the same token; cookies reach other ports, so not the token itself.
    this.#ticket = createHmac('sha256', token).update('countersign playground cookie').digest('base64url');
  }

  /** POST with `{ token }`: sets the cookie. */
  readonly letIn: RequestHandler = (req, res) => {
    const body: unknown = req.body;
    const token = typeof body === 'object' && body !== null && 'token' in body ? body.token : '';
    if (typeof token !== 'string' || !sameText(token, this.#token)) {
      throw new TurnedAway(401, 'That address is not valid any more. Open the one that the server printed last.');
    }
    res.cookie(cookieName(req), this.#ticket, { httpOnly: true, sameSite: 'strict', path: '/playground' });
    res.status(204).end();
  };

  readonly mustBeIn: RequestHandler = (req, _res, next) => {
    if (!sameText(readCookie(req, cookieName(req)), this.#ticket)) {
      throw new TurnedAway(401, 'Open the address that the server printed when it started.');
    }
    next();
  };
}

function ownHosts(req: Request): string[] {
  const { localAddress = '', localPort = 0 } = req.socket;
  const names = [...LOOPBACK_NAMES, localAddress];
  // A browser leaves the port out of Host where it is HTTP's own.
  return localPort === HTTP_PORT ? names : names.map((name) => `${name}:${localPort}`);
}

/** Cookies do not know ports: with the port in its name, two playgrounds on one machine keep apart. */
function cookieName(req: Request): string {
  return `countersign-playground-${req.socket.localPort ?? 0}`;
}

function readCookie(req: Request, name: string): string {
  const pairs = (req.headers.cookie ?? '').split(';').map((pair) => pair.trim());
  return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1) ?? '';
}

/** Hashed first, so that not even the length shows in the time that it takes. */
function sameText(a: string, b: string): boolean {
  return equalBytes(sha256(a), sha256(b));
}

function sha256(text: string): Uint8Array {
  return createHash('sha256').update(utf8(text)).digest();
}
