// The way in: requests to our own server, or Socket Mode where an app-level token is set.
import { type App, type Receiver, SocketModeReceiver } from '@slack/bolt';
import { Router } from 'express';
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

/** Bolt's own, which reconnects by itself; its calls go where ours go. */
class SocketReceiver implements SlackReceiver {
  readonly #receiver: SocketModeReceiver;

  constructor(appToken: string, api: SlackApi, { log }: Pick<ReceiverParts, 'log'>) {
    const logger = boltLogger(log);
    const { logger: _logger, ...clientOptions } = api.clientOptions;
    this.#receiver = new SocketModeReceiver({ appToken, logger, installerOptions: { clientOptions } });
  }

  init(app: App): void {
    this.#receiver.init(app);
  }

  async start(): Promise<unknown> {
    try {
      return await this.#receiver.start();
    } catch (error) {
      throw toSlackFault(error, 'apps.connections.open');
    }
  }

  async stop(): Promise<void> {
    await this.#receiver.client.disconnect();
  }

  routes(): Router {
    return Router();
  }
}
