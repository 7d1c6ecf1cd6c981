// Slack's Web API as we call it: never retried behind our back, and silent for as long as Slack asked for.
import { type Logger, LogLevel, webApi } from '@slack/bolt';
import { addMs, type Clock, SECOND_MS } from '../../lib/clock.js';
import type { Log } from '../../lib/log.js';
import { rateLimited, SlackFault, toSlackFault } from './slack-fault.js';

/** One answer may take so long; well below the time that the courier gives to a send. */
const TIMEOUT_MS = 8 * SECOND_MS;
const CLIENTS_KEPT = 200;

/** Whose token a call is made with. */
export interface Caller {
  /** Which installation it is; '' where that is not known yet. */
  readonly place: string;
  readonly botToken: string;
}

export interface SlackApiParts {
  /** Ends with a slash. */
  readonly apiUrl: string;
  readonly clock: Clock;
  readonly log: Log;
}

export class SlackApi {
  readonly #parts: SlackApiParts;
  readonly #clients = new Map<string, webApi.WebClient>();
  /** By method and installation: Slack limits each apart (docs.slack.dev, "Rate limits"). */
  readonly #quietUntil = new Map<string, Date>();

  constructor(parts: SlackApiParts) {
    this.#parts = parts;
  }

  /** What Bolt's own clients need to speak to the same place. */
  get clientOptions(): webApi.WebClientOptions {
    return {
      slackApiUrl: this.#parts.apiUrl,
      retryConfig: { retries: 0 },
      rejectRateLimitedCalls: true,
      timeout: TIMEOUT_MS,
      allowAbsoluteUrls: false,
      logger: boltLogger(this.#parts.log),
    };
  }

  /** Makes one call. Throws a SlackFault; a rate-limited method throws without being called until its time is over. */
  async call<T>(method: string, caller: Caller, use: (client: webApi.WebClient) => Promise<T>): Promise<T> {
    const { clock } = this.#parts;
    const key = `${method}:${caller.place}`;
    const waitMs = (this.#quietUntil.get(key)?.getTime() ?? 0) - clock().getTime();
    if (waitMs > 0) throw rateLimited(method, waitMs);
    try {
      const outcome = await use(this.#client(caller.botToken));
      this.#quietUntil.delete(key);
      return outcome;
    } catch (error) {
      const fault = toSlackFault(error, method);
      if (fault.code === 'rate-limited') this.#quietUntil.set(key, addMs(clock(), fault.retryAfterMs));
      throw fault;
    }
  }

  #client(token: string): webApi.WebClient {
    const known = this.#clients.get(token);
    if (known !== undefined) return known;
    if (this.#clients.size >= CLIENTS_KEPT) this.#clients.clear();
    const client = new webApi.WebClient(token, this.clientOptions);
    this.#clients.set(token, client);
    return client;
  }
}

/** For what Bolt itself sends, to a response_url: it would wait for an answer as long as it takes. */
export const fetchInTime: typeof fetch = (url, init) => fetch(url, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) });

/** Whether Slack refused for one of these reasons. */
export function isRefusedFor(error: unknown, reasons: readonly string[]): boolean {
  return error instanceof SlackFault && error.code === 'refused' && reasons.includes(error.reason);
}

const TOKENS = /\b(xox[a-z.]*-|xapp-|xoxe\.)[\w.-]+/g;

/** Bolt's log lines in ours, one level down: what matters to us we say ourselves. */
export function boltLogger(log: Log): Logger {
  const line = (parts: readonly unknown[]) => parts.map(String).join(' ').replace(TOKENS, '[redacted]');
  return {
    debug: () => undefined,
    info: (...parts) => log.debug(line(parts)),
    warn: (...parts) => log.debug(line(parts)),
    error: (...parts) => log.warn(line(parts)),
    setLevel: () => undefined,
    getLevel: () => LogLevel.INFO,
    setName: () => undefined,
  };
}
