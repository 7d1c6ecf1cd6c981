// The way in: requests to our own server, or Socket Mode where an app-level token is set.
import { type App, type Receiver, SocketModeReceiver } from '@slack/bolt';
import { Router } from 'express';
import { z } from 'zod';
import { InFlight } from './in-flight.js';
import { HttpReceiver, type ReceiverParts } from './receiver.js';
import { boltLogger, type SlackApi } from './slack-api.js';
import { SlackFault, toSlackFault } from './slack-fault.js';

export interface SlackReceiver extends Receiver {
  start(): Promise<unknown>;
  stop(): Promise<void>;
  /** None over Socket Mode. */
  routes(): Router;
}

export interface ReceiverChoice extends Omit<ReceiverParts, 'signingSecret'> {
  readonly signingSecret: string | null;
  readonly appToken: string | null;
  readonly api: SlackApi;
}

/** Slack sends over one of the two only, so one is opened. Throws a SlackFault when neither secret is there. */
export function slackReceiver({ signingSecret, appToken, api, ...parts }: ReceiverChoice): SlackReceiver {
  if (appToken !== null) return new SocketReceiver(appToken, api, parts);
  if (signingSecret === null) throw new SlackFault('refused', 'neither a signing secret nor an app-level token is set');
  return new HttpReceiver({ ...parts, signingSecret });
}

/** Bolt's own; its calls go where ours go. */
class SocketReceiver implements SlackReceiver {
  readonly #receiver: SocketModeReceiver;
  readonly #inFlight = new InFlight();
  #connected = false;

  constructor(appToken: string, api: SlackApi, { log }: Pick<ReceiverParts, 'log'>) {
    const logger = boltLogger(log);
    const { logger: _logger, ...clientOptions } = api.clientOptions;
    this.#receiver = new SocketModeReceiver({ appToken, logger, installerOptions: { clientOptions: { ...clientOptions, fetch: (url, init) => this.#ask(url, init) } } });
  }

  init(app: App): void {
    this.#inFlight.watch(app);
    this.#receiver.init(app);
  }

  async start(): Promise<unknown> {
    try {
      const started = await this.#receiver.start();
      this.#connected = true;
      return started;
    } catch (error) {
      throw toSlackFault(error, 'apps.connections.open');
    }
  }

  async stop(): Promise<void> {
    await this.#receiver.client.disconnect();
    await this.#inFlight.settle();
  }

  routes(): Router {
    return Router();
  }

  /**
   * Asks Slack for a socket. Bolt's client lets a reconnect that fails end the process, but tries again, at longer and
   * longer intervals, after a fault of Slack's own: once it was connected, every no looks like one to it.
   */
  async #ask(...asked: Parameters<typeof fetch>): Promise<globalThis.Response> {
    if (!this.#connected) return await fetch(...asked);
    try {
      const answer = await fetch(...asked);
      if (opened.safeParse(await answer.clone().json()).success) return answer;
    } catch {
      // The client says in the log that it got no address.
    }
    return globalThis.Response.json({ ok: false, error: 'internal_error' });
  }
}

const opened = z.object({ ok: z.literal(true), url: z.string() });
