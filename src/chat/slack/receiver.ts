// Where Slack's requests come in over HTTP: one route in our own server, for Bolt.
import type { App, Receiver, ReceiverEvent } from '@slack/bolt';
import express, { type Request, type Response, Router } from 'express';
import { z } from 'zod';
import type { Clock } from '../../lib/clock.js';
import type { Log } from '../../lib/log.js';
import { InFlight } from './in-flight.js';
import type { SlackMemory } from './memory.js';
import { whyNotSlack } from './signature.js';

/** Slack's own largest view has 250 kB, and comes back URL-encoded. */
const BODY_LIMIT = '1mb';

export interface ReceiverParts {
  readonly signingSecret: string;
  readonly memory: Pick<SlackMemory, 'takeDelivery'>;
  readonly clock: Clock;
  readonly log: Log;
}

type SlackBody = ReceiverEvent['body'];

export class HttpReceiver implements Receiver {
  readonly #parts: ReceiverParts;
  readonly #inFlight = new InFlight();
  #app: App | null = null;
  #stopped = false;

  constructor(parts: ReceiverParts) {
    this.#parts = parts;
  }

  init(app: App): void {
    this.#inFlight.watch(app);
    this.#app = app;
  }

  /** It listens where our server listens. */
  start(): Promise<void> {
    return Promise.resolve();
  }

  /** Takes nothing more, and finishes what it has acknowledged. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#inFlight.settle();
  }

  /** POST /slack/events: everything that Slack sends. */
  routes(): Router {
    const router = Router();
    router.post('/slack/events', express.raw({ type: () => true, limit: BODY_LIMIT }), (req, res) => this.#receive(req, res));
    return router;
  }

  async #receive(req: Request, res: Response): Promise<void> {
    const raw: unknown = req.body;
    const bytes = Buffer.isBuffer(raw) ? raw : Buffer.alloc(0);
    const signature = req.get('x-slack-signature');
    const why = await this.#refusal({ timestamp: req.get('x-slack-request-timestamp'), signature, body: bytes });
    // Slack tells the person, or sends it again: nothing of it is done here.
    if (this.#stopped) { res.status(503).end(); return; }
    if (why !== null) {
      this.#parts.log.debug({ why }, 'a request that is not from Slack was refused');
      res.status(401).end();
      return;
    }
    const body = readBody(bytes.toString('utf8'), req.get('content-type') ?? '');
    if (body === null) { res.status(400).end(); return; }
    if (body.type === 'url_verification') { res.json({ challenge: challengeIn(body) }); return; }
    if (body.ssl_check === '1') { res.status(200).end(); return; }
    await this.#process(body, req, res);
  }

  /** A signature is good for one request: who captured that request can do nothing with it. */
  async #refusal(signed: { readonly timestamp: string | undefined; readonly signature: string | undefined; readonly body: Uint8Array }): Promise<string | null> {
    const { signingSecret, memory, clock } = this.#parts;
    const now = clock();
    const why = whyNotSlack(signed, signingSecret, now);
    if (why !== null) return why;
    return (await memory.takeDelivery(`signature:${signed.signature ?? ''}`, now)) ? null : 'replayed';
  }

  async #process(body: SlackBody, req: Request, res: Response): Promise<void> {
    const event: ReceiverEvent = {
      body,
      ...retryIn(req),
      ack: (response) => {
        acknowledge(res, response);
        return Promise.resolve();
      },
    };
    try {
      await this.#app?.processEvent(event);
    } catch (error) {
      // Bolt takes for granted that each kind of payload is whole; what a listener of ours throws never comes here.
      this.#parts.log.warn({ err: error }, 'a request that Slack signed is none that there is');
      if (!res.headersSent) res.status(400).end();
      return;
    }
    // Nobody listens for it, or it came before: Slack need not send it again.
    if (!res.headersSent) res.status(200).end();
  }
}

function acknowledge(res: Response, response: unknown): void {
  // An answer that comes too late has nobody to read it.
  if (res.headersSent) return;
  if (response === undefined || response === '') res.status(200).end();
  else if (typeof response === 'string') res.status(200).type('text').send(response);
  else res.status(200).json(response);
}

function retryIn(req: Request): Pick<ReceiverEvent, 'retryNum' | 'retryReason'> {
  const number = Number(req.get('x-slack-retry-num') ?? NaN);
  return Number.isInteger(number) ? { retryNum: number, retryReason: req.get('x-slack-retry-reason') ?? '' } : {};
}

const anyBody = z.record(z.string(), z.unknown());

/** JSON for events; a form for commands; a form with JSON in its field `payload` for everything that is clicked. */
function readBody(text: string, contentType: string): SlackBody | null {
  if (!contentType.toLowerCase().includes('application/x-www-form-urlencoded')) return readJson(text);
  const form = Object.fromEntries(new URLSearchParams(text));
  return form.payload === undefined ? form : readJson(form.payload);
}

function readJson(text: string): SlackBody | null {
  try {
    return anyBody.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

function challengeIn({ challenge }: SlackBody): string {
  return typeof challenge === 'string' ? challenge : '';
}
